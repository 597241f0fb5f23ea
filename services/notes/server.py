"""Notes: each member's own, as Markdown files that any editor may change, found again by their words."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field

from services.kit import Context, Refusal, Reply, Service, Thing
from services.kit.speech import counted, spoken
from services.notes.index import Hit, search, telling_words, titles
from services.notes.shelf import Note, free_slug, parsed, path_of, written

SPOKEN_LENGTH = 300
"""Characters of a note that are said; of a longer one only the lines that answer."""
SPOKEN_TITLES = 10
SURE = 0.66
"""Share of the question's words that a note must have to be taken as the answer."""
NEAR = 0.5
"""The same, to be offered as the nearest there is."""

service = Service(__file__)

Text = Annotated[
    str,
    Field(
        description="What to write down, in the person's own words",
        min_length=1,
        max_length=100_000,
        json_schema_extra={"x-fill": "rest"},
    ),
]
Title = Annotated[str, Field(description="A title, where the person gives one", max_length=200)]
NoteName = Annotated[
    str,
    Field(
        description="The note's title, or a part of it",
        min_length=1,
        max_length=200,
        json_schema_extra={"x-kind": "note"},
    ),
]
Query = Annotated[
    str,
    Field(
        description="What the note is about, or the question that it answers",
        min_length=1,
        max_length=500,
        json_schema_extra={"x-fill": "rest"},
    ),
]


@service.tool(
    "reversible",
    examples=[
        "note that the spare key is under the blue pot",
        "make a note: the plumber's code is 4711",
        "write down that Leo is allergic to walnuts",
        "take a note called Garden: beans go in after the last frost",
        "jot this down, the boiler was serviced in March",
        "keep in my notes that the bins go out on Tuesdays",
        "note that the router stands behind the sofa",
        "note that school starts at half past eight on Mondays",
        "make a note that the chimney sweep comes on Tuesday",
        "note: tyre pressure 2.4",
        "could you write down the licence plate, it's KR 8 TUV",
        "please put this in writing: Hanna wears size 39",
        "new note, titled recipe, with the text two cups of oats and one of milk",
        "save this: policy number 5512-9",
        "I want to note the safe's combination, 18 7 33",
        "record that the neighbours are called Weiss",
        "a note for me: the guest password is maple-7",
        "I'd like to write down that the gutter was cleaned in May",
        "quick note, the gas bottle is empty",
        "note that the wifi password in the cabin is fern-19",
        "note: the chimney sweep comes every October",
    ],
)
def add(ctx: Context, text: Text, title: Title = "") -> Reply:
    """Write something down as a new note."""
    if not text.strip():
        raise Refusal("Say what to write down.")
    slug = free_slug(ctx, title, text)
    content = written(title, text)
    ctx.write_file(path_of(ctx, slug), content)
    note = parsed(slug, content)
    said = f'"{note.title}"' if title.strip() or len(note.text) > SPOKEN_LENGTH else note.text
    return Reply(f"Noted: {said}", as_data(note), [as_thing(note)])


@service.tool(
    "read",
    examples=[
        "what's the alarm code at the office?",
        "what did I write about the hedge?",
        "find my note about the boiler",
        "where is the spare key?",
        "search my notes for allergies",
        "what was the name of the hotel in Lisbon, I noted it somewhere",
        "what's the combination of the safe?",
        "which size does Hanna wear?",
        "what is the password for the guest network?",
        "when was the car last serviced?",
        "is there something in my notes on the tyre pressure?",
        "what was our policy number again?",
        "who did I note down as the electrician?",
        "look in the notes for the recipe",
        "which shelf are the candles on?",
        "do my notes say anything about Weiss?",
        "is anything written down about the gutter?",
        "what colour is the paint in the hall?",
        "what number is our parking space?",
        "what's the wifi password at the beach house?",
    ],
)
def find(ctx: Context, query: Query) -> Reply:
    """Answer a question about the household from what was noted (passwords, codes, sizes), or search the notes."""
    hits = search(ctx, query)
    if not hits or hits[0].share < NEAR:
        raise Refusal(f"I find no note about {' '.join(telling_words(query)) or query.strip()}.")
    best = hits[0]
    equal = [hit for hit in hits[1:] if hit.share == best.share]
    lead = "Your note says" if best.share >= SURE else "No note says quite that; the nearest is"
    also = f" There is more in {spoken([hit.title for hit in equal[:3]])}." if equal else ""
    return Reply(
        f"{lead}: {sentence(answering_lines(best, query))}{also}",
        {"notes": [{"id": hit.slug, "title": hit.title, "text": hit.text} for hit in [best, *equal][:10]]},
        [Thing("note", hit.title, hit.slug) for hit in [best, *equal][:10]],
    )


@service.tool(
    "read",
    examples=[
        "read me the garden note",
        "open my note about Lisbon",
        "show me the note called boiler",
        "read my last note",
        "could you read out the recipe note in full",
        "let me see the note titled router",
        "what does the note on tyres say?",
        "the whole hedge note please",
        "display my packing note",
        "I'd like to hear the gutter note",
    ],
)
def read(ctx: Context, note: NoteName) -> Reply:
    """Read out one whole note, named by its title."""
    found = named(ctx, note)
    return Reply(
        f"{found.title}: {found.text}" if found.text != found.title else found.text, as_data(found), [as_thing(found)]
    )


