"""The English words for values: tables only, so that another language is another such module.

Also the constants that give vague words a meaning; they are choices, and the docstrings say which.
"""

from __future__ import annotations

UNITS_OF_TEN = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
CARDINALS = {word: n for n, word in enumerate(SMALL)} | {w: n * 10 for n, w in enumerate(UNITS_OF_TEN) if w}
SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "k": 1000, "m": 10**6, "bn": 10**9}
DOZENS = {"dozen": 12, "dozens": 12, "score": 20, "couple": 2, "pair": 2}
"""Count words that may follow "a" or a number: "half a dozen", "two dozen"."""
VAGUE_COUNT = {"few": 3, "several": 5}
"""A few minutes are 3, several 5: only in durations."""
FRACTIONS = {"half": 0.5, "quarter": 0.25, "third": 1 / 3, "quarters": 0.25, "thirds": 1 / 3, "halves": 0.5}
FRACTION_SIGNS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3, "⅛": 0.125}
MINUS = frozenset({"minus", "negative"})
A = frozenset({"a", "an"})
ORDINALS = {
    word: n
    for n, word in enumerate(
        (
            "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
            "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
        ).split()
    )
    if n
} | {"thirtieth": 30}
ORDINAL_SUFFIXES = frozenset({"st", "nd", "rd", "th"})
LAST = frozenset({"last", "final"})

