"""The calculate service's story."""

from services.kit import Step

STORY = (
    Step("what is 12 times 7?", "evaluate", {"expression": "12 times 7"}, answers="84"),
    Step("calculate (3+4)*2", "evaluate", {"expression": "(3+4)*2"}, answers="is 14"),
    Step("what is 18% of 64.50?", "percent", {"percent": 18, "of": 64.5}, answers="11.61"),
    Step(
        "split 96.40 between four with a 10% tip",
        "split",
        {"total": 96.4, "people": 4, "tip_percent": 10},
        answers="26.51",
    ),
    Step("what's the average of 4, 8 and 15?", "average", {"numbers": [4, 8, 15]}, answers="is 9"),
    Step("what is 5 divided by 0?", "evaluate", {"expression": "5 divided by 0"}, answers="zero", refused=True),
)
