"""The codes service's story."""

from services.kit import Step

STORY = (
    Step(
        "make a QR code for https://example.org/menu",
        "qr",
        {"text": "https://example.org/menu"},
        answers="QR code for https://example.org/menu",
    ),
    Step("make a barcode for 4006381333931", "barcode", {"text": "4006381333931"}, answers="EAN-13"),
    Step("which codes have I made?", "list", {}, answers="2 codes"),
    Step("delete the code 4006381333931", "delete", {"code": "4006381333931"}, answers="Deleted the code"),
)
