"""The routes service's story; the roads are those of the stage."""

from services.kit import Step

STORY = (
    Step("how long does it take to drive to London?", "route", {"destination": "London"}, answers="by car"),
    Step(
        "how long does it take to walk from Rome to Vatican?",
        "route",
        {"destination": "Vatican", "origin": "Rome", "by": "foot"},
        answers="on foot",
    ),
    Step("directions to Brussels", "directions", {"destination": "Brussels"}, answers="turn left onto Mill Lane"),
    Step(
        "when do I have to leave to be in Brussels by 3 pm?",
        "leave",
        {"destination": "Brussels", "at": "2026-03-04T15:00:00+01:00"},
        answers="Leave Paris today at",
    ),
)
