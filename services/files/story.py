"""The files service's story."""

from services.kit import Step

STORY = (
    Step("search my files for the boiler", "search", {"query": "boiler"}, answers="letter.md"),
    Step(
        "write a file hello.txt saying good morning",
        "write",
        {"file": "hello.txt", "text": "good morning"},
        answers="Wrote hello.txt",
    ),
    Step("read todo.txt", "read", {"file": "todo.txt"}, answers="oil the gate"),
    Step(
        "move letter.md to the archive folder",
        "move",
        {"file": "letter.md", "to": "archive"},
        answers="archive/letter.md",
    ),
    Step("how big is letter.md?", "info", {"file": "letter.md"}, answers="39 bytes"),
    Step("put todo.txt in the trash", "trash", {"file": "todo.txt"}, answers="in the trash"),
    Step("restore todo.txt from the trash", "restore", {"file": "todo.txt"}, answers="is back"),
)
