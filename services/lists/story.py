"""The lists service's story."""

from services.kit import Step

STORY = (
    Step(
        "add milk, eggs and two avocados to the shopping list",
        "add",
        {"items": ["milk", "eggs", "two avocados"], "list": "shopping"},
        answers="two avocados",
    ),
    Step("what's on the shopping list?", "show", {"list": "shopping"}, answers="eggs"),
    Step("take the eggs off the shopping list", "remove", {"items": ["eggs"], "list": "shopping"}, answers="Took eggs"),
    Step("show me the holiday list", "show", {"list": "holiday"}, answers="no holiday list", refused=True),
)
