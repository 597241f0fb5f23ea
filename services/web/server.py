"""The web: pages as plain text, their links, and searching through a SearXNG of the person's choice.

What pages say is other people's word: answers name where they are from and how old they are.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from pydantic import Field

from services.kit import Context, Refusal, Reply, Service, Thing
from services.kit.markup import plain_text
from services.kit.speech import counted
from services.kit.webfault import WebFault
from services.web.reading import address, mentions, parts_of, read_page

service = Service(__file__)

SEARCH_FRESH_FOR = timedelta(minutes=10)
LINKS_SPOKEN = 10
LINKS_GIVEN = 100
MENTIONS_SPOKEN = 3
SPOKEN_SIGNS = 600
UP = frozenset({"missing", "forbidden", "rejected", "limited"})
"""Faults that a server takes the trouble to tell: it is up."""

Address = Annotated[
    str,
    Field(
        description="The address of the page, such as https://example.org/news",
        min_length=3,
        max_length=2_000,
        json_schema_extra={"format": "uri"},
    ),
]


@service.tool(
    "read",
    examples=[
        "read https://example.org/article",
        "read me the page www.example.com/story",
        "open https://blog.example.net/post and read it out",
        "what's on the page example.org?",
        "read http://192.168.1.5:8080/index.html",
        "fetch https://example.com/recipe as plain text",
        "show me the text of https://news.example.org/today",
        "what does https://example.org/about say",
        "what does https://www.example.net say?",
        "load example.net/help and give me the text",
        "read part 2 of https://example.org/long",
        "get the article at https://example.com/2026/03/bread.html",
        "let me hear what is written at www.example.org",
        "continue with part 3 of https://example.com/guide",
    ],
)
def read(
    ctx: Context,
    url: Address,
    part: Annotated[int, Field(description="Which part of a long page, 1 for the beginning", ge=1, le=1_000)] = 1,
) -> Reply:
    """Read a web page at an address out as plain text, without menus and advertisements."""
    found = read_page(ctx, url)
    parts = parts_of(found.document.paragraphs)
    if not parts:
        raise Refusal(f"{found.page.host} answered, but there is no text on that page; perhaps scripts make it.")
    if part > len(parts):
        raise Refusal(f"That page has only {counted(len(parts), 'part')}.")
    more = f"\n\n(Part {part} of {len(parts)}.)" if len(parts) > 1 else ""
    return Reply(
        f"{found.title} (from {found.source}):\n\n{parts[part - 1]}{more}",
        {
            "url": found.page.url,
            "title": found.title,
            "about": found.document.about,
            "text": parts[part - 1],
            "part": part,
            "parts": len(parts),
            "words": len(found.document.text.split()),
            **dated(found.page.age, found.page.stale),
        },
        [Thing("page", found.title, found.page.url)],
    )


@service.tool(
    "read",
    examples=[
        "which links are on https://example.org?",
        "list the links of www.example.com/start",
        "where does the page https://example.net/menu link to?",
        "show all links on example.org/downloads",
        "what can I click on at https://example.com?",
        "give me the links from https://blog.example.org",
        "extract the hyperlinks of example.com/papers",
        "what pages does https://example.org/index.html point to",
    ],
)
def links(ctx: Context, url: Address) -> Reply:
    """List the links that a web page has to other pages."""
    found = read_page(ctx, url)
    all_links = found.document.links
    if not all_links:
        return Reply(f"There are no links on {found.title}.", {"url": found.page.url, "links": []})
    named = "; ".join(link.text[:80] for link in all_links[:LINKS_SPOKEN])
    more = f"; and {len(all_links) - LINKS_SPOKEN} more" if len(all_links) > LINKS_SPOKEN else ""
    rows = [{"text": link.text[:300], "url": link.url} for link in all_links[:LINKS_GIVEN]]
    return Reply(
        f"{counted(len(all_links), 'link')} on {found.title} (from {found.source}): {named}{more}.",
        {"url": found.page.url, "links": rows, **dated(found.page.age, found.page.stale)},
        [Thing("page", link.text[:100], link.url) for link in all_links[:LINKS_SPOKEN]],
    )


@service.tool(
    "read",
    examples=[
        "what does https://example.org/rules say about dogs?",
        "look for opening hours on www.example.com/museum",
        "find the word refund on https://shop.example.org/terms",
        "does example.net/faq mention parking?",
        "search the page https://example.com/manual for battery",
        "where on https://example.org/minutes is the budget mentioned",
        "check https://example.com/menu for vegan dishes",
        "is there anything about delivery at shop.example.org/help",
    ],
)
def find(
    ctx: Context,
    url: Address,
    words: Annotated[
        str,
        Field(
            description="What to look for on it: a word or a few",
            min_length=1,
            max_length=200,
            json_schema_extra={"x-fill": "rest"},
        ),
    ],
) -> Reply:
    """Look on one web page, at a given address, for what it says about something."""
    found = read_page(ctx, url)
    hits = mentions(found.document.paragraphs, words)
    data = {"url": found.page.url, "found": hits[:20], **dated(found.page.age, found.page.stale)}
    if not hits:
        return Reply(f"{found.title} (from {found.source}) says nothing about {words.strip()!r}.", data)
    said = "\n\n".join(hit[:SPOKEN_SIGNS] for hit in hits[:MENTIONS_SPOKEN])
    return Reply(f"{found.title} (from {found.source}):\n\n{said}", data, [Thing("page", found.title, found.page.url)])


@service.tool(
    "read",
    examples=[
        "search the web for sourdough recipes",
        "look up how to prune roses online",
        "google the history of the bicycle",
        "find websites about beekeeping",
        "web search: quiet vacuum cleaners",
        "what can you find on the internet about Ada Lovelace?",
        "search online for cheap train tickets to Vienna",
        "look on the web for a violin teacher",
        "do an internet search for northern lights photos",
        "give me 10 web results for passive houses",
        "find something online on how to fix a dripping tap",
    ],
)
def search(
    ctx: Context,
    query: Annotated[
        str,
        Field(description="What to search for", min_length=1, max_length=300, json_schema_extra={"x-fill": "rest"}),
    ],
    count: Annotated[int, Field(description="How many results", ge=1, le=20)] = 5,
) -> Reply:
    """Search the web, through the search engine that was set, and list the pages found."""
    base = str(ctx.settings.get("search") or "").rstrip("/")
    if not base:
        raise Refusal(
            "No search engine is set. Give the address of a SearXNG: muos services set web search https://search.example.org"
        )
    page = ctx.web.get(
        f"{base.removesuffix('/search')}/search", {"q": query, "format": "json"}, fresh_for=SEARCH_FRESH_FOR
    )
    rows = results_of(page.json(), count)
    data = {"query": query, "results": rows, **dated(page.age, page.stale)}
    if not rows:
        return Reply(f"The web search for {query!r} found nothing{page.note}.", data)
    said = "\n".join(f"{number}. {row['title']} ({row['url']}): {row['text']}" for number, row in enumerate(rows, 1))
    return Reply(
        f"{counted(len(rows), 'result')} for {query!r}{page.note}:\n{said}",
        data,
        [Thing("page", str(row["title"]), str(row["url"])) for row in rows],
    )


def results_of(answer: Any, count: int) -> list[dict[str, str]]:
    """SearXNG's results, as rows of plain text; what is no result is left out."""
    found = answer.get("results") if isinstance(answer, dict) else None
    if not isinstance(found, list):
        raise Refusal("The search engine answers in a way that I don't understand; is its JSON format switched on?")
    rows = []
    for result in found:
        url, title = (result.get("url"), result.get("title")) if isinstance(result, dict) else (None, None)
        if isinstance(url, str) and isinstance(title, str) and url.startswith(("http://", "https://")):
            text = plain_text(str(result.get("content") or ""))[:300]
            rows.append({"title": plain_text(title)[:200] or url, "url": url[:2_000], "text": text})
    return rows[:count]


