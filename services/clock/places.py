"""Where a city, country or zone keeps its time: names as people say them, to IANA zones.

Every zone of the tz database is known by its own city; the tables add those that it does not name. It does
not tell two cities of the same name apart: the larger one is meant.
"""

from __future__ import annotations

import difflib
import functools
import re
import unicodedata
from dataclasses import dataclass
from zoneinfo import ZoneInfo, available_timezones

from services.kit.reply import Refusal

CITIES = {
    "America/New_York": "New York City, NYC, Manhattan, Brooklyn, Boston, Washington, Washington DC, Philadelphia,"
    " Miami, Atlanta, Orlando, Tampa, Baltimore, Pittsburgh, Cleveland, Cincinnati, Columbus, Charlotte, Raleigh,"
    " Buffalo, Jacksonville, Richmond, Newark, Hartford, Providence, Savannah, Charleston, Princeton, Florida,"
    " New Jersey, Massachusetts, Pennsylvania, Virginia, Georgia USA, North Carolina, South Carolina, Ohio,"
    " Connecticut, Maryland, Maine, Vermont, New Hampshire, Eastern time, EST, EDT, ET",
    "America/Chicago": "Houston, Dallas, Austin, San Antonio, Fort Worth, Minneapolis, New Orleans, Nashville, Memphis,"
    " Milwaukee, Kansas City, St Louis, Saint Louis, Oklahoma City, Tulsa, Omaha, Birmingham Alabama, Texas, Illinois,"
    " Minnesota, Wisconsin, Missouri, Louisiana, Alabama, Iowa, Oklahoma, Arkansas, Central time, CST, CDT",
    "America/Denver": "Salt Lake City, Albuquerque, Santa Fe, Boulder, Colorado Springs, El Paso, Colorado, Utah,"
    " New Mexico, Montana, Wyoming, Mountain time, MST, MDT",
    "America/Phoenix": "Tucson, Arizona, Scottsdale",
    "America/Los_Angeles": "LA, San Francisco, San Diego, Seattle, Portland, Las Vegas, Sacramento, San Jose, Oakland,"
    " Berkeley, Palo Alto, Silicon Valley, Hollywood, California, Nevada, Oregon, Washington State, Pacific time,"
    " PST, PDT, PT",
    "America/Detroit": "Michigan, Ann Arbor",
    "America/Indiana/Indianapolis": "Indiana",
    "America/Anchorage": "Alaska, Fairbanks",
    "Pacific/Honolulu": "Hawaii, Waikiki, Maui",
    "America/Toronto": "Ottawa, Montreal, Quebec, Quebec City, Hamilton, Mississauga, Ontario",
    "America/Vancouver": "Victoria, British Columbia, Whistler",
    "America/Edmonton": "Calgary, Alberta, Banff",
    "America/Winnipeg": "Manitoba",
    "America/Halifax": "Nova Scotia, Atlantic time",
    "America/St_Johns": "Newfoundland, St Johns",
    "America/Mexico_City": "Guadalajara, Puebla, Oaxaca, Acapulco",
    "America/Monterrey": "Nuevo Leon",
    "America/Tijuana": "Baja California",
    "America/Cancun": "Playa del Carmen, Tulum",
    "America/Bogota": "Medellin, Cali, Cartagena, Colombia",
    "America/Lima": "Cusco, Arequipa, Peru",
    "America/Guayaquil": "Quito, Ecuador",
    "America/Caracas": "Maracaibo, Venezuela",
    "America/La_Paz": "Santa Cruz, Sucre, Bolivia",
    "America/Santiago": "Valparaiso, Chile",
    "America/Argentina/Buenos_Aires": "Rosario, Argentina, Mar del Plata",
    "America/Montevideo": "Uruguay",
    "America/Asuncion": "Paraguay",
    "America/Sao_Paulo": "Rio, Rio de Janeiro, Brasilia, Belo Horizonte, Porto Alegre, Curitiba, Florianopolis",
    "America/Bahia": "Salvador",
    "America/Havana": "Cuba",
    "America/Santo_Domingo": "Punta Cana, Dominican Republic",
    "America/Port_of_Spain": "Trinidad",
    "America/Guatemala": "Guatemala City",
    "America/Panama": "Panama City",
    "America/Managua": "Nicaragua",
    "America/Tegucigalpa": "Honduras",
    "America/Port-au-Prince": "Haiti",
    "Europe/London": "UK, United Kingdom, Britain, Great Britain, England, Scotland, Wales, Northern Ireland,"
    " Edinburgh, Glasgow, Manchester, Birmingham, Liverpool, Leeds, Bristol, Cardiff, Oxford, Cambridge,"
    " Newcastle, Sheffield, Nottingham, York, Bath, Brighton, Aberdeen, Inverness, Leicester, Southampton, BST",
    "Europe/Dublin": "Ireland, Cork, Galway, Limerick",
    "Europe/Paris": "France, Lyon, Marseille, Nice, Bordeaux, Toulouse, Lille, Nantes, Strasbourg, Montpellier, Rennes,"
    " Grenoble, Cannes, Dijon, Brittany, Provence",
    "Europe/Berlin": "Germany, Munich, Hamburg, Frankfurt, Cologne, Stuttgart, Dusseldorf, Leipzig, Dresden, Bremen,"
    " Hanover, Nuremberg, Heidelberg, Bonn, Freiburg, Dortmund, Essen, Munchen, Koln, CET, CEST, Central European time",
    "Europe/Zurich": "Switzerland, Geneva, Basel, Bern, Lausanne, Lucerne, Lugano, Zermatt",
    "Europe/Vienna": "Austria, Salzburg, Graz, Innsbruck, Linz",
    "Europe/Rome": "Italy, Milan, Naples, Turin, Florence, Venice, Bologna, Genoa, Palermo, Verona, Pisa, Bari,"
    " Catania, Sicily, Sardinia, Tuscany",
    "Europe/Madrid": "Spain, Barcelona, Valencia, Seville, Malaga, Bilbao, Granada, Zaragoza, Mallorca, Majorca, Ibiza",
    "Atlantic/Canary": "Canary Islands, Tenerife, Gran Canaria, Lanzarote, Las Palmas",
    "Europe/Lisbon": "Portugal, Porto, Faro, Braga, Algarve",
    "Europe/Amsterdam": "Netherlands, Holland, Rotterdam, The Hague, Utrecht, Eindhoven, Delft, Leiden, Groningen",
    "Europe/Brussels": "Belgium, Antwerp, Ghent, Bruges, Leuven, Liege",
    "Europe/Luxembourg": "Luxembourg City",
    "Europe/Copenhagen": "Denmark, Aarhus, Odense",
    "Europe/Stockholm": "Sweden, Gothenburg, Malmo, Uppsala, Lund",
    "Europe/Oslo": "Norway, Bergen, Trondheim, Stavanger, Tromso",
    "Europe/Helsinki": "Finland, Tampere, Turku, Espoo, Rovaniemi, Lapland, Eastern European time, EET",
    "Atlantic/Reykjavik": "Iceland",
    "Europe/Warsaw": "Poland, Krakow, Cracow, Gdansk, Wroclaw, Poznan, Lodz",
    "Europe/Prague": "Czech Republic, Czechia, Brno, Ostrava",
    "Europe/Bratislava": "Slovakia",
    "Europe/Budapest": "Hungary",
    "Europe/Bucharest": "Romania, Cluj, Timisoara, Brasov",
    "Europe/Sofia": "Bulgaria, Plovdiv, Varna",
    "Europe/Athens": "Greece, Thessaloniki, Crete, Santorini, Rhodes, Mykonos",
    "Europe/Belgrade": "Serbia, Novi Sad",
    "Europe/Zagreb": "Croatia, Split, Dubrovnik",
    "Europe/Ljubljana": "Slovenia",
    "Europe/Sarajevo": "Bosnia",
    "Europe/Tallinn": "Estonia, Tartu",
    "Europe/Riga": "Latvia",
    "Europe/Vilnius": "Lithuania, Kaunas",
    "Europe/Kyiv": "Ukraine, Kiev, Kharkiv, Odesa, Odessa, Lviv, Dnipro",
    "Europe/Minsk": "Belarus",
    "Europe/Chisinau": "Moldova",
    "Europe/Moscow": "St Petersburg, Saint Petersburg, Sochi",
    "Europe/Istanbul": "Turkey, Ankara, Izmir, Antalya",
    "Europe/Tirane": "Albania, Tirana",
    "Europe/Skopje": "North Macedonia, Macedonia",
    "Asia/Nicosia": "Cyprus, Limassol, Larnaca",
    "Asia/Tokyo": "Japan, Osaka, Kyoto, Yokohama, Nagoya, Sapporo, Fukuoka, Hiroshima, Kobe, Nara, Okinawa, JST",
    "Asia/Shanghai": "China, Beijing, Peking, Shenzhen, Guangzhou, Chengdu, Wuhan, Hangzhou, Nanjing, Xian, Tianjin,"
    " Suzhou, Qingdao, Dalian",
    "Asia/Taipei": "Taiwan, Kaohsiung",
    "Asia/Seoul": "Korea, South Korea, Busan, Incheon, KST",
    "Asia/Pyongyang": "North Korea",
    "Asia/Kolkata": "India, Mumbai, Bombay, Delhi, New Delhi, Bangalore, Bengaluru, Chennai, Madras, Hyderabad, Pune,"
    " Ahmedabad, Jaipur, Goa, Kochi, Lucknow, Surat, Agra, Varanasi, IST",
    "Asia/Karachi": "Pakistan, Lahore, Islamabad",
    "Asia/Dhaka": "Bangladesh, Chittagong",
    "Asia/Colombo": "Sri Lanka, Kandy",
    "Asia/Kathmandu": "Nepal, Pokhara",
    "Asia/Thimphu": "Bhutan",
    "Asia/Kabul": "Afghanistan",
    "Asia/Tehran": "Iran, Isfahan, Shiraz",
    "Asia/Baghdad": "Iraq, Basra, Erbil",
    "Asia/Riyadh": "Saudi Arabia, Jeddah, Mecca, Medina",
    "Asia/Dubai": "UAE, United Arab Emirates, Abu Dhabi, Sharjah",
    "Asia/Qatar": "Doha",
    "Asia/Kuwait": "Kuwait City",
    "Asia/Muscat": "Oman",
    "Asia/Jerusalem": "Israel, Tel Aviv, Haifa",
    "Asia/Gaza": "Palestine",
    "Asia/Amman": "Jordan",
    "Asia/Beirut": "Lebanon",
    "Asia/Damascus": "Syria",
    "Asia/Tbilisi": "Georgia, Batumi",
    "Asia/Yerevan": "Armenia",
    "Asia/Baku": "Azerbaijan",
    "Asia/Almaty": "Astana, Kazakhstan, Nur-Sultan",
    "Asia/Tashkent": "Uzbekistan",
    "Asia/Bishkek": "Kyrgyzstan",
    "Asia/Ulaanbaatar": "Mongolia",
    "Asia/Bangkok": "Thailand, Phuket, Chiang Mai, Pattaya",
    "Asia/Ho_Chi_Minh": "Vietnam, Saigon, Hanoi, Da Nang, Ho Chi Minh City",
    "Asia/Phnom_Penh": "Cambodia, Siem Reap",
    "Asia/Vientiane": "Laos, Luang Prabang",
    "Asia/Yangon": "Myanmar, Burma, Mandalay",
    "Asia/Kuala_Lumpur": "Malaysia, KL, Penang, Johor Bahru",
    "Asia/Singapore": "SGT",
    "Asia/Jakarta": "Bandung, Surabaya, Yogyakarta, Java",
    "Asia/Makassar": "Bali, Denpasar, Ubud",
    "Asia/Manila": "Philippines, Cebu, Quezon City, Davao",
    "Asia/Hong_Kong": "HK, Kowloon",
    "Asia/Yekaterinburg": "Ekaterinburg",
    "Australia/Sydney": "Canberra, Newcastle Australia, Wollongong, New South Wales, AEST, AEDT",
    "Australia/Melbourne": "Geelong, Victoria Australia",
    "Australia/Brisbane": "Queensland, Gold Coast, Cairns",
    "Australia/Adelaide": "South Australia",
    "Australia/Perth": "Western Australia",
    "Australia/Hobart": "Tasmania",
    "Australia/Darwin": "Alice Springs, Northern Territory",
    "Pacific/Auckland": "New Zealand, Wellington, Christchurch, Queenstown, Dunedin, Hamilton New Zealand, NZST",
    "Pacific/Port_Moresby": "Papua New Guinea",
    "Africa/Cairo": "Egypt, Alexandria, Luxor, Giza",
    "Africa/Johannesburg": "South Africa, Cape Town, Durban, Pretoria, Soweto",
    "Africa/Lagos": "Nigeria, Abuja, Kano, Ibadan",
    "Africa/Nairobi": "Kenya, Mombasa",
    "Africa/Casablanca": "Morocco, Marrakesh, Marrakech, Rabat, Fez, Tangier",
    "Africa/Algiers": "Algeria, Oran",
    "Africa/Tunis": "Tunisia",
    "Africa/Tripoli": "Libya",
    "Africa/Addis_Ababa": "Ethiopia",
    "Africa/Dar_es_Salaam": "Tanzania, Zanzibar, Arusha, Dodoma",
    "Africa/Kampala": "Uganda",
    "Africa/Kigali": "Rwanda",
    "Africa/Accra": "Ghana, Kumasi",
    "Africa/Dakar": "Senegal",
    "Africa/Abidjan": "Ivory Coast",
    "Africa/Kinshasa": "DR Congo, Congo",
    "Africa/Luanda": "Angola",
    "Africa/Harare": "Zimbabwe",
    "Africa/Lusaka": "Zambia",
    "Africa/Maputo": "Mozambique",
    "Africa/Windhoek": "Namibia",
    "Africa/Gaborone": "Botswana",
    "Africa/Khartoum": "Sudan",
    "Indian/Mauritius": "Port Louis",
    "Indian/Maldives": "Male",
    "Indian/Antananarivo": "Madagascar",
    "UTC": "Universal time, Coordinated universal time, Zulu, GMT, Greenwich, Greenwich mean time",
}
COUNTRIES = {
    "United States": "New York, Chicago, Denver, Los Angeles",
    "USA": "New York, Chicago, Denver, Los Angeles",
    "US": "New York, Chicago, Denver, Los Angeles",
    "America": "New York, Chicago, Denver, Los Angeles",
    "Canada": "Halifax, Toronto, Winnipeg, Edmonton, Vancouver",
    "Mexico": "Mexico City, Tijuana",
    "Brazil": "Sao Paulo, Manaus",
    "Russia": "Moscow, Yekaterinburg, Novosibirsk, Vladivostok",
    "Australia": "Sydney, Adelaide, Perth",
    "Indonesia": "Jakarta, Bali",
}
"""Countries where clocks differ within the country, by their main cities, the first one first."""

