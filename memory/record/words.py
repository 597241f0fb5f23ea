"""The words of the notes: an FTS5 table beside the record, written in the record's own transactions.

What must stay true: the query that finds notes holds the viewer's audiences, joined to the record, so it never returns
one that the viewer may not see; and any text at all is a valid query.

A query of common words would score tens of thousands of rows, so only the rarest words choose the candidates
(`ENOUGH` in all). A word that is common among all notes is sought within the viewer's audiences, which are a column
too. Where every word is common, notes with all of them come first, then the newest with the rarest.

Does not understand meaning (the vectors do), nor languages without spaces beyond splitting them into characters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate

from sqlalchemy import Connection, TextClause, text

ENOUGH = 1000
"""Rows that one query may score: about 1 ms; what lies below the first fifty is not looked at."""
READ_CHARS = 4000
"""Of a long query, what is read."""
MOST_WORDS = 24

Worded = tuple[int, str, str, str]
"""Number, text, speaker and audience of a note."""

_CREATE = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS notes_words USING fts5("
    "text, who, audience, tokenize = 'porter unicode61 remove_diacritics 2')"
)

_INSERT = text("INSERT INTO notes_words (rowid, text, who, audience) VALUES (:seq, :text, :who, :audience)")

_OLDEST = text("SELECT rowid FROM notes_words WHERE notes_words MATCH :match ORDER BY rowid DESC LIMIT 1 OFFSET :most")

_WORD = re.compile(r"\w+")
# Scripts written without spaces: kana, Han, Thai, Lao, Khmer, Burmese. Each character becomes a word.
_UNSPACED = re.compile(r"([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff])")

# They carry no subject: a note is not about what was asked because it too says "the" or "what".
_EMPTY_WORDS = (
    "a about after again all also am an and any are as at be because been before being but by can could d did do "
    "does doing don for from had has have having he her here hers him his how i if in into is it its just know ll m "
    "me more most my no nor not of off on once only or other our ours out over own re remember s said same say says "
    "she should so some such t tell than that the their theirs them then there these they this those through to "
    "told too under until up us ve very was we were what when where which while who whom whose why will with would "
    "you your yours"
)
_EMPTY = frozenset(_EMPTY_WORDS.split())


def content_words(said: str) -> list[str]:
    """The words that a query is about, in order, once each; all its words if none has content."""
    found = list(dict.fromkeys(_WORD.findall(split(said[:READ_CHARS]).casefold())))
    return ([word for word in found if word not in _EMPTY] or found)[:MOST_WORDS]


def create(connection: Connection) -> None:
    """Make the table."""
    connection.execute(text(_CREATE))


def add(connection: Connection, rows: Sequence[Worded]) -> None:
    """Make the words of notes findable."""
    told = [{"seq": seq, "text": split(said), "who": who, "audience": audience} for seq, said, who, audience in rows]
    connection.execute(_INSERT, told)


def remove(connection: Connection, seq: int) -> None:
    """Take the words of a note out."""
    connection.execute(text("DELETE FROM notes_words WHERE rowid = :seq"), {"seq": seq})


def scrub(connection: Connection) -> None:
    """Rewrite the table without the words of removed notes, which FTS5 would keep until it next merges."""
    connection.execute(text("INSERT INTO notes_words (notes_words) VALUES ('optimize')"))


def search(connection: Connection, query: str, audiences: Sequence[str], limit: int) -> list[int]:
    """The notes that share words with the query, best first, as their `seq`."""
    return find(connection, [[word] for word in content_words(query)], audiences, limit)[0]


def find(
    connection: Connection, groups: Sequence[Sequence[str]], audiences: Sequence[str], limit: int
) -> tuple[list[int], list[int]]:
    """The notes that have words of these, best first; and of each group how many notes have one, up to `ENOUGH`.

    A group is the forms of one word: as good as one another.
    """
    wanted = list(dict.fromkeys(map(_any, filter(None, groups))))
    within = f"audience : ({' OR '.join(map(_quote, audiences))})"
    everywhere = dict(zip(wanted, _counts(connection, wanted), strict=True))
    told = [everywhere[_any(group)] if group else 0 for group in groups]
    usual = [one for one in wanted if everywhere[one] >= ENOUGH]  # it may be rare among the viewer's
    within_view = _counts(connection, [f"{within} AND {one}" for one in usual])
    counts = everywhere | dict(zip(usual, within_view, strict=True))
    rarest = sorted((one for one in wanted if counts[one]), key=counts.__getitem__)
    if not rarest:
        return [], told
    totals = accumulate(counts[one] for one in rarest)
    chosen = [one for one, total in zip(rarest, totals, strict=True) if total < ENOUGH]
    if chosen:
        common = any(everywhere[one] >= ENOUGH for one in chosen)
        match = f"({' OR '.join(chosen)})"
        return _best(connection, f"{within} AND {match}" if common else match, audiences, limit), told
    together = _newest(connection, " AND ".join([within, *rarest]), audiences, limit)
    newest = _newest(connection, f"{within} AND {rarest[0]}", audiences, limit)
    return list(dict.fromkeys(together + newest))[:limit], told


def _counts(connection: Connection, matches: Sequence[str]) -> list[int]:
    """How many rows match each, counted up to `ENOUGH`."""
    if not matches:
        return []
    given = {f"m{number}": match for number, match in enumerate(matches)}
    return list(connection.execute(_counting(len(matches)), given | {"most": ENOUGH}).one())


def _newest(connection: Connection, match: str, audiences: Sequence[str], limit: int) -> list[int]:
    """The best of the newest `ENOUGH` rows that match."""
    oldest = connection.execute(_OLDEST, {"match": match, "most": ENOUGH}).scalar()
    return _best(connection, match, audiences, limit, oldest or 0)


def _best(connection: Connection, match: str, audiences: Sequence[str], limit: int, oldest: int = 0) -> list[int]:
    """The best rows that match and that one of the audiences may see."""
    places = {f"a{number}": audience for number, audience in enumerate(audiences)}
    given = {"match": match, "oldest": oldest, "limit": limit, **places}
    return list(connection.execute(_ranking(len(places)), given).scalars().all())


# Built once for each number of words and of audiences: building and reading them took longer than they take to run.


@lru_cache(2 * MOST_WORDS)
def _counting(words: int) -> TextClause:
    each = "(SELECT count(*) FROM (SELECT rowid FROM notes_words WHERE notes_words MATCH :m{} LIMIT :most))"
    return text("SELECT " + ", ".join(each.format(number) for number in range(words)))


@lru_cache(64)
def _ranking(audiences: int) -> TextClause:
    return text(
        "SELECT notes.seq FROM notes_words JOIN notes ON notes.seq = notes_words.rowid "
        "WHERE notes_words MATCH :match AND notes_words.rowid >= :oldest "
        f"AND notes.audience IN ({', '.join(f':a{number}' for number in range(audiences))}) "
        "ORDER BY bm25(notes_words, 1.0, 0.5, 0.0), notes.seq DESC LIMIT :limit"
    )


def _any(words: Sequence[str]) -> str:
    return f"({{text who}} : ({' OR '.join(map(_quote, words))}))"


def _quote(word: str) -> str:
    # Words hold only \w, so a quoted word can hold no quote, operator or column name.
    return f'"{word}"'


def split(said: str) -> str:
    """The text with the characters of scripts without spaces set apart."""
    return _UNSPACED.sub(r" \1 ", said)
