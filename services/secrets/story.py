"""The secrets service's story."""

from services.kit import Step

STORY = (
    Step(
        "create a vault with the pass phrase “green lamps over quiet water”",
        "create",
        {"pass_phrase": "green lamps over quiet water"},
        answers="Your vault is ready",
    ),
    Step(
        "save the password “k7-Tulip-94” for the router",
        "add",
        {"entry": "router", "password": "k7-Tulip-94"},
        answers="Saved router",
    ),
    Step("what's the password for the router?", "get", {"entry": "router"}, answers="on your screen"),
    Step("what's in my vault?", "list", {}, answers="router"),
    Step("generate a password of 5 words", "generate_password", {"words": 5}, answers="5 words"),
    Step("lock my vault", "lock", {}, answers="locked"),
    Step(
        "unlock my vault with “green lamps over quiet water”",
        "unlock",
        {"pass_phrase": "green lamps over quiet water"},
        answers="unlocked",
    ),
    Step("delete the router password", "delete", {"entry": "router"}, answers="Deleted router"),
)
