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
    Step("tick off milk on the shopping list", "check", {"items": ["milk"], "list": "shopping"}, answers="Ticked milk"),
    Step("clear the ticked items from the shopping list", "clear_done", {"list": "shopping"}, answers="Cleared milk"),
    Step("which lists do I have?", "names", answers="shopping (1)"),
    Step("show me the camping list", "show", {"list": "camping"}, answers="no camping list", refused=True),
)
