"""Writing to each other: sending, reading, answering, searching and deleting messages."""

from __future__ import annotations

import sqlite3
from typing import Annotated

from pydantic import Field

from services.kit import Context, Refusal, Reply
from services.kit.speech import counted, one_line, spoken
from services.messages import people, post
from services.messages.people import HOME, notice_presence, recipient

LONGEST = 4_000
"""Characters of a message."""
SPOKEN_AT_MOST = 8

Text = Annotated[
    str,
    Field(
        description="What it says, in the words that were used",
        min_length=1,
        max_length=LONGEST,
        json_schema_extra={"x-fill": "rest"},
    ),
]
WHO = {"x-kind": "member"}


def send(
    ctx: Context,
    to: Annotated[
        str,
        Field(
            description="Whom to tell: someone of this home, a room, or everyone",
            max_length=100,
            json_schema_extra=WHO,
        ),
    ],
    text: Text,
) -> Reply:
    """Send a message to a person of this home, or leave it in a room for those who are there."""
    notice_presence(ctx)
    whom = recipient(ctx, to)
    if whom.member == ctx.member:
        raise Refusal("That would be a message to yourself; a note or a reminder keeps it for you.")
    return sent(ctx, post.put(ctx, whom, worded(text)), whom)


def sent(ctx: Context, row: sqlite3.Row, whom: people.Recipient) -> Reply:
    """The answer about a new message."""
    return Reply(f"Sent to {whom.spoken}: {row['text']}", post.data(ctx, row), [post.thing(ctx, row)])


def worded(text: str) -> str:
    """The text in one line; refuses blanks."""
    words = one_line(text)
    if not words:
        raise Refusal("What shall the message say?")
    return words


def new(
    ctx: Context,
    sender: Annotated[
        str | None,
        Field(description="Only from this person, or left in this room", max_length=100, json_schema_extra=WHO),
    ] = None,
) -> Reply:
    """Read out the unread messages that others of this home sent, and mark them as read."""
    notice_presence(ctx)
    where, values, who = post.UNREAD, post.NONE, ""
    if sender:
        fits, values, who = only(ctx, sender)
        where = f"{where} AND {fits}"
    found = post.rows(ctx, where, values, SPOKEN_AT_MOST)
    left = post.count(ctx, where, values) - len(found)
    if not found:
        return Reply(f"You have no new messages{f' from {who}' if who else ''}.", {"messages": [], "left": 0})
    post.open_all(ctx, found)
    said = " ".join(f"{ended(post.said(ctx, row))}" for row in found)
    more = f" {counted(left, 'more message')} to read." if left else ""
    return Reply(
        f"{counted(len(found) + left, 'new message')}. {said}{more}",
        {"messages": [post.data(ctx, row) for row in found], "left": left},
        [post.thing(ctx, row) for row in found],
    )


def only(ctx: Context, said: str) -> tuple[str, post.Values, str]:
    """The condition for messages of one person or room, its values, and who that is."""
    whom = recipient(ctx, said)
    if whom.room:
        return "m.room=:place", {"place": whom.room}, whom.spoken
    return "m.sender=:whom", {"whom": whom.member}, whom.spoken


def ended(sentence: str) -> str:
    """With a mark at its end."""
    return sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}."


def conversation(
    ctx: Context,
    person: Annotated[
        str, Field(description="The person, or the room, it was with", max_length=100, json_schema_extra=WHO)
    ],
    last: Annotated[int, Field(description="How many of the latest messages", ge=1, le=100)] = 10,
) -> Reply:
    """Show the latest messages between the member and one other person, or in a room, read and unread."""
    notice_presence(ctx)
    whom = recipient(ctx, person)
    if whom.room and whom.room not in {ctx.room, HOME}:
        raise Refusal(f"What is written in {whom.spoken} can be read there only.")
    fits = "m.room=:place" if whom.room else "m.room='' AND (m.sender=:whom OR m.member=:whom)"
    found = post.rows(ctx, f"{post.MINE} AND {fits}", {"place": whom.room, "whom": whom.member}, last, latest=True)
    if not found:
        return Reply(f"There are no messages between you and {whom.spoken}.", {"messages": []})
    post.open_all(ctx, found)
    return Reply(
        " ".join(ended(post.said(ctx, row)) for row in found),
        {"messages": [post.data(ctx, row) for row in found]},
        [post.thing(ctx, row) for row in found],
    )


def search(
    ctx: Context,
    text: Annotated[
        str,
        Field(
            description="Words that the message holds",
            min_length=1,
            max_length=200,
            json_schema_extra={"x-fill": "rest"},
        ),
    ],
    person: Annotated[
        str | None, Field(description="Only messages with this person", max_length=100, json_schema_extra=WHO)
    ] = None,
) -> Reply:
    """Search the messages of this home that were sent or read before for words."""
    where = post.KNOWN
    values: dict[str, object] = {}
    for number, word in enumerate(one_line(text).split()[:10]):
        where += f" AND instr(casefolded(m.text), :word{number})"
        values[f"word{number}"] = word.casefold().strip(".,!?\"'")
    if person:
        where += " AND (m.sender=:whom OR m.member=:whom)"
        values["whom"] = recipient(ctx, person).member
    ctx.db.create_function("casefolded", 1, lambda said: str(said).casefold(), deterministic=True)
    found = post.rows(ctx, where, values, latest=True)[::-1]
    unread = post.count(ctx, post.UNREAD)
    rest = f" {counted(unread, 'unread message')} not looked through." if unread else ""
    if not found:
        return Reply(f"No message that you know says {text.strip()!r}.{rest}", {"messages": []})
    said = " ".join(ended(post.said(ctx, row)) for row in found[:SPOKEN_AT_MOST])
    more = f" And {len(found) - SPOKEN_AT_MOST} more." if len(found) > SPOKEN_AT_MOST else ""
    return Reply(
        f"{counted(len(found), 'message')}. {said}{more}{rest}",
        {"messages": [post.data(ctx, row) for row in found]},
        [post.thing(ctx, row) for row in found],
    )


