"""Units as people say them, converted with pint.

Does not cover currencies: they have no fixed ratio.
"""

from __future__ import annotations

import functools
import re
from typing import Any

from services.kit import Refusal

CURRENCIES = frozenset(
    {
        *("euro", "eur", "dollar", "usd", "buck", "cent", "sterling", "gbp", "quid", "yen", "jpy", "franc", "chf"),
        *("rupee", "inr", "yuan", "renminbi", "cny", "krone", "kronor", "krona", "nok", "sek", "dkk", "peso", "ruble"),
        *("rouble", "lira", "zloty", "won", "rand", "bitcoin", "btc", "€", "$", "£", "¥"),
    }
)
SAID = {
    "°c": "degC", "c": "degC", "celsius": "degC", "centigrade": "degC", "degc": "degC", "°f": "degF", "f": "degF",
    "fahrenheit": "degF", "degf": "degF", "k": "kelvin", "kelvin": "kelvin", "kelvins": "kelvin", "mph": "mile/hour",
    "kph": "kilometer/hour", "kmh": "kilometer/hour", "km/h": "kilometer/hour", "kmph": "kilometer/hour",
    "kilo": "kilogram", "kilos": "kilogram", "kgs": "kilogram", "lbs": "pound", "pounds": "pound", "stones": "stone",
    "ounces": "ounce", "ton": "metric_ton", "tons": "metric_ton", "tonne": "metric_ton", "tonnes": "metric_ton",
    "us tons": "US_ton", "us ton": "US_ton", "imperial ton": "UK_ton", "m": "meter", "metre": "meter",
    "metres": "meter", "g": "gram", "grammes": "gram", "l": "liter", "h": "hour", "foot": "foot", "feet": "foot",
    "'": "foot", "\"": "inch", "inches": "inch", "in": "inch", "fl oz": "fluid_ounce", "floz": "fluid_ounce",
    "us cup": "cup", "metric cup": "metric_cup", "metric cups": "metric_cup", "tbsp": "tablespoon", "tsp": "teaspoon",
    "uk pint": "imperial_pint", "uk pints": "imperial_pint", "uk gallon": "imperial_gallon",
    "uk gallons": "imperial_gallon", "imperial pints": "imperial_pint", "imperial gallons": "imperial_gallon",
    "sqm": "meter**2", "sq m": "meter**2", "m2": "meter**2", "sq ft": "foot**2", "m3": "meter**3",
    "cc": "centimeter**3", "kb": "kilobyte", "mb": "megabyte", "gb": "gigabyte", "tb": "terabyte", "kib": "kibibyte",
    "mib": "mebibyte", "gib": "gibibyte", "tib": "tebibyte", "mbit": "megabit", "gbit": "gigabit",
    "calories": "kilocalorie", "calorie": "kilocalorie", "cal": "kilocalorie", "kcal": "kilocalorie",
    "kwh": "kilowatt_hour", "hp": "horsepower", "knots": "knot", "kn": "knot", "nautical miles": "nautical_mile",
    "sec": "second", "secs": "second", "mins": "minute", "hrs": "hour", "fortnights": "fortnight", "acres": "acre",
    "hectares": "hectare", "mpg": "mile/gallon",
}  # fmt: skip
"""What pint reads otherwise, or not at all: C is coulomb to it, F farad, m a metre. Calories are those on food."""
SHOWN_AS = {"degree_Celsius": "°C", "degree_Fahrenheit": "°F", "kelvin": "K"}
LONGEST = 80
FACTOR = r"[^\W\d]\w*(?:\s*(?:\*\*|\^)\s*-?[1-9])?"
COMPOUND = re.compile(rf"{FACTOR}(?:\s*[*/]\s*{FACTOR}){{0,3}}")
SPELT_OUT = """
cup metric_cup tablespoon teaspoon pint imperial_pint quart gallon imperial_gallon fluid_ounce stone second minute hour
day week fortnight month year acre hectare knot degree radian byte bit horsepower
"""
"""Units whose short forms nobody says."""
SAME_IN_PLURAL = {"stone", "horsepower"}