@service.tool(
    "reversible",
    examples=[
        "add to the garden note: order seed potatoes",
        "append to my Lisbon note that the tram is line 28",
        "in the boiler note, also write that the filter is new",
        "put one more line in the recipe note: a pinch of salt",
        "extend that note with the phone of the owner",
        "could you attach to the router note that it restarts at night",
        "also note there that the gate sticks",
        "write at the end of the tyre note: winter set in the cellar",
        "add to it that parking is free",
    ],
)
def append(ctx: Context, note: NoteName, text: Text) -> Reply:
    """Write something more at the end of a note that is there already."""
    found = named(ctx, note)
    path = path_of(ctx, found.slug)
    content = (ctx.read_file(path) or b"").rstrip() + b"\n" + written("", text)
    ctx.write_file(path, content)
    after = parsed(found.slug, content)
    return Reply(f'Added to "{after.title}": {text.strip()}', as_data(after), [as_thing(after)])


@service.tool(
    "read",
    examples=[
        "what notes do I have?",
        "list my notes",
        "show all my notes",
        "how many notes have I written?",
        "what are my notes called?",
        "could you name every note",
        "titles of my notes please",
        "give me an overview of what I've noted",
    ],
)
def list_(ctx: Context) -> Reply:
    """Name all the notes there are, the last changed first."""
    known = titles(ctx)
    if not known:
        return Reply("You have no notes yet.", {"notes": []})
    shown = list(known.values())[:SPOKEN_TITLES]
    more = len(known) - len(shown)
    said = spoken([*shown, f"{more} more"] if more else shown)
    return Reply(
        f"You have {counted(len(known), 'note')}: {said}.",
        {"notes": [{"id": slug, "title": title} for slug, title in known.items()]},
        [Thing("note", title, slug) for slug, title in list(known.items())[:SPOKEN_TITLES]],
    )


@service.tool(
    "reversible",
    examples=[
        "delete the note about the boiler",
        "throw away my Lisbon note",
        "remove the garden note",
        "get rid of what I wrote on the hedge",
        "could you erase the router note",
        "that note is out of date, delete it",
        "drop the recipe note",
        "I don't need the tyre note any more",
    ],
)
def delete(ctx: Context, note: NoteName) -> Reply:
    """Delete one note."""
    found = named(ctx, note)
    ctx.write_file(path_of(ctx, found.slug), None)
    return Reply(f'Deleted the note "{found.title}".', {"id": found.slug, "title": found.title})


@service.tool(
    "irreversible",
    examples=[
        "erase every single note",
        "throw away every note I have",
        "delete all of the notes",
        "clear out my notes completely",
        "wipe my notebook",
        "could you remove all notes for good",
        "all my notes can go",
        "empty the notes",
    ],
)
def delete_all(ctx: Context) -> Reply:
    """Delete all your notes for good."""
    known = titles(ctx)
    if not known:
        raise Refusal("You have no notes to delete.")
    for slug in known:
        ctx.write_file(path_of(ctx, slug), None)
    return Reply(f"Deleted all your notes: {counted(len(known), 'note')}.", {"deleted": len(known)})


@service.names
def known_notes(ctx: Context) -> dict[str, list[str]]:
    """Titles of the member's own notes."""
    return {"note": list(titles(ctx).values())}


def named(ctx: Context, said: str) -> Note:
    """The one note that is meant; refuses where there is none or more than one."""
    known = titles(ctx)
    slugs = [slug for slug, title in known.items() if said.strip().casefold() in {slug, title.casefold()}]
    if not slugs and re.fullmatch(r"(?:my |the )?(?:last|latest|newest)(?: one| note)?", said.strip().casefold()):
        slugs = list(known)[:1]
    if not slugs:
        words = set(telling_words(said))
        slugs = [
            slug for slug, title in known.items() if words <= set(telling_words(f"{title} {slug.replace('-', ' ')}"))
        ]
    if not slugs:
        slugs = [hit.slug for hit in search(ctx, said) if hit.share == 1 and hit.slug in known]
    if not slugs:
        raise Refusal(f"I find no note called {said.strip()!r}.")
    if len(slugs) > 1:
        options = [f'"{known[slug]}"' for slug in slugs[:4]]
        raise Refusal(f"Which note do you mean: {', '.join(options[:-1])} or {options[-1]}?")
    return parsed(slugs[0], ctx.read_file(path_of(ctx, slugs[0])) or b"")


def answering_lines(hit: Hit, query: str) -> str:
    """What of a passage is said: all of a short one, else its line with most of the question's words."""
    if len(hit.text) <= SPOKEN_LENGTH:
        return hit.text or hit.title
    words = telling_words(query)
    lines = re.split(r"\n|(?<=[.!?])\s+", hit.text)
    best = max(lines, key=lambda line: sum(word in line.casefold() for word in words))
    return best if len(best) <= SPOKEN_LENGTH else f"{best[:SPOKEN_LENGTH].rsplit(' ', 1)[0]} …"


def sentence(text: str) -> str:
    """The text with an end."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def as_data(note: Note) -> dict[str, str]:
    """A note for programs."""
    return {"id": note.slug, "title": note.title, "text": note.text}


def as_thing(note: Note) -> Thing:
    """A note, so that "it" can mean it."""
    return Thing("note", note.title, note.slug)


if __name__ == "__main__":
    service.run()
