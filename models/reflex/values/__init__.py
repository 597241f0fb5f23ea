"""Typed values in a request: dates, times, durations, recurrences, numbers, amounts, addresses.

    find_values(text, now, kinds=None) -> list[Span]      every value the text holds, in its order
    refine_moment(said, anchor, now) -> datetime | None   "to 4", "an hour later", for what was at `anchor`
    normalise(text, schema, now, name="") -> value | None one phrase as a JSON Schema property wants it
    as_kind(span, kind) -> Span | None                    the same span read as another kind, where it can be
    kind_wanted(name, schema) -> str | None               which kind of value a property wants

Kinds and their values (JSON all through; ISO 8601 with the offset of `now`'s zone):

    moment       "2026-03-05T17:00:00+01:00": a date with a time, or an exact offset ("in 10 minutes")
    day          "2026-03-05": a date with no time ("tomorrow", "in three days")
    time         "17:00:00": a time with no date ("at 5")
    range        {"start", "end"}: from one moment to another ("between 3 and 6 on Tuesday", "next week")
    duration     "PT1H30M"; detail: seconds
    repeat       RRULE, "FREQ=WEEKLY;BYDAY=MO"; detail: time ("08:00:00" or None), start (first occurrence, ISO)
    shift        "-PT1H": "an hour earlier", for `refine_moment`; detail: seconds
    absurd       None; detail: reason, a sentence for the person ("February has no 31st day.")
    number       int or float; detail: decimal, the exact digits
    percent      18 for 18 %
    money        {"amount": 5, "currency": "USD"}
    quantity     {"amount": 3, "unit": "kilogram"}; detail: said, the unit's words
    temperature  {"amount": 72, "unit": "fahrenheit"}: unit celsius, fahrenheit, kelvin or None
    unit         "celsius": a unit with no amount
    ordinal      2 for "the second one", -1 for "the last one"
    email, phone, url, quoted   str (quoted: without its marks)

Details of moment, day and time alike: moment (a full ISO moment, a guess where a part was not said), date,
time (None where not said), has_date, has_time, vague ("in the morning"), start and end (of the day or the part of
the day), relation (by, until, before, after, since …), also (the next best reading). A reader who wants a date and a
time and finds a `day` therefore has detail["moment"]; with `kinds={"moment"}` it is converted already.

A span inside a longer one is dropped, but kept with score 0.2 and detail["within"] = the longer one's kind where
its use depends on the schema: the 3 of "at 3" as a number, "10 minutes" of "in 10 minutes" as a duration.

The grammar is our own, on dateutil's calendar: dateparser reads "tonight at 9" as 9:00, drops the time of "next Tuesday
at 3", finds nothing in "on the first at nine" and takes 1 to 10 ms where this takes about 0.5 ms.

Everything is counted from `now`, never from the clock, in now's zone. English; the words are in words.py.
"""

from models.reflex.values.finding import find_values
from models.reflex.values.reading import as_kind
from models.reflex.values.refining import refine_moment
from models.reflex.values.schema import kind_wanted, normalise
from models.reflex.values.span import KINDS, Span

__all__ = ["KINDS", "Span", "as_kind", "find_values", "kind_wanted", "normalise", "refine_moment"]
