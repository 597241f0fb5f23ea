"""Units and temperatures, with pint. Money is not converted: it has no fixed ratio."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import Field

from services.convert.units import amount, converted, is_temperature, unit
from services.kit import Context, Refusal, Reply, Service

service = Service(__file__)

UnitName = Annotated[str, Field(min_length=1, max_length=80, json_schema_extra={"x-fill": "unit"})]
ABSOLUTE_ZERO_K = 0.0


@service.tool(
    "read",
    examples=[
        "convert 68 fahrenheit to celsius",
        "how many cups are in 2 litres?",
        "what is 5 miles in kilometres?",
        "180 pounds in kilos",
        "how many centimetres does a foot have?",
        "100 km/h in mph",
        "change 3 gallons into litres",
        "how heavy is 12 stone in kilograms?",
        "90 minutes in hours",
        "how many weeks are 45 days?",
        "express 700 joules in calories",
        "could you turn 16 ounces into grams",
        "how many megabytes make 4 gigabytes?",
        "7 inches to cm",
        "what's half an acre in square metres?",
        "translate 250 ml into fluid ounces",
        "how long is 11 yards in metres?",
        "how many seconds are there in a day?",
    ],
)
def convert(
    ctx: Context,
    from_unit: Annotated[UnitName, Field(description="The unit that the value is in, such as miles or fahrenheit")],
    to_unit: Annotated[UnitName, Field(description="The unit that is wanted, such as km or celsius")],
    value: Annotated[
        float, Field(description="How many of the first unit", ge=-1e30, le=1e30, allow_inf_nan=False)
    ] = 1,
) -> Reply:
    """Convert a value from one unit of measure to another: length, weight, volume, temperature, area, time, data."""
    source, target = unit(from_unit), unit(to_unit)
    result = converted(value, source, target)
    if is_temperature(source) and converted(value, source, unit("kelvin")) < ABSOLUTE_ZERO_K - 1e-9:
        raise Refusal(f"Nothing is colder than absolute zero, so {amount(value, source)} does not exist.")
    if not math.isfinite(result):
        raise Refusal("That number is too large for me.")
    return Reply(
        f"{amount(value, source)} is {amount(result, target)}.",
        {"value": result, "unit": str(target), "from_value": value, "from_unit": str(source)},
    )


if __name__ == "__main__":
    service.run()
