"""Which currency is meant: "bucks", "£", "Swiss francs", "jpy". Those are known that the bank gives rates
for, or lately gave.
"""

from __future__ import annotations

import re

from services.kit import Refusal
from services.kit.speech import spoken

CURRENCIES = {
    "EUR": "euro, euros, €",
    "USD": "US dollar, dollar, dollars, us dollars, american dollars, buck, bucks, $, us$",
    "GBP": "British pound, pound, pounds, sterling, pounds sterling, british pounds, quid, £",
    "JPY": "Japanese yen, yen, ¥",
    "CHF": "Swiss franc, franc, francs, swiss francs, fr",
    "AUD": "Australian dollar, australian dollars, aussie dollars, a$",
    "BRL": "Brazilian real, real, reais, brazilian reais, r$",
    "CAD": "Canadian dollar, canadian dollars, c$",
    "CNY": "Chinese yuan, yuan, renminbi, rmb, chinese yuan",
    "CZK": "Czech koruna, czech koruny, czech crowns, kč",
    "DKK": "Danish krone, danish kroner, danish crowns",
    "HKD": "Hong Kong dollar, hong kong dollars, hk$",
    "HUF": "Hungarian forint, forint, forints",
    "IDR": "Indonesian rupiah, rupiah, rupiahs",
    "ILS": "Israeli shekel, shekel, shekels, ₪",
    "INR": "Indian rupee, rupee, rupees, indian rupees, ₹",
    "ISK": "Icelandic króna, icelandic krona, icelandic kronur",
    "KRW": "South Korean won, won, korean won, ₩",
    "MXN": "Mexican peso, peso, pesos, mexican pesos",
    "MYR": "Malaysian ringgit, ringgit",
    "NOK": "Norwegian krone, norwegian kroner, norwegian crowns",
    "NZD": "New Zealand dollar, new zealand dollars, kiwi dollars",
    "PHP": "Philippine peso, philippine pesos",
    "PLN": "Polish zloty, zloty, zlotys, złoty, zł",
    "RON": "Romanian leu, leu, lei, romanian lei",
    "SEK": "Swedish krona, krona, kronor, swedish kronor, swedish crowns",
    "SGD": "Singapore dollar, singapore dollars, s$",
    "THB": "Thai baht, baht, ฿",
    "TRY": "Turkish lira, lira, liras, turkish lira, ₺",
    "ZAR": "South African rand, rand, rands",
    "BGN": "Bulgarian lev, lev, leva",
}
"""The first is how it is called in answers."""
HOME = {
    "USD": "US PR EC SV",
    "GBP": "GB",
    "JPY": "JP",
    "CHF": "CH LI",
    "AUD": "AU",
    "BRL": "BR",
    "CAD": "CA",
    "CNY": "CN",
    "CZK": "CZ",
    "DKK": "DK GL",
    "HKD": "HK",
    "HUF": "HU",
    "IDR": "ID",
    "ILS": "IL",
    "INR": "IN",
    "ISK": "IS",
    "KRW": "KR",
    "MXN": "MX",
    "MYR": "MY",
    "NOK": "NO",
    "NZD": "NZ",
    "PHP": "PH",
    "PLN": "PL",
    "RON": "RO",
    "SEK": "SE",
    "SGD": "SG",
    "THB": "TH",
    "TRY": "TR",
    "ZAR": "ZA",
}
"""Countries where it is paid with; elsewhere the euro is supposed."""


def currency(said: str) -> str:
    """The code of the currency. Refuses what it does not know."""
    word = re.sub(r"\s+", " ", said.strip().casefold()).strip(". ")
    for code, names in CURRENCIES.items():
        if word == code.casefold() or word in (name.strip().casefold() for name in names.split(",")):
            return code
    if re.fullmatch(r"[a-z]{3}", word):
        return word.upper()  # the rates say whether there is one
    raise Refusal(f"I know no currency called {said.strip()!r}. Use its code, such as {spoken(['USD', 'JPY'])}.")


def name_of(code: str) -> str:
    """US dollar"""
    return CURRENCIES.get(code, code).split(",")[0]


def of_country(country: str) -> str:
    """What is paid with there."""
    return next((code for code, places in HOME.items() if country in places.split()), "EUR")