@service.tool(
    "read",
    examples=[
        "is example.org up?",
        "check whether https://example.com is down",
        "does the site www.example.net work right now?",
        "is https://shop.example.org reachable",
        "is http://192.168.1.5:8080 up?",
        "ping the website example.com for me",
        "can you get through to https://example.org/status?",
        "has www.example.com gone offline",
        "is it just me or is example.org not loading",
    ],
)
def check(ctx: Context, url: Address) -> Reply:
    """Say whether a web site is up: whether it answers now, and with what."""
    asked = address(url)
    try:
        page = ctx.web.get(asked, seconds=10)
    except WebFault as fault:
        if fault.code not in UP:
            return Reply(f"No: {fault}", {"url": asked, "up": False, "status": fault.status, "reason": fault.code})
        return Reply(
            f"It is up, but: {fault}", {"url": asked, "up": True, "status": fault.status, "reason": fault.code}
        )
    moved = f", and sends one on to {page.url}" if page.url.rstrip("/") != asked.rstrip("/") else ""
    return Reply(f"Yes, {page.host} is up{moved}.", {"url": page.url, "up": True, "status": page.status, "reason": ""})


def dated(age: timedelta, stale: bool) -> dict[str, Any]:
    """How old an answer is, for programs."""
    return {"age_seconds": int(age.total_seconds()), "stale": stale}


if __name__ == "__main__":
    service.run()
