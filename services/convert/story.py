"""The convert service's story."""

from services.kit import Step

STORY = (
    Step(
        "convert 72 fahrenheit to celsius",
        "convert",
        {"value": 72, "from_unit": "fahrenheit", "to_unit": "celsius"},
        answers="72 °F is 22.22 °C",
    ),
    Step(
        "how many cups in 2 litres?",
        "convert",
        {"value": 2, "from_unit": "litres", "to_unit": "cups"},
        answers="8.45",
    ),
    Step("what is 5 miles in km?", "convert", {"value": 5, "from_unit": "miles", "to_unit": "km"}, answers="8.05 km"),
    Step(
        "convert 3 kilograms to metres",
        "convert",
        {"value": 3, "from_unit": "kilograms", "to_unit": "metres"},
        answers="different things",
        refused=True,
    ),
)
