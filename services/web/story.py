"""The web service's story: a small site at home, and a search engine."""

from services.kit import Step

SITE = "http://127.0.0.1:48231"

STORY = (
    Step(f"check whether {SITE} is down", "check", {"url": SITE}, answers="is up"),
    Step(f"read {SITE}/bread.html", "read", {"url": f"{SITE}/bread.html"}, answers="Flour, water and salt"),
    Step(f"which links are on {SITE}/bread.html?", "links", {"url": f"{SITE}/bread.html"}, answers="Rye bread"),
    Step(
        "search the web for sourdough recipes",
        "search",
        {"query": "sourdough recipes"},
        answers="Sourdough for beginners",
    ),
    Step(
        f"read me the page {SITE}/story",
        "read",
        {"url": f"{SITE}/story"},
        answers="nothing at that address",
        refused=True,
    ),
)
