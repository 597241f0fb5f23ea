"""The words of the notes in PostgreSQL: text vectors with a GIN index, and BM25 reckoned here.

What must stay true: the same as in `memory/record/words.py`, whose way of choosing candidates this follows. The
audience of a note is a word of its own in its vector, which no text can hold, so that the filter is part of the
index's own search; the note's row is asked once more.

Texts are split here, without case and accents, and stemmed by the server with the same Porter stemmer as FTS5 has.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from sqlalchemy import Connection, text

from memory.record.words import ENOUGH, Worded, content_words, split

LONGEST = 2**17
"""Characters of a note whose words are kept: a text vector holds a megabyte."""
_Stems = tuple[str, ...]
"""The forms of one word: as good as one another."""
SATURATION = 1.2
LENGTH_SHARE = 0.75
"""The k1 and b of BM25, as FTS5 has them."""
WHO_WEIGHT = 0.5
"""What a word counts that is the speaker's name, not said."""

_THERE = text("SELECT 1 FROM pg_ts_config WHERE cfgname = 'notes_english' AND pg_ts_config_is_visible(oid)")
_KINDS = "asciiword, word, numword, int, uint, float, sfloat, version, host, file, url, url_path, email, numhword"
_CREATE_ENGLISH = (
    "CREATE TEXT SEARCH DICTIONARY notes_stem (TEMPLATE = snowball, LANGUAGE = porter)",
    "CREATE TEXT SEARCH CONFIGURATION notes_english (COPY = simple)",
    f"ALTER TEXT SEARCH CONFIGURATION notes_english ALTER MAPPING FOR {_KINDS} WITH notes_stem",
)
_CREATE = (
    "CREATE TABLE IF NOT EXISTS notes_words "
    "(seq integer PRIMARY KEY, length integer NOT NULL, words tsvector NOT NULL)",
    # entries that wait in a list are searched one by one: each goes to its place at once
    "CREATE INDEX IF NOT EXISTS notes_words_by_word ON notes_words USING gin (words) WITH (fastupdate = off)",
)
_INSERT = text(
    "INSERT INTO notes_words (seq, length, words) VALUES (:seq, :length, "
    "setweight(to_tsvector('notes_english', :text), 'A') || setweight(to_tsvector('notes_english', :who), 'B') "
    "|| array_to_tsvector(ARRAY[CAST(:audience AS text)]))"
)
_STEMS = text(
    "SELECT word, tsvector_to_array(to_tsvector('notes_english', word)) FROM unnest(CAST(:words AS text[])) AS word"
)
_COUNT = text(
    "SELECT match, (SELECT count(*) FROM (SELECT 1 FROM notes_words "
    "WHERE words @@ CAST(match AS tsquery) LIMIT :most) AS few) "
    "FROM unnest(CAST(:asked AS text[])) AS match"
)
_OLDEST = text(
    "SELECT seq FROM notes_words WHERE words @@ CAST(:match AS tsquery) ORDER BY seq DESC LIMIT 1 OFFSET :most"
)
_CANDIDATES = text(
    "SELECT found.seq, found.length, part.lexeme, part.weights "
    "FROM (SELECT notes_words.* FROM notes_words JOIN notes ON notes.seq = notes_words.seq "
    "WHERE words @@ CAST(:match AS tsquery) AND notes_words.seq >= :oldest AND notes.audience = ANY(:audiences) "
    "ORDER BY notes_words.seq DESC LIMIT :most) AS found, "
    "LATERAL unnest(found.words) AS part WHERE part.lexeme = ANY(:words)"
)
_NUMBER = text("SELECT coalesce(max(seq), 0) FROM notes_words")
_WORD = re.compile(r"[^\W_]+")


def create(connection: Connection) -> None:
    """Make the table, and the rules by which words are cut."""
    if connection.execute(_THERE).first() is None:
        for statement in _CREATE_ENGLISH:
            connection.execute(text(statement))
    for statement in _CREATE:
        connection.execute(text(statement))


def add(connection: Connection, rows: Sequence[Worded]) -> None:
    """Make the words of notes findable."""
    connection.execute(_INSERT, [_row(*row) for row in rows])


def _row(seq: int, said: str, who: str, audience: str) -> dict[str, object]:
    told, speaker = _plain(said[:LONGEST]), _plain(who)
    words = {"text": " ".join(told), "who": " ".join(speaker), "audience": _mark(audience)}
    return words | {"seq": seq, "length": len(told) + len(speaker)}


def remove(connection: Connection, seq: int) -> None:
    """Take the words of a note out."""
    connection.execute(text("DELETE FROM notes_words WHERE seq = :seq"), {"seq": seq})


def scrub(connection: Connection) -> None:
    """Nothing: a VACUUM after the transaction does it."""


def search(connection: Connection, query: str, audiences: Sequence[str], limit: int) -> list[int]:
    """The notes that share words with the query, best first, as their `seq`."""
    return find(connection, [[word] for word in content_words(query)], audiences, limit)[0]


