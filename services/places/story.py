"""The places service's story; the map is that of the stage."""

from services.kit import Step

STORY = (
    Step("where is the Louvre?", "find", {"query": "Louvre"}, answers="Rue de Rivoli"),
    Step(
        "find a pharmacy near the Louvre",
        "nearby",
        {"what": "pharmacy", "place": "Louvre"},
        answers="Pharmacie du Palais, 240 m",
    ),
    Step(
        "how far is London from Rome as the crow flies?",
        "distance",
        {"destination": "London", "origin": "Rome"},
        answers="km from Rome",
    ),
    Step("save 4 Mill Lane as work", "save", {"name": "work", "place": "4 Mill Lane"}, answers="Saved as work"),
    Step("which places have I saved?", "list", {}, answers="4 Mill Lane"),
    Step("forget my saved place work", "forget", {"name": "work"}, answers="Forgot the place work"),
)