@functools.cache
def registry() -> Any:
    """The units. Made on first use: importing pint and reading its definitions takes half a second."""
    import pint  # noqa: PLC0415 - see above: the child must be ready before it knows its units

    return pint.UnitRegistry(autoconvert_offset_to_baseunit=True, cache_folder=None)


def unit(said: str) -> Any:
    """The unit that is meant; refuses money and what is no unit."""
    text = plain(said)
    if any(word.rstrip("s") in CURRENCIES or word in CURRENCIES for word in re.findall(r"[€$£¥]|[a-z]+", text)):
        raise Refusal("I can't convert money: its rates change every day, and I have no source for them.")
    units = registry()
    for name in (SAID.get(text), SAID.get(singular(text)), said.strip(), *in_symbols(text)):
        if name is None or not readable(name):
            continue
        try:
            found = units.parse_units(name)
        except Exception as error:
            del error
            continue
        if str(found) != "dimensionless":
            return found
    raise Refusal(f"I don't know the unit {said.strip()[:60]!r}.")


def plain(said: str) -> str:
    """In lower case, without "degrees" before a scale and dots after short forms."""
    text = " ".join(said.casefold().replace("º", "°").split()).strip(" .?")
    text = re.sub(r"^(?:a|an|the|of)\s+", "", text)
    return re.sub(r"^(?:degrees?|deg\.?|°)\s*(?=(?:celsius|centigrade|fahrenheit|kelvin|c|f|k)$)", "", text)


def singular(text: str) -> str:
    """Without a plural's s."""
    return text[:-1] if text.endswith("s") else text


def in_symbols(text: str) -> list[str]:
    """Units of several words as pint writes them: square metres, miles per hour, metres per second squared."""
    joined = re.sub(r"\bper\b", "/", text)
    joined = re.sub(r"\b(?:square|sq)\s+(\w+)", r"\1**2", joined)
    joined = re.sub(r"\b(?:cubic|cu)\s+(\w+)", r"\1**3", joined)
    joined = re.sub(r"\b(\w+)\s+(squared|cubed)\b", lambda m: f"{m[1]}**{2 if m[2] == 'squared' else 3}", joined)
    joined = re.sub(r"\bfeet\b", "foot", re.sub(r"\binches\b", "inch", joined))
    return [joined, joined.replace("²", "**2").replace("³", "**3"), re.sub(r"(?<=\w) (?=\w)", "_", singular(joined))]


def readable(name: str) -> bool:
    """Words, small powers, products and quotients: no number is ever a factor, for pint would work it out."""
    return bool(len(name) <= LONGEST and COMPOUND.fullmatch(name))


def converted(value: float, source: Any, target: Any) -> float:
    """The value in the other unit; refuses what has no ratio."""
    if source.dimensionality != target.dimensionality:
        raise Refusal(f"I can't convert {name(source)} to {name(target)}: they measure different things.")
    quantity = registry().Quantity(value, source).to(target)
    return float(quantity.magnitude)


def name(found: Any) -> str:
    """The unit's name in a sentence."""
    return str(found).replace("_", " ").replace(" ** 2", "²").replace(" ** 3", "³").replace(" / ", " per ")


def amount(value: float, found: Any) -> str:
    """The value with its unit: 22.22 °C, 8.05 km, 8.45 cups."""
    number, word = shown(value), name(found)
    if str(found) in SPELT_OUT.split():
        return f"{number} {word}" if number == "1" or word in SAME_IN_PLURAL else f"{number} {word}s"
    return f"{number} {SHOWN_AS.get(str(found)) or f'{found:~P}' or word}"


def is_temperature(found: Any) -> bool:
    """A scale that may have a zero of its own."""
    return bool(found.dimensionality == registry().kelvin.dimensionality)


def shown(value: float) -> str:
    """Two places, or four significant digits where it is small; no zeros at the end, no exponent within reason."""
    if value == 0:
        return "0"
    if not 1e-6 <= abs(value) < 1e15:
        return f"{value:.4g}"
    text = f"{value:.2f}" if abs(value) >= 1 else f"{float(f'{value:.4g}'):.10f}"
    return text.rstrip("0").rstrip(".")
