"""Large cities that no time zone is named after: names, latitude, longitude, zone, country. And words for countries.

Coordinates are of the city's centre, to two places (about a kilometre).
"""

from __future__ import annotations

CITIES = """
New York, New York City, NYC, Manhattan | 40.71 | -74.01 | America/New_York | US
Los Angeles, LA | 34.05 | -118.24 | America/Los_Angeles | US
San Francisco, SF | 37.77 | -122.42 | America/Los_Angeles | US
San Diego | 32.72 | -117.16 | America/Los_Angeles | US
San Jose | 37.34 | -121.89 | America/Los_Angeles | US
Seattle | 47.61 | -122.33 | America/Los_Angeles | US
Portland | 45.52 | -122.68 | America/Los_Angeles | US
Las Vegas | 36.17 | -115.14 | America/Los_Angeles | US
Salt Lake City | 40.76 | -111.89 | America/Denver | US
Houston | 29.76 | -95.37 | America/Chicago | US
Dallas | 32.78 | -96.80 | America/Chicago | US
Austin | 30.27 | -97.74 | America/Chicago | US
San Antonio | 29.42 | -98.49 | America/Chicago | US
New Orleans | 29.95 | -90.07 | America/Chicago | US
Minneapolis | 44.98 | -93.27 | America/Chicago | US
Nashville | 36.16 | -86.78 | America/Chicago | US
Boston | 42.36 | -71.06 | America/New_York | US
Washington, Washington DC | 38.91 | -77.04 | America/New_York | US
Philadelphia | 39.95 | -75.17 | America/New_York | US
Miami | 25.76 | -80.19 | America/New_York | US
Orlando | 28.54 | -81.38 | America/New_York | US
Atlanta | 33.75 | -84.39 | America/New_York | US
Pittsburgh | 40.44 | -80.00 | America/New_York | US
Montreal | 45.50 | -73.57 | America/Toronto | CA
Ottawa | 45.42 | -75.70 | America/Toronto | CA
Quebec, Quebec City | 46.81 | -71.21 | America/Toronto | CA
Calgary | 51.05 | -114.07 | America/Edmonton | CA
Guadalajara | 20.67 | -103.35 | America/Mexico_City | MX
Medellin | 6.24 | -75.58 | America/Bogota | CO
Quito | -0.18 | -78.47 | America/Guayaquil | EC
Cusco | -13.53 | -71.97 | America/Lima | PE
Rio de Janeiro, Rio | -22.91 | -43.17 | America/Sao_Paulo | BR
Brasilia | -15.79 | -47.88 | America/Sao_Paulo | BR
Salvador | -12.97 | -38.50 | America/Bahia | BR
Edinburgh | 55.95 | -3.19 | Europe/London | GB
Glasgow | 55.86 | -4.25 | Europe/London | GB
Manchester | 53.48 | -2.24 | Europe/London | GB
Birmingham | 52.48 | -1.90 | Europe/London | GB
Liverpool | 53.41 | -2.98 | Europe/London | GB
Leeds | 53.80 | -1.55 | Europe/London | GB
Bristol | 51.45 | -2.59 | Europe/London | GB
Cardiff | 51.48 | -3.18 | Europe/London | GB
Oxford | 51.75 | -1.26 | Europe/London | GB
Cambridge | 52.21 | 0.12 | Europe/London | GB
Belfast | 54.60 | -5.93 | Europe/London | GB
Cork | 51.90 | -8.47 | Europe/Dublin | IE
Lyon | 45.76 | 4.84 | Europe/Paris | FR
Marseille | 43.30 | 5.37 | Europe/Paris | FR
Nice | 43.70 | 7.27 | Europe/Paris | FR
Toulouse | 43.60 | 1.44 | Europe/Paris | FR
Bordeaux | 44.84 | -0.58 | Europe/Paris | FR
Nantes | 47.22 | -1.55 | Europe/Paris | FR
Lille | 50.63 | 3.06 | Europe/Paris | FR
Strasbourg | 48.57 | 7.75 | Europe/Paris | FR
Grenoble | 45.19 | 5.72 | Europe/Paris | FR
Munich, Munchen | 48.14 | 11.58 | Europe/Berlin | DE
Hamburg | 53.55 | 9.99 | Europe/Berlin | DE
Frankfurt | 50.11 | 8.68 | Europe/Berlin | DE
Cologne, Koln | 50.94 | 6.96 | Europe/Berlin | DE
Stuttgart | 48.78 | 9.18 | Europe/Berlin | DE
Dusseldorf | 51.23 | 6.78 | Europe/Berlin | DE
Leipzig | 51.34 | 12.37 | Europe/Berlin | DE
Dresden | 51.05 | 13.74 | Europe/Berlin | DE
Geneva, Geneve | 46.20 | 6.14 | Europe/Zurich | CH
Basel | 47.56 | 7.59 | Europe/Zurich | CH
Bern | 46.95 | 7.45 | Europe/Zurich | CH
Salzburg | 47.80 | 13.04 | Europe/Vienna | AT
Innsbruck | 47.27 | 11.39 | Europe/Vienna | AT
Milan, Milano | 45.46 | 9.19 | Europe/Rome | IT
Naples, Napoli | 40.85 | 14.27 | Europe/Rome | IT
Turin, Torino | 45.07 | 7.69 | Europe/Rome | IT
Florence, Firenze | 43.77 | 11.26 | Europe/Rome | IT
Venice, Venezia | 45.44 | 12.32 | Europe/Rome | IT
Bologna | 44.49 | 11.34 | Europe/Rome | IT
Palermo | 38.12 | 13.36 | Europe/Rome | IT
Barcelona | 41.39 | 2.17 | Europe/Madrid | ES
Valencia | 39.47 | -0.38 | Europe/Madrid | ES
Seville, Sevilla | 37.39 | -5.98 | Europe/Madrid | ES
Bilbao | 43.26 | -2.93 | Europe/Madrid | ES
Granada | 37.18 | -3.60 | Europe/Madrid | ES
Porto | 41.15 | -8.61 | Europe/Lisbon | PT
Rotterdam | 51.92 | 4.48 | Europe/Amsterdam | NL
The Hague, Hague, Den Haag | 52.08 | 4.30 | Europe/Amsterdam | NL
Utrecht | 52.09 | 5.12 | Europe/Amsterdam | NL
Antwerp, Antwerpen | 51.22 | 4.40 | Europe/Brussels | BE
Ghent, Gent | 51.05 | 3.72 | Europe/Brussels | BE
Gothenburg, Goteborg | 57.71 | 11.97 | Europe/Stockholm | SE
Bergen | 60.39 | 5.32 | Europe/Oslo | NO
Tromso | 69.65 | 18.96 | Europe/Oslo | NO
Aarhus | 56.16 | 10.20 | Europe/Copenhagen | DK
Tampere | 61.50 | 23.76 | Europe/Helsinki | FI
Krakow, Cracow | 50.06 | 19.94 | Europe/Warsaw | PL
Gdansk | 54.35 | 18.65 | Europe/Warsaw | PL
Brno | 49.20 | 16.61 | Europe/Prague | CZ
Thessaloniki | 40.64 | 22.94 | Europe/Athens | GR
Kyiv, Kiev | 50.45 | 30.52 | Europe/Kyiv | UA
Lviv | 49.84 | 24.03 | Europe/Kyiv | UA
Odesa, Odessa | 46.48 | 30.73 | Europe/Kyiv | UA
St Petersburg, Saint Petersburg | 59.94 | 30.31 | Europe/Moscow | RU
Ankara | 39.93 | 32.86 | Europe/Istanbul | TR
Izmir | 38.42 | 27.14 | Europe/Istanbul | TR
Tel Aviv | 32.09 | 34.78 | Asia/Jerusalem | IL
Mecca, Makkah | 21.42 | 39.83 | Asia/Riyadh | SA
Medina, Madinah | 24.47 | 39.61 | Asia/Riyadh | SA
Jeddah | 21.49 | 39.19 | Asia/Riyadh | SA
Abu Dhabi | 24.45 | 54.38 | Asia/Dubai | AE
Doha | 25.29 | 51.53 | Asia/Qatar | QA
Isfahan | 32.65 | 51.67 | Asia/Tehran | IR
Mumbai, Bombay | 19.08 | 72.88 | Asia/Kolkata | IN
Delhi, New Delhi | 28.61 | 77.21 | Asia/Kolkata | IN
Bangalore, Bengaluru | 12.97 | 77.59 | Asia/Kolkata | IN
Chennai, Madras | 13.08 | 80.27 | Asia/Kolkata | IN
Hyderabad | 17.39 | 78.49 | Asia/Kolkata | IN
Pune | 18.52 | 73.86 | Asia/Kolkata | IN
Jaipur | 26.91 | 75.79 | Asia/Kolkata | IN
Kolkata, Calcutta | 22.57 | 88.36 | Asia/Kolkata | IN
Lahore | 31.55 | 74.34 | Asia/Karachi | PK
Islamabad | 33.68 | 73.05 | Asia/Karachi | PK
Hanoi | 21.03 | 105.85 | Asia/Ho_Chi_Minh | VN
Ho Chi Minh City, Saigon | 10.82 | 106.63 | Asia/Ho_Chi_Minh | VN
Chiang Mai | 18.79 | 98.98 | Asia/Bangkok | TH
Bandung | -6.92 | 107.61 | Asia/Jakarta | ID
Bali, Denpasar | -8.67 | 115.21 | Asia/Makassar | ID
Cebu | 10.32 | 123.89 | Asia/Manila | PH
Beijing, Peking | 39.90 | 116.41 | Asia/Shanghai | CN
Guangzhou | 23.13 | 113.26 | Asia/Shanghai | CN
Shenzhen | 22.54 | 114.06 | Asia/Shanghai | CN
Chengdu | 30.57 | 104.07 | Asia/Shanghai | CN
Osaka | 34.69 | 135.50 | Asia/Tokyo | JP
Kyoto | 35.01 | 135.77 | Asia/Tokyo | JP
Yokohama | 35.44 | 139.64 | Asia/Tokyo | JP
Nagoya | 35.18 | 136.91 | Asia/Tokyo | JP
Sapporo | 43.06 | 141.35 | Asia/Tokyo | JP
Fukuoka | 33.59 | 130.40 | Asia/Tokyo | JP
Hiroshima | 34.39 | 132.46 | Asia/Tokyo | JP
Busan | 35.18 | 129.08 | Asia/Seoul | KR
Canberra | -35.28 | 149.13 | Australia/Sydney | AU
Cairns | -16.92 | 145.77 | Australia/Brisbane | AU
Wellington | -41.29 | 174.78 | Pacific/Auckland | NZ
Christchurch | -43.53 | 172.64 | Pacific/Auckland | NZ
Alexandria | 31.20 | 29.92 | Africa/Cairo | EG
Cape Town | -33.92 | 18.42 | Africa/Johannesburg | ZA
Durban | -29.86 | 31.02 | Africa/Johannesburg | ZA
Pretoria | -25.75 | 28.19 | Africa/Johannesburg | ZA
Abuja | 9.06 | 7.49 | Africa/Lagos | NG
Mombasa | -4.04 | 39.67 | Africa/Nairobi | KE
Marrakesh, Marrakech | 31.63 | -7.99 | Africa/Casablanca | MA
Rabat | 34.02 | -6.84 | Africa/Casablanca | MA
"""

COUNTRY_WORDS = {
    "america": "US",
    "england": "GB",
    "great britain": "GB",
    "holland": "NL",
    "ivory coast": "CI",
    "korea": "KR",
    "scotland": "GB",
    "south korea": "KR",
    "the netherlands": "NL",
    "turkey": "TR",
    "uae": "AE",
    "uk": "GB",
    "united kingdom": "GB",
    "us": "US",
    "usa": "US",
    "wales": "GB",
}
"""Plain names of countries beside those of ISO 3166."""
