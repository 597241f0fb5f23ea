"""The money service's story."""

from services.kit import Step

STORY = (
    Step("I spent 12.50 on lunch", "spend", {"amount": 12.5, "item": "lunch"}, answers="€12.50 for lunch"),
    Step(
        "paid 84 euros for groceries yesterday",
        "spend",
        {"amount": 84, "item": "groceries", "currency": "EUR", "day": "2026-03-03"},
        answers="€84 for groceries",
    ),
    Step("I earned 2400 from my salary", "earn", {"amount": 2400, "source": "salary"}, answers="€2,400 from salary"),
    Step("how much did I spend this month?", "summary", {"start": "2026-03-01", "end": "2026-03-31"}, answers="€96.50"),
    Step(
        "set a budget of 400 a month for groceries",
        "set_budget",
        {"amount": 400, "item": "groceries"},
        answers="€400",
    ),
    Step("how much is left for groceries this month?", "budgets", {"category": "groceries"}, answers="€316 left"),
    Step("show a chart of my spending", "chart", {}, answers="Spent this month"),
    Step("delete the last expense", "delete", {}, answers="Deleted"),
)
