"""The weather service's story; the weather is that of the stage."""

from services.kit import Step

STORY = (
    Step("what's the weather like?", "now", {}, answers="In Paris it is 9 °C and overcast"),
    Step(
        "what will the weather be tomorrow?",
        "day",
        {"day": "2026-03-05"},
        answers="Tomorrow in Paris: light rain, 5 to 15 °C",
    ),
    Step("weather forecast for Saturday in Rome", "day", {"day": "2026-03-07", "place": "Rome"}, answers="in Rome:"),
    Step(
        "weather for the next five days",
        "week",
        {"start": "2026-03-04", "end": "2026-03-08"},
        answers="tomorrow light rain",
    ),
    Step(
        "what's the weather like in Little Snoring?",
        "now",
        {"place": "Little Snoring"},
        answers="In Little Snoring it is",
    ),
    Step("do I need an umbrella?", "rain", {}, answers="rain is likely in Paris from"),
)
