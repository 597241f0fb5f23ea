"""The home service's story."""

from services.kit import Step

STORY = (
    Step(
        "dim the desk lamp to 30 percent", "set_light", {"device": "desk lamp", "brightness": 30}, answers="30 percent"
    ),
    Step("turn off everything in the kitchen", "turn_off", {"device": "everything", "area": "kitchen"}, answers="Off:"),
    Step("is the garage door open?", "state", {"device": "garage door"}, answers="garage door: closed"),
    Step("open the garage door", "open_cover", {"device": "garage door"}, answers="Opening: garage door"),
    Step("how warm is the bedroom?", "state", {"area": "bedroom"}, answers="20.5 degrees"),
    Step(
        "set the thermostat to 21 degrees",
        "set_climate",
        {"temperature": 21, "device": "thermostat"},
        answers="21 degrees",
    ),
    Step("activate the movie scene", "scene", {"scene": "movie"}, answers="Scene movie is on"),
    Step("unlock the front door", "unlock", {"device": "front door"}, answers="Unlocked: front door"),
)