def reply(
    ctx: Context,
    text: Text,
    to: Annotated[
        str | None,
        Field(
            description="Whose message is answered; the last one that was read if empty",
            max_length=100,
            json_schema_extra=WHO,
        ),
    ] = None,
) -> Reply:
    """Reply to the message of this home that was read last, or to the last one of a person."""
    notice_presence(ctx)
    where, values = f"{post.MINE} AND m.sender<>:me", post.NONE
    if to:
        fits, values, who = only(ctx, to)
        where = f"{where} AND {fits}"
        last = post.rows(ctx, where, values, 1, latest=True)
        if not last:
            raise Refusal(f"There is no message from {who} to answer.")
    else:
        last_read = "m.id=(SELECT message FROM opened WHERE member=:me ORDER BY id DESC LIMIT 1)"
        last = post.rows(ctx, f"{where} AND {last_read}", post.NONE, 1)
        if not last:
            raise Refusal("You have read no message yet that I could answer; say to whom.")
    whom = people.Recipient(room=last[0]["room"]) if last[0]["room"] else people.Recipient(member=last[0]["sender"])
    return sent(ctx, post.put(ctx, whom, worded(text), answers=last[0]["id"]), whom)


def mark_read(
    ctx: Context,
    sender: Annotated[
        str | None,
        Field(description="Only from this person, or left in this room", max_length=100, json_schema_extra=WHO),
    ] = None,
) -> Reply:
    """Mark unread messages of this home as read without reading them out."""
    notice_presence(ctx)
    where, values = post.UNREAD, post.NONE
    if sender:
        fits, values, _ = only(ctx, sender)
        where = f"{where} AND {fits}"
    found = post.rows(ctx, where, values, -1)
    post.open_all(ctx, found)
    text = f"Marked {counted(len(found), 'message')} as read." if found else "There was nothing unread."
    return Reply(text, {"marked": len(found)})


def receipts(
    ctx: Context,
    to: Annotated[
        str | None, Field(description="The person, or the room, it went to", max_length=100, json_schema_extra=WHO)
    ] = None,
) -> Reply:
    """Say whether the last message that the member sent was read, and by whom."""
    where, values = "m.sender=:me", post.NONE
    if to:
        whom = recipient(ctx, to)
        where, values = f"{where} AND m.member=:whom AND m.room=:place", {"whom": whom.member, "place": whom.room}
    last = post.rows(ctx, where, values, 1, latest=True)
    if not last:
        raise Refusal("You have sent no such message.")
    row = last[0]
    readers = [
        opened["member"]
        for opened in ctx.db.execute("SELECT member FROM opened WHERE message=? ORDER BY id", (row["id"],))
    ]
    text = f"{spoken(readers)} {'has' if len(readers) == 1 else 'have'} read it" if readers else "Not read yet"
    return Reply(f"{text}: {row['text']}", {**post.data(ctx, row), "read_by": readers}, [post.thing(ctx, row)])


def delete(
    ctx: Context,
    message: Annotated[
        str,
        Field(
            description="Which message: words of it, who it was to or from, its id, or last",
            min_length=1,
            max_length=200,
            json_schema_extra={"x-kind": "message"},
        ),
    ],
) -> Reply:
    """Delete a message of this home: one's own for everybody, one that was received only for oneself."""
    row = meant(ctx, message)
    if row["sender"] == ctx.member:
        ctx.db.execute("DELETE FROM message WHERE id=?", (row["id"],))
        return Reply(f"Deleted your message: {row['text']}", post.data(ctx, row))
    ctx.db.execute("INSERT INTO hidden(message, member) VALUES(?,?)", (row["id"], ctx.member))
    return Reply(f"Deleted the message from {row['sender']} for you: {row['text']}", post.data(ctx, row))


def meant(ctx: Context, said: str) -> sqlite3.Row:
    """The message that is meant, of those sent or read; the latest of those that fit."""
    named = post.by_id(ctx, said)
    if named is not None:
        return named
    skip = {"the", "my", "last", "latest", "that", "message", "messages", "it", "about", "to", "from", "a", "one"}
    words = [word for word in one_line(said).casefold().replace("'s", "").split() if word not in skip]
    mine = f"{post.MINE} AND m.sender=:me" if not words else post.KNOWN
    for row in reversed(post.rows(ctx, mine, post.NONE, 500, latest=True)):
        has = f"{row['text']} {row['member']} {row['room']} {row['sender']}".casefold()
        if all(word in has for word in words):
            return row
    raise Refusal(f"I find no message of yours about {said.strip()!r}.")


def join(ctx: Context) -> Reply:
    """Make the member known to the others of this home, in this room, so that they can send messages."""
    notice_presence(ctx)
    where = "" if ctx.room == HOME else f", also in the {ctx.room}"
    return Reply(f"The others can send messages to {ctx.member} now{where}.", {"members": people.people(ctx)})
