"""The random service's story."""

from services.kit import Step

STORY = (
    Step("flip a coin", "coin", {}),
    Step("pick a number between 10 and 50", "number", {"bounds": "pick a number between 10 and 50"}),
    Step("roll 2d6+1", "dice", {"dice": "2d6+1"}, answers="in all"),
    Step("draw a name from Tom, Lea and Mia", "choose", {"options": ["Tom", "Lea", "Mia"]}),
    Step("shuffle Anna, Ben and Carla", "shuffle", {"items": ["Anna", "Ben", "Carla"]}, answers="Ben"),
)
