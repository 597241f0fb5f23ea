"""Charts as SVG: bars, lines and a calendar of days. Small, readable by screen readers, fit for light and dark.

Must stay true: what was given is text in the picture, never markup; every figure that is drawn is also said in the
description. Colours come from the page's own `color-scheme`; nothing is loaded.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from xml.sax.saxutils import escape

WIDTH = 640
BAR, GAP = 22, 10
LABEL = 150
"""Width of the names beside bars."""
HEIGHT = 240
CELL = 13
STYLE = """
svg{color-scheme:light dark;font:13px system-ui,sans-serif}
text{fill:#333}.mark{fill:#2f6f9f}.line{fill:none;stroke:#2f6f9f;stroke-width:2}.over{fill:#b3431e}
.rest{fill:#e4e7ea}.axis{stroke:#b8bdc2}
@media(prefers-color-scheme:dark){text{fill:#ddd}.mark{fill:#7cb8e4}.line{stroke:#7cb8e4}.over{fill:#f0936f}
.rest{fill:#33383d}.axis{stroke:#5a6066}}
"""
Say = Callable[[float], str]
"""How a figure is said."""


def plain_figure(value: float) -> str:
    """12, 12.5."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def bars(
    title: str, rows: Sequence[tuple[str, float]], say: Say = plain_figure, limits: Mapping[str, float] | None = None
) -> str:
    """A bar for each named figure; those above their limit stand out."""
    limits = limits or {}
    most = max([value for _, value in rows] + [limits.get(name, 0.0) for name, _ in rows] + [1e-9])
    space = WIDTH - LABEL - 110
    parts = []
    for at, (name, value) in enumerate(rows):
        top, long = at * (BAR + GAP), max(value, 0.0) / most * space
        limit = limits.get(name)
        if limit:
            parts.append(box(LABEL, top, limit / most * space, BAR, "rest"))
        sort = "over" if limit is not None and value > limit else "mark"
        parts.append(box(LABEL, top + (4 if limit else 0), long, BAR - (8 if limit else 0), sort))
        parts.append(words(LABEL - 8, top + 16, shortened(name, 20), "end"))
        parts.append(words(LABEL + max(long, (limit or 0) / most * space) + 8, top + 16, say(value)))
    return picture(title, said(rows, say), len(rows) * (BAR + GAP), parts)


def lines(title: str, rows: Sequence[tuple[str, float]], say: Say = plain_figure) -> str:
    """Named figures in their order, joined by a line."""
    values = [value for _, value in rows]
    low, high = min([*values, 0.0]), max([*values, 1e-9])
    step = (WIDTH - 100) / max(len(rows) - 1, 1)
    places = [(50 + at * step, 20 + (high - value) / (high - low) * (HEIGHT - 60)) for at, value in enumerate(values)]
    floor = 20 + high / (high - low) * (HEIGHT - 60)
    parts = [f'<line class="axis" x1="50" x2="{WIDTH - 50}" y1="{floor:.1f}" y2="{floor:.1f}"/>']
    parts.append(f'<polyline class="line" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in places)}"/>')
    every = -(-len(rows) // 12)  # at most twelve names, or they would run into each other
    for at, ((name, value), (x, y)) in enumerate(zip(rows, places, strict=True)):
        parts.append(f'<circle class="mark" cx="{x:.1f}" cy="{y:.1f}" r="3"/>')
        if at % every == 0:
            parts.append(words(x, HEIGHT - 8, shortened(name, 10), "middle"))
            parts.append(words(x, y - 8, say(value), "middle"))
    return picture(title, said(rows, say), HEIGHT, parts)


def days(title: str, done: Mapping[date, float], first: date, last: date) -> str:
    """A calendar, a column for each week from Monday: how full each day's square is, from 0 to 1."""
    start = first - timedelta(days=first.weekday())
    parts = []
    for at in itertools.count():
        day = start + timedelta(days=at)
        if day > last:
            break
        if day < first:
            continue
        x, y = 40 + at // 7 * (CELL + 3), 24 + at % 7 * (CELL + 3)
        parts.append(box(x, y, CELL, CELL, "rest", f"{day:%F}"))
        if done.get(day, 0) > 0:
            parts.append(box(x, y, CELL, CELL, "mark", f"{day:%F}", min(1.0, 0.35 + 0.65 * done[day])))
        if day.day == 1 or day == first:
            parts.append(words(x, 14, f"{day:%b}"))
    parts += [words(34, 24 + row * (CELL + 3) + 11, name, "end") for row, name in ((0, "Mon"), (3, "Thu"), (6, "Sun"))]
    full = sum(value >= 1 for day, value in done.items() if first <= day <= last)
    return picture(title, f"{full} of {(last - first).days + 1} days.", 7 * (CELL + 3) + 30, parts)


def picture(title: str, description: str, height: float, parts: Sequence[str]) -> str:
    """The whole, with its title and description for those who don't see it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img"'
        f' aria-labelledby="t d"><title id="t">{escape(title)}</title><desc id="d">{escape(description)}</desc>'
        f"<style>{STYLE.strip()}</style>{''.join(parts)}</svg>"
    )


def said(rows: Sequence[tuple[str, float]], say: Say) -> str:
    """The figures in words."""
    return "; ".join(f"{name}: {say(value)}" for name, value in rows) or "Nothing to show."


def box(x: float, y: float, width: float, height: float, sort: str, hint: str = "", opacity: float = 1.0) -> str:
    """A rectangle."""
    faint = f' opacity="{opacity:.2f}"' if opacity < 1 else ""
    title = f"<title>{escape(hint)}</title>" if hint else ""
    return (
        f'<rect class="{sort}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="2"{faint}>'
        f"{title}</rect>"
    )


def words(x: float, y: float, text: str, anchor: str = "start") -> str:
    """A text."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def shortened(text: str, most: int) -> str:
    """The text with no more than so many characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
