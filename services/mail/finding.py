"""Which mail a person means: by its id, by words of its sender or subject, or the latest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated

from pydantic import Field

from services.kit import Context, Refusal
from services.kit.speech import spoken
from services.mail.mailbox import INBOX, Mail, Mailbox, quoted, since_word

Which = Annotated[
    str,
    Field(
        description="Which email: what it is about, its id, or latest",
        max_length=300,
        json_schema_extra={"x-kind": "email"},
    ),
]
From = Annotated[
    str | None,
    Field(description="Who the email is from", max_length=200, json_schema_extra={"x-kind": "contact"}),
]
FILLERS = set(
    "the a an my that this mail mails email emails message one letter from by about on of with subject titled called"
    " last latest newest most recent it is regarding to".split()
)
LOOKED_THROUGH = 200
FOLDERS_LOOKED_AT = 20
ASKED = 4
LATEST = r"\b(?:latest|last|newest|most recent|it|that|this)\b"
WORDS_AT_MOST = 8


def words_of(said: str) -> list[str]:
    """The telling words, in small letters."""
    bare = re.sub(r"['\u2019]s\b", "", said.casefold())
    return [word for word in re.findall(r"[\w.@+-]+", bare) if word.strip(".") not in FILLERS][:WORDS_AT_MOST]


def criteria_for(words: Sequence[str], keys: Sequence[str]) -> list[str]:
    """A search for mails that have each ASCII word in one of the headers, or the text."""
    found = []
    for word in words:
        if word.isascii():
            found += ["OR"] * (len(keys) - 1)
            for key in keys:
                found += [key, quoted(word)]
    return found


def fits(mail: Mail, words: Sequence[str]) -> bool:
    """Whether all words stand in the sender or the subject."""
    sender = mail.letter.sender
    has = f"{sender.name} {sender.email} {mail.letter.subject}".casefold()
    return all(word in has for word in words)


def fitting(box: Mailbox, words: Sequence[str], folder: str = INBOX) -> list[Mail]:
    """The mails of a folder that may be meant, newest first."""
    uids = box.search(folder, criteria_for(words, ("FROM", "SUBJECT")))
    return [mail for mail in box.headers(folder, uids, LOOKED_THROUGH if words else ASKED) if fits(mail, words)]


def candidates(box: Mailbox, said: str, sender: str | None) -> list[Mail]:
    """Those that may be meant: in the inbox, else anywhere. Raises Refusal."""
    wanted = f"{said} {sender or ''}"
    words = words_of(wanted)
    found = fitting(box, words)
    if found or not words:
        if not words and len(found) > 1 and not re.search(LATEST, wanted, re.IGNORECASE):
            raise Refusal(f"Which email do you mean: {options(found)}? Or say the latest.")
        if not found:
            raise Refusal("Your inbox is empty.")
        return found
    for folder in [one.name for one in box.folders() if one.name != INBOX][:FOLDERS_LOOKED_AT]:
        found = fitting(box, words, folder)
        if found:
            return found
    raise Refusal(f"I find no email {said_wish(said, sender)}.")


def said_wish(said: str, sender: str | None) -> str:
    """About 'lunch' from 'Ruth'."""
    about = [f"about {said.strip()!r}"] * bool(said.strip())
    return " ".join([*about, *([f"from {sender.strip()!r}"] if sender else [])])


def options(mails: Sequence[Mail]) -> str:
    """The choice, as one would put it."""
    return " or ".join(f"{mail.letter.subject!r} from {mail.letter.sender.spoken}" for mail in mails[:ASKED])


def meant(box: Mailbox, said: str, sender: str | None = None) -> Mail:
    """The mail that is meant: of several that fit, the latest; who it is from counts most. Raises Refusal."""
    named = box.by_id(said)
    if named is not None:
        return named
    try:
        return candidates(box, said, sender)[0]
    except Refusal:
        if not sender or not said.strip():
            raise
        return candidates(box, "latest", sender)[0]


def only(box: Mailbox, said: str, sender: str | None = None) -> Mail:
    """The same, where the wrong one would do harm: refuses several from different people."""
    named = box.by_id(said)
    if named is not None:
        return named
    found = candidates(box, said, sender)
    senders = {mail.letter.answer_to.email.casefold(): mail for mail in found}
    if words_of(f"{said} {sender or ''}") and len(senders) > 1:
        raise Refusal(f"Which email do you mean: {options(list(senders.values()))}?")
    return found[0]


def since_criteria(ctx: Context, since: date | None, until: date | None = None) -> list[str]:
    """Only mails that came between the days, both included."""
    found = ["SINCE", since_word(since)] if since else []
    return [*found, "BEFORE", since_word(until + timedelta(days=1))] if until else found


def said_list(mails: Sequence[Mail], most: int) -> str:
    """Anna: lunch on Friday; Bob: the boiler; and 3 more."""
    said = [f"{mail.letter.sender.spoken}: {mail.letter.subject}" for mail in mails[:most]]
    more = [f"{len(mails) - most} more"] if len(mails) > most else []
    return "; ".join([*said, *(f"and {spoken(more)}" for _ in more)])
