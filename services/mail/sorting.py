"""Putting mails where they belong, and marking them; each can be taken back.

Must stay true: where a mail was, and how it was marked, is on disk before it is touched; a call that is made again
finds what is done already and does the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from services.kit import Context, Refusal, Reply, Thing
from services.kit.outside import before
from services.kit.speech import counted
from services.mail.finding import From, Which, meant
from services.mail.mailbox import INBOX, Mail, Mailbox, mailbox
from services.mail.reading import FolderName

MOST_MARKED = 2_000
FLAGS = {"read": "\\Seen", "unread": "\\Seen", "flagged": "\\Flagged", "unflagged": "\\Flagged"}
ON = {"read", "flagged"}


def archive(ctx: Context, email: Which = "", sender: From = None) -> Reply:
    """Archive an email: take that mail out of the inbox and keep it in the archive."""
    return put(ctx, (email, sender), "archive", "Archived")


def trash(ctx: Context, email: Which = "", sender: From = None) -> Reply:
    """Delete an email: put that mail in the trash of the mailbox."""
    return put(ctx, (email, sender), "trash", "Put in the trash")


def move(ctx: Context, folder: FolderName, email: Which = "", sender: From = None) -> Reply:
    """Move an email to another folder of the mailbox."""
    return put(ctx, (email, sender), folder, f"Moved to {folder.strip()}", use=False)


def put(ctx: Context, which: tuple[str, str | None], place: str, done: str, *, use: bool = True) -> Reply:
    """Move the mail that is meant; `use`: the place is the folder for that use, made where there is none."""
    with mailbox(ctx) as box:

        def look() -> dict[str, Any]:
            found = meant(box, *which)
            to = (
                (box.has(place) if ctx.preview else box.special(place))
                if use
                else box.folder(place, make=not ctx.preview)
            )
            return {"to": to, **place_of(found)}

        former = before(ctx, (), look)
        ctx.former = ((former["message_id"] or former["id"],), former)
        if former["from"] == former["to"]:
            raise Refusal(f"{former['subject']} is there already.")
        if not ctx.preview:
            carry(box, former, former["from"], former["to"])
    text = f"{done}: {former['subject']} from {former['sender']}."
    return Reply(
        text, {"subject": former["subject"], "to": former["to"]}, [Thing("email", former["subject"], former["id"])]
    )


def place_of(mail: Mail) -> dict[str, Any]:
    """Where a mail is, so that it is found again."""
    letter = mail.letter
    return {
        "id": mail.id,
        "from": mail.folder,
        "message_id": letter.message_id,
        "subject": letter.subject,
        "sender": letter.sender.spoken,
    }


def carry(box: Mailbox, former: Mapping[str, Any], source: str, target: str) -> None:
    """Move the mail, unless it is there already. Raises Refusal where it can't be found."""
    number = number_in(box, source, former)
    if number is not None:
        box.move(source, number, target)
    elif not former["message_id"] or box.by_message_id(target, former["message_id"]) is None:
        raise Refusal(f"{former['subject']} is no longer in {source}, so I left all as it is.")


def number_in(box: Mailbox, folder: str, former: Mapping[str, Any]) -> int | None:
    """The mail's number in the folder: by its Message-ID, else by its id if it never left."""
    if former["message_id"]:
        return box.by_message_id(folder, former["message_id"])
    try:
        found = box.by_id(former["id"])
    except Refusal:
        return None
    return found.uid if found is not None and found.folder == folder else None


def mark(
    ctx: Context,
    state: Annotated[
        Literal["read", "unread", "flagged", "unflagged"],
        Field(description="How to mark it: read, unread, flagged (important) or unflagged"),
    ],
    email: Which = "",
    sender: From = None,
) -> Reply:
    """Mark an email as read or unread, or flag that mail as important."""
    flag, on = FLAGS[state], state in ON
    with mailbox(ctx) as box:

        def look() -> dict[str, Any]:
            found = meant(box, email, sender)
            was = flag.lower() in found.flags
            return {**place_of(found), "flag": flag, "on": on, "uids": [found.uid] if was != on else []}

        former = before(ctx, (), look)
        ctx.former = ((former["message_id"] or former["id"],), former)
        if not ctx.preview:
            box.mark(former["from"], former["uids"], flag, on)
    text = f"Marked as {state}: {former['subject']} from {former['sender']}."
    return Reply(text, {"subject": former["subject"]}, [Thing("email", former["subject"], former["id"])])


def mark_all_read(ctx: Context, folder: FolderName = "inbox") -> Reply:
    """Mark all emails of a mail folder as read."""
    with mailbox(ctx) as box:

        def look() -> dict[str, Any]:
            place = box.folder(folder)
            return {"from": place, "flag": "\\Seen", "on": True, "uids": box.search(place, ["UNSEEN"])[-MOST_MARKED:]}

        former = before(ctx, (), look)
        ctx.former = ((f"{former['from']}/seen",), former)
        if not ctx.preview:
            box.mark(former["from"], former["uids"], "\\Seen", True)
    number = len(former["uids"])
    where = "" if former["from"] == INBOX else f" in {former['from']}"
    return Reply(
        f"Marked {counted(number, 'mail')} as read{where}." if number else "Nothing was unread.", {"marked": number}
    )


def put_back(ctx: Context, former: Mapping[str, Any]) -> None:
    """Take back what one of these did: the undo of the service. An undo notes what it did, so that it can be undone."""
    reverse = {**former}
    if "to" in former:
        reverse |= {"from": former["to"], "to": former["from"]}
    if "flag" in former:
        reverse |= {"on": not former["on"]}
    before(ctx, (), lambda: reverse)
    ctx.former = ((former.get("message_id") or former["from"],), reverse)
    if ctx.preview:
        return
    with mailbox(ctx) as box:
        if "draft" in former:
            number = box.by_message_id(former["draft"], former["message_id"])
            if number is not None:
                box.remove(former["draft"], number)
        elif "to" in former:
            carry(box, reverse, former["to"], former["from"])
        else:
            box.mark(former["from"], former["uids"], former["flag"], not former["on"])
