"""The currency service's story; its rates are those of the stage."""

from services.kit import Step

STORY = (
    Step(
        "convert 100 dollars to euros",
        "convert",
        {"amount": 100, "from_currency": "USD", "to_currency": "euros"},
        answers="100 USD is 80 EUR",
    ),
    Step("what's the exchange rate of the pound?", "rate", {"from_currency": "pound"}, answers="1 GBP is 1.25 EUR"),
    Step("which currencies do you know?", "list", {}, answers="3 rates for one euro"),
    Step("how has the dollar changed lately?", "history", {"from_currency": "dollar"}, answers="rose"),
)
