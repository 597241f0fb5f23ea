"""The feeds service's story: a newspaper at home."""

from services.kit import Step

SITE = "http://127.0.0.1:48232"

STORY = (
    Step(f"subscribe to {SITE}/feed.xml", "subscribe", {"url": f"{SITE}/feed.xml"}, answers="You follow Daily Planet"),
    Step("what's new in my feeds?", "latest", {}, answers="Comet over the harbour"),
    Step("search my feeds for bakery", "search", {"words": "bakery"}, answers="Daily Planet"),
    Step("which feeds do I follow?", "list", {}, answers="2 unread"),
    Step("refresh my feeds", "refresh", {}, answers="0 new entries"),
    Step("unsubscribe from the Daily Planet", "unsubscribe", {"feed": "Daily Planet"}, answers="no longer follow"),
)