WEEKDAYS = {
    w: n
    for n, words in enumerate(
        (
            "monday mondays mon",
            "tuesday tuesdays tue tues",
            "wednesday wednesdays wed weds",
            "thursday thursdays thu thur thurs",
            "friday fridays fri",
            "saturday saturdays sat",
            "sunday sundays sun",
        )
    )
    for w in words.split()
}
PLURAL_WEEKDAYS = frozenset(w for w in WEEKDAYS if w.endswith("days"))
DOUBTFUL_WEEKDAYS = frozenset({"sat", "sun", "wed", "mon"})
BEFORE_THINGS = frozenset("the a an my your his her our their of in more enough much".split())
"""After these "sun" is no day."""
"""Also ordinary words: a weekday only after a preposition or before a time."""
MONTHS = {
    w: n
    for n, words in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sep sept",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for w in words.split()
}
MONTH_NAMES = (
    "",
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
FIXED_DAYS = {
    ("christmas", "day"): (12, 25),
    ("christmas", "eve"): (12, 24),
    ("christmas",): (12, 25),
    ("boxing", "day"): (12, 26),
    ("new", "year", "'s", "eve"): (12, 31),
    ("new", "years", "eve"): (12, 31),
    ("new", "year", "'s", "day"): (1, 1),
    ("new", "years", "day"): (1, 1),
    ("new", "year"): (1, 1),
    ("new", "year", "'s"): (1, 1),
    ("halloween",): (10, 31),
    ("valentine", "'s", "day"): (2, 14),
    ("valentines", "day"): (2, 14),
}
"""Days with a name and a fixed date; Easter is reckoned."""
FIXED_FIRSTS = frozenset(name[0] for name in FIXED_DAYS)

DAY_WORDS = {"today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1, "tmrw": 1, "tmr": 1, "tomorow": 1, "2morrow": 1}
MORNING, NOON, AFTERNOON, EVENING, NIGHT = 9, 12, 15, 19, 20
PARTS = {
    "morning": (MORNING, 5, 12),
    "mornings": (MORNING, 5, 12),
    "lunchtime": (12, 12, 14),
    "afternoon": (AFTERNOON, 12, 18),
    "afternoons": (AFTERNOON, 12, 18),
    "evening": (EVENING, 17, 23),
    "evenings": (EVENING, 17, 23),
    "night": (NIGHT, 18, 24),
    "nights": (NIGHT, 18, 24),
    "tonight": (NIGHT, 18, 24),
}
"""The hour that a part of the day means when no other is said, and the hours it lies between."""
PLURAL_PARTS = frozenset({"mornings", "afternoons", "evenings", "nights"})
PART_FORMS = {
    "mornings": "morning",
    "afternoons": "afternoon",
    "evenings": "evening",
    "nights": "night",
    "tonight": "night",
}
DAY_DEFAULT_HOUR = MORNING
"""The hour in the moment of a day with no time."""
END_OF_DAY_HOUR = 18
MERIDIEMS = {"am": 0, "a.m": 0, "a.m.": 0, "pm": 12, "p.m": 12, "p.m.": 12}
NAMED_TIMES = {"noon": 12, "midday": 12, "midnight": 24}
"""Midnight ends the day that is named: "Friday at midnight" is Saturday 00:00."""
OCLOCK = frozenset({"o'clock", "oclock"})
PAST, TO = frozenset({"past", "after"}), frozenset({"to", "till", "before", "of", "til"})
MORNING_CUES = frozenset({"wake", "alarm", "alarms", "breakfast", "sunrise", "waking", "commute", "flight"})
"""Near these a bare hour of 4 to 11 means the morning."""
EVENING_CUES = frozenset(
    "dinner supper drinks table restaurant cinema movie film concert party pub gig bedtime".split()
)
"""Near these a bare hour of 5 to 11 means the evening."""

TIME_UNITS = {
    w: unit
    for unit, words in {
        "second": "second seconds sec secs s",
        "minute": "minute minutes min mins m",
        "hour": "hour hours hr hrs h",
        "day": "day days nights d",
        "week": "week weeks wk wks",
        "fortnight": "fortnight fortnights",
        "month": "month months",
        "year": "year years yr yrs",
    }.items()
    for w in words.split()
}
SHORT_TIME_UNITS = frozenset({"s", "m", "h", "d"})
"""Units only when they touch their number: 5m, 1h30."""
SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800, "fortnight": 1209600}
DAYS_PER = {"month": 30, "year": 365}
"""Only for the seconds of a duration; dates are reckoned on the calendar."""

ON = frozenset({"on", "for", "of", "the", "this", "coming", "in", "at"})
STRONG_AT = frozenset({"at", "@"})
RELATIONS = {
    "by": "by",
    "until": "until",
    "till": "until",
    "til": "until",
    "before": "before",
    "after": "after",
    "since": "since",
    "from": "from",
    "starting": "from",
    "beginning": "from",
    "around": "around",
    "about": "around",
    "past": "after",
}
FOLLOWS_TIME = frozenset(
    (
        "and or on for to with in the at then please every until till tomorrow today tonight this next instead sharp "
        "but so that if daily i we from by of each about because when is also too"
    ).split()
)
"""A bare number before one of these words, or before nothing, can be an hour."""
MOVE_CUES = frozenset("move push shift change reschedule postpone bring put delay make set".split())
ALARM_CUES = frozenset("alarm alarms wake remind reminder schedule meeting appointment book".split())
COUNTING_CUES = frozenset(
    "multiply multiplied divide divided times raise increase decrease reduce scale split grow lower".split()
)
"""With these "by 7" is no time."""
EVERY = frozenset({"every", "each"})
ADVERBS = {
    "hourly": ("HOURLY", 1),
    "daily": ("DAILY", 1),
    "nightly": ("DAILY", 1),
    "weekly": ("WEEKLY", 1),
    "fortnightly": ("WEEKLY", 2),
    "biweekly": ("WEEKLY", 2),
    "monthly": ("MONTHLY", 1),
    "quarterly": ("MONTHLY", 3),
    "yearly": ("YEARLY", 1),
    "annually": ("YEARLY", 1),
}
FREQUENCIES = {
    "minute": ("MINUTELY", 1),
    "hour": ("HOURLY", 1),
    "day": ("DAILY", 1),
    "week": ("WEEKLY", 1),
    "fortnight": ("WEEKLY", 2),
    "month": ("MONTHLY", 1),
    "quarter": ("MONTHLY", 3),
    "year": ("YEARLY", 1),
}
TIMES_A = {"once": 1, "twice": 2, "thrice": 3}
LATER = frozenset({"later", "after", "afterwards", "forward", "forwards"})
EARLIER = frozenset({"earlier", "before", "sooner", "back"})
YES = frozenset("yes yeah yep true on enable enabled sure ok okay y 1".split())
NO = frozenset("no nope false off disable disabled not never n 0".split())

MONEY_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR"}
MONEY_WORDS = {
    w: code
    for code, words in {
        "USD": "dollar dollars buck bucks usd",
        "EUR": "euro euros eur",
        "GBP": "pound pounds quid gbp sterling",
        "JPY": "yen jpy",
        "CHF": "franc francs chf",
        "INR": "rupee rupees inr",
        "CAD": "cad",
        "AUD": "aud",
        "SEK": "sek kronor krona",
        "NOK": "nok kroner",
        "DKK": "dkk",
        "PLN": "zloty zlotys pln",
        "CNY": "yuan cny rmb",
    }.items()
    for w in words.split()
}
COINS = {"cent": "USD", "cents": "USD", "pence": "GBP", "penny": "GBP", "p": "GBP"}
"""A hundredth of its currency."""
PERCENT = frozenset({"%", "percent", "pct", "percents"})
DEGREES = frozenset({"°", "degree", "degrees", "deg"})
TEMPERATURES = {
    "c": "celsius",
    "celsius": "celsius",
    "centigrade": "celsius",
    "f": "fahrenheit",
    "fahrenheit": "fahrenheit",
    "kelvin": "kelvin",
    "k": "kelvin",
}
MEASURES = {
    w: unit
    for unit, words in {
        "millimeter": "mm millimeter millimeters millimetre millimetres",
        "centimeter": "cm centimeter centimeters centimetre centimetres",
        "meter": "meter meters metre metres",
        "kilometer": "km kms kilometer kilometers kilometre kilometres",
        "inch": "inch inches",
        "foot": "foot feet ft",
        "yard": "yard yards yd",
        "mile": "mile miles mi",
        "milligram": "mg milligram milligrams",
        "gram": "g gram grams gramme grammes",
        "kilogram": "kg kgs kilo kilos kilogram kilograms",
        "metric_ton": "tonne tonnes",
        "ton": "ton tons",
        "ounce": "oz ounce ounces",
        "pound": "lb lbs pound pounds",
        "stone": "stone stones",
        "milliliter": "ml milliliter milliliters millilitre millilitres",
        "centiliter": "cl centiliter centiliters centilitre centilitres",
        "liter": "l liter liters litre litres",
        "gallon": "gallon gallons gal",
        "quart": "quart quarts",
        "pint": "pint pints",
        "cup": "cup cups",
        "tablespoon": "tbsp tablespoon tablespoons",
        "teaspoon": "tsp teaspoon teaspoons",
        "byte": "byte bytes",
        "kilobyte": "kb kilobyte kilobytes",
        "megabyte": "mb megabyte megabytes",
        "gigabyte": "gb gigabyte gigabytes gig gigs",
        "terabyte": "tb terabyte terabytes",
        "watt": "watt watts",
        "kilowatt": "kw kilowatt kilowatts",
        "kilowatt_hour": "kwh",
        "joule": "joule joules",
        "calorie": "calorie calories kcal",
        "kilometer_per_hour": "kmh kph",
        "mile_per_hour": "mph",
        "knot": "knot knots",
        "acre": "acre acres",
        "hectare": "hectare hectares ha",
        "bar": "bar bars",
        "pascal": "pascal pascals",
        "psi": "psi",
        "volt": "volt volts",
        "hertz": "hertz hz",
        "horsepower": "horsepower hp",
        "kilojoule": "kj kilojoule kilojoules",
        "megawatt": "megawatt megawatts",
        "light_year": "lightyear lightyears",
        "carat": "carat carats",
        "micrometer": "micrometer micrometers micrometre micrometres micron microns",
    }.items()
    for w in words.split()
}
"""Words to the names that pint uses."""
WEIGHING = frozenset("ounce ounces oz gram grams g kg kilo kilos kilogram kilograms lbs lb stone weigh weighs".split())
"""With these near, pounds are a weight."""
SHORT_MEASURES = frozenset({"g", "l", "m", "ha"})
"""As a bare unit they say too little."""