def find(
    connection: Connection, groups: Sequence[Sequence[str]], audiences: Sequence[str], limit: int
) -> tuple[list[int], list[int]]:
    """The notes that have words of these, best first; and of each group how many notes have one, up to `ENOUGH`."""
    stems = _stems(connection, [word for group in groups for word in group])
    stemmed = [tuple(dict.fromkeys(stem for word in group for stem in stems[word])) for group in groups]
    wanted = [group for group in dict.fromkeys(stemmed) if group]
    within = f"({' | '.join(_quote(_mark(audience)) for audience in audiences)}) & "
    everywhere = _counts(connection, wanted, "")
    told = [everywhere.get(group, 0) for group in stemmed]
    if not audiences:
        return [], told
    common = _counts(connection, [group for group in wanted if everywhere[group] >= ENOUGH], within)
    counts = everywhere | common
    rarest = sorted((group for group in wanted if counts[group]), key=counts.__getitem__)
    totals = accumulate(counts[group] for group in rarest)
    chosen = [group for group, total in zip(rarest, totals, strict=True) if total < ENOUGH]
    ranking = _Ranking(connection, audiences, {stem: count for group, count in everywhere.items() for stem in group})
    if chosen or not rarest:
        return ranking.best(f"{within}({' | '.join(map(_any, chosen))})", chosen)[:limit] if chosen else [], told
    together = ranking.newest(within + " & ".join(map(_any, rarest)), rarest)
    newest = ranking.newest(within + _any(rarest[0]), rarest[:1])
    return list(dict.fromkeys(together[:limit] + newest[:limit]))[:limit], told


def _counts(connection: Connection, groups: Sequence[_Stems], within: str) -> dict[_Stems, int]:
    """How many notes hold one of each group, counted up to `ENOUGH`."""
    if not groups:
        return {}
    asked = {within + _any(group): group for group in groups}
    found = connection.execute(_COUNT, {"asked": list(asked), "most": ENOUGH})
    return {asked[match]: int(count) for match, count in found}


@dataclass
class _Found:
    length: int
    counts: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    """How often each of the words is in it; half where it is the speaker."""


class _Ranking:
    """BM25 over a few candidates, with the counts of all notes."""

    def __init__(self, connection: Connection, audiences: Sequence[str], everywhere: dict[str, int]) -> None:
        self._connection = connection
        self._audiences = list(audiences)
        self._everywhere = everywhere
        self._number = int(connection.execute(_NUMBER).scalar_one())

    def newest(self, match: str, groups: Sequence[_Stems]) -> list[int]:
        """The best of the newest `ENOUGH` notes that match."""
        oldest = self._connection.execute(_OLDEST, {"match": match, "most": ENOUGH}).scalar()
        return self.best(match, groups, oldest or 0)

    def best(self, match: str, groups: Sequence[_Stems], oldest: int = 0) -> list[int]:
        """The notes that match and that one of the audiences may see, best first."""
        found: dict[int, _Found] = {}
        words = [stem for group in groups for stem in group]
        given = {"match": match, "words": words, "oldest": oldest, "audiences": self._audiences, "most": ENOUGH}
        for seq, length, word, weights in self._connection.execute(_CANDIDATES, given):
            one = found.setdefault(seq, _Found(length))
            one.counts[word] += sum(1.0 if weight == "A" else WHO_WEIGHT for weight in weights)
        if not found:
            return []
        usual = sum(one.length for one in found.values()) / len(found) or 1.0
        return sorted(found, key=lambda seq: (-self._score(found[seq], usual), -seq))

    def _score(self, one: _Found, usual: float) -> float:
        """BM25; `usual`: the length of a note as a rule."""
        total = 0.0
        for word, count in one.counts.items():
            holders = self._everywhere[word]
            rarity = max(1e-6, math.log((self._number - holders + 0.5) / (holders + 0.5) + 1.0))
            slack = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * one.length / usual)
            total += rarity * count * (SATURATION + 1) / (count + slack)
        return total


def _stems(connection: Connection, words: Sequence[str]) -> dict[str, list[str]]:
    """Each word as the vectors hold it."""
    plain = {word: _plain(word) for word in words}
    parts = list(dict.fromkeys(part for found in plain.values() for part in found))
    rows = connection.execute(_STEMS, {"words": parts}).all() if parts else []
    stemmed: dict[str, list[str]] = {row[0]: row[1] for row in rows}
    return {word: [stem for part in found for stem in stemmed[part]] for word, found in plain.items()}


def _plain(said: str) -> list[str]:
    """The words of a text without case and accents."""
    parted = unicodedata.normalize("NFD", split(said).casefold())
    return _WORD.findall("".join(sign for sign in parted if not unicodedata.combining(sign)))


def _mark(audience: str) -> str:
    # No text holds a word with this sign: `_WORD` leaves it out.
    return "=" + audience


def _any(stems: _Stems) -> str:
    return f"({' | '.join(map(_quote, stems))})"


def _quote(word: str) -> str:
    # Words hold only \w and the mark, so a quoted word can hold no quote or operator.
    return f"'{word}'"