WITH_THE = {"UK", "UAE", "US", "USA", "United Kingdom", "United Arab Emirates", "United States", "Netherlands"} | {
    "Philippines",
    "Czech Republic",
    "Dominican Republic",
    "Canary Islands",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A place whose time is known."""

    name: str
    zone: ZoneInfo


def plain(name: str) -> str:
    """Small letters without accents or punctuation: "São Paulo" is "sao paulo"."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    said = " ".join(re.findall(r"[a-z0-9+]+", bare.casefold().replace("'", "").replace(".", "")))
    return re.sub(r"^(the )?(city|country|state) of |^the ", "", said).removesuffix(" time zone")


@functools.cache
def table() -> dict[str, tuple[str, str]]:
    """What is said (plain) to the name as written and its zone; ours win over the database's."""
    known: dict[str, tuple[str, str]] = {}
    for zone in sorted(available_timezones()):
        if zone.startswith(("Etc/", "SystemV/", "posix/", "right/")) or zone in {"localtime", "Factory"}:
            continue  # Etc/GMT+2 lies two hours WEST of Greenwich: never what a person means by it
        city = zone.rsplit("/", 1)[-1].replace("_", " ")
        known.setdefault(plain(city), (city, zone))
        known[plain(zone)] = (city, zone)
    for zone, names in CITIES.items():
        known |= {plain(name): (name.strip(), zone) for name in names.split(",")}
    return known


@functools.cache
def wide_countries() -> dict[str, list[str]]:
    """Countries of several zones (plain) to their main cities."""
    return {plain(country): cities.split(", ") for country, cities in COUNTRIES.items()}


def places(said: str) -> list[Place]:
    """The place that is meant, or for a wide country its main cities; refuses what it does not know."""
    return [place(city) for city in wide_countries().get(plain(said), [said])]


def place(said: str) -> Place:
    """The one place that is meant: for a wide country its first city. Refuses what it does not know."""
    known = table()
    offset = re.fullmatch(r"(?:utc|gmt) ?([+-])(\d|1[0-2])(?::?00)?", said.strip().casefold())
    if offset:
        return Place(said.strip().upper(), ZoneInfo(f"Etc/GMT{'-' if offset[1] == '+' else '+'}{offset[2]}"))
    for name in (plain(said), plain(said).removesuffix(" time"), plain(said.split(",", maxsplit=1)[0])):
        city = plain(wide_countries().get(name, [name])[0])
        if city in known:
            written, zone = known[city]
            return Place(f"the {written}" if written in WITH_THE else written, ZoneInfo(zone))
    near = difflib.get_close_matches(plain(said), known, n=1, cutoff=0.75)
    hint = f" Did you mean {known[near[0]][0]}?" if near else " Try a larger city nearby."
    raise Refusal(f"I don't know what time it is in {said.strip()!r}.{hint}")
