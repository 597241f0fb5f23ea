"""The system service's story."""

from services.kit import Step

STORY = (
    Step("how much disk space do I have left?", "disk", answers="free on the disk"),
    Step("how much memory is free?", "memory", answers="memory are free"),
    Step("how's the battery?", "battery", answers="battery"),
    Step("what's the uptime?", "uptime", answers="has been running for"),
    Step("which programs use the most memory?", "processes", {"by": "memory"}, answers="the most memory"),
)
