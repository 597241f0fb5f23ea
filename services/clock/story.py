"""The clock service's story."""

from services.kit import Step

STORY = (
    Step("what time is it in Tokyo?", "time", {"place": "Tokyo"}, answers="5 pm in Tokyo"),
    Step(
        "set a timer for 12 minutes called pasta", "set_timer", {"duration": "PT12M", "name": "pasta"}, answers="9:12"
    ),
    Step(
        "how long is left on the pasta timer?", "timer_left", {"timer": "pasta"}, answers="12 minutes left on the pasta"
    ),
    Step(
        "add 5 minutes to the pasta timer", "extend_timer", {"duration": "PT5M", "timer": "pasta"}, answers="17 minutes"
    ),
    Step("cancel the pasta timer", "cancel_timer", {"timer": "pasta"}, answers="Cancelled the pasta timer"),
    Step("which timers are running?", "timers", {}, answers="No timer"),
)
