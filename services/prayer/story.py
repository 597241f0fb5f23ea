"""The prayer service's story."""

from services.kit import Step

STORY = (
    Step("what are the prayer times?", "times", {}, answers="Fajr 5:42 am"),
    Step("when is Maghrib tomorrow?", "times", {"prayer": "maghrib", "day": "2026-03-05"}, answers="Maghrib is at"),
    Step("when is the next prayer?", "next", {}, answers="Dhuhr"),
    Step("which way is the qibla from Toronto?", "qibla", {"place": "Toronto"}, answers="north-east"),
    Step("what is the Islamic date?", "hijri", {}, answers="Ramadan 1447"),
)
