"""The sky service's story."""

from services.kit import Step

STORY = (
    Step("what time is sunset?", "sun", {}, answers="sets at 6:39 pm"),
    Step("when is sunrise in Tokyo tomorrow?", "sun", {"place": "Tokyo", "day": "2026-03-05"}, answers="Tokyo"),
    Step("when does it get dark?", "twilight", {}, answers="light from"),
    Step("what is the phase of the moon?", "moon", {}, answers="waning gibbous"),
    Step("when is the next full moon?", "next_moon", {}, answers="2 April"),
    Step("when is the summer solstice?", "seasons", {}, answers="June solstice Sunday 21 June"),
)
