"""Looking at mail: what is new, one mail, searching, folders, attachments. Nothing here marks a mail as read."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import Field

from services.kit import Context, Refusal, Reply, Thing
from services.kit.speech import counted, one_line, spoken, spoken_moment
from services.mail.finding import From, Which, criteria_for, meant, said_list, since_criteria, words_of
from services.mail.letter import Attachment, Letter
from services.mail.mailbox import INBOX, Mail, Mailbox, mailbox

SPOKEN_AT_MOST = 6
LISTED_AT_MOST = 50
SPOKEN_TEXT = 3_000
"""Characters of a mail that are read out."""
LARGEST = 25 * 1024 * 1024

FolderName = Annotated[str, Field(description="Which folder of the mail, such as archive or sent", max_length=200)]
Sender = Annotated[
    str | None,
    Field(
        description="Only mails from this person or address", max_length=200, json_schema_extra={"x-kind": "contact"}
    ),
]
Since = Annotated[date | None, Field(description="Only mails from this day on")]


def unread(ctx: Context, sender: Sender = None, folder: FolderName = "inbox") -> Reply:
    """Tell which emails are new: the mail that was not read yet."""
    with mailbox(ctx) as box:
        place = box.folder(folder)
        uids = box.search(place, ["UNSEEN", *from_criteria(sender)])
        found = box.headers(place, uids, LISTED_AT_MOST)
    who = f" from {sender.strip()}" if sender else ""
    if not found:
        return Reply(f"You have no unread mail{who}.", {"mails": [], "unread": 0})
    text = f"You have {counted(len(uids), 'unread mail')}{who}. {said_list(found, SPOKEN_AT_MOST)}."
    return Reply(text, {"mails": rows(found), "unread": len(uids)}, things(found))


def from_criteria(sender: str | None) -> list[str]:
    """Only from someone."""
    return criteria_for(words_of(sender), ("FROM",)) if sender else []


def rows(mails: list[Mail]) -> list[dict[str, object]]:
    """For programs."""
    return [mail.data() for mail in mails]


def things(mails: list[Mail]) -> list[Thing]:
    """What "the second one" means."""
    return [mail.thing for mail in mails]


def list_(
    ctx: Context,
    folder: FolderName = "inbox",
    sender: Sender = None,
    since: Since = None,
    limit: Annotated[int, Field(description="How many at most", ge=1, le=LISTED_AT_MOST)] = 10,
) -> Reply:
    """List the latest emails of a mail folder, read and unread, with who they are from and what they are about."""
    with mailbox(ctx) as box:
        place = box.folder(folder)
        uids = box.search(place, [*since_criteria(ctx, since), *from_criteria(sender)])
        found = box.headers(place, uids, limit)
    if not found:
        return Reply("There is no such mail.", {"mails": []})
    said = "; ".join(
        f"{mail.letter.sender.spoken}: {mail.letter.subject}{when(ctx, mail)}{' (unread)' if mail.unread else ''}"
        for mail in found
    )
    return Reply(f"{said}.", {"mails": rows(found), "total": len(uids)}, things(found))


def when(ctx: Context, mail: Mail) -> str:
    """, today at 5 pm."""
    return f", {spoken_moment(mail.came, ctx.now)}" if mail.came else ""


def read(ctx: Context, email: Which = "", sender: From = None) -> Reply:
    """Read out one email: who sent that mail, when, and what it says."""
    with mailbox(ctx) as box:
        found = meant(box, email, sender)
        letter = Letter(box.raw(found))
    text = letter.text or "(It holds no text.)"
    cut = f" … (cut; {len(text):,} characters in all)" if len(text) > SPOKEN_TEXT else ""
    files = [file.name for file in letter.attachments]
    attached = f"\n{counted(len(files), 'attachment')}: {spoken(files)}." if files else ""
    to = [one.whole for one in letter.addresses("To")]
    head = f"From {letter.sender.whole}{when(ctx, found)}: {letter.subject}."
    return Reply(
        f"{head}\n{text[:SPOKEN_TEXT]}{cut}{attached}",
        {**found.data(), "to": to, "text": text, "attachments": files, "bulk": letter.bulk, "untrusted": True},
        [found.thing],
    )


def search(
    ctx: Context,
    text: Annotated[
        str,
        Field(
            description="Words that stand in the mail",
            min_length=1,
            max_length=200,
            json_schema_extra={"x-fill": "rest"},
        ),
    ],
    sender: Sender = None,
    since: Since = None,
    until: Annotated[date | None, Field(description="Only mails up to this day")] = None,
    folder: FolderName = "inbox",
) -> Reply:
    """Search the emails for words anywhere in a mail, perhaps from someone or some time."""
    words = one_line(text).split()[:8]
    strange = next((word for word in words if not word.isascii()), "")
    criteria = [*since_criteria(ctx, since, until), *from_criteria(sender), *criteria_for(words, ("TEXT",))]
    with mailbox(ctx) as box:
        place = box.folder(folder)
        uids = box.search(place, criteria, strange)
        found = box.headers(place, uids, LISTED_AT_MOST)
    if not found:
        return Reply(f"No mail says {text.strip()!r}.", {"mails": []})
    said = f"{counted(len(uids), 'mail')}. {said_list(found, SPOKEN_AT_MOST)}."
    return Reply(said, {"mails": rows(found), "total": len(uids)}, things(found))


def folders(ctx: Context) -> Reply:
    """Name the folders of the email and how many mails are in each, read and unread."""
    with mailbox(ctx) as box:
        found = [(folder.name, *box.counts(folder.name)) for folder in box.folders()[:LISTED_AT_MOST]]
    said = [f"{name} {total:,}" + (f" ({new:,} unread)" if new else "") for name, total, new in found]
    data = {"folders": [{"name": name, "mails": total, "unread": new} for name, total, new in found]}
    return Reply(f"{capital_inbox(spoken(said))}.", data)


def capital_inbox(text: str) -> str:
    """The inbox as people write it."""
    return text.replace(INBOX, "Inbox", 1)


def attachments(ctx: Context, email: Which = "", sender: From = None) -> Reply:
    """Say which files are attached to an email."""
    with mailbox(ctx) as box:
        found, files = opened(box, email, sender)
    if not files:
        return Reply(f"{found.letter.subject} has no attachments.", {"attachments": []}, [found.thing])
    said = [f"{file.name} ({size_of(len(file.content))})" for file in files]
    data = {"attachments": [{"name": file.name, "kind": file.kind, "bytes": len(file.content)} for file in files]}
    return Reply(
        f"{found.letter.subject} has {counted(len(files), 'attachment')}: {spoken(said)}.", data, [found.thing]
    )


def opened(box: Mailbox, said: str, sender: str | None) -> tuple[Mail, list[Attachment]]:
    """The mail that is meant, and its files."""
    found = meant(box, said, sender)
    if found.size > LARGEST:
        raise Refusal(f"{found.letter.subject} is too large for me ({size_of(found.size)}).")
    return found, Letter(box.raw(found)).attachments


def size_of(number: int) -> str:
    """12 kB; 3.4 MB."""
    return f"{number / 1e6:.1f} MB" if number >= 1_000_000 else f"{max(1, round(number / 1000)):,} kB"


def save_attachment(
    ctx: Context,
    email: Which = "",
    sender: From = None,
    name: Annotated[
        str, Field(description="Which file, by its name or a part of it; all if empty", max_length=200)
    ] = "",
) -> Reply:
    """Save the files attached to an email in the folder that was set for them."""
    if not ctx.granted:
        raise Refusal("I may not save files yet. Set a folder for them with: muos services set mail folder …")
    with mailbox(ctx) as box:
        found, files = opened(box, email, sender)
    wanted = [file for file in files if name.strip().casefold() in file.name.casefold()]
    if not wanted:
        there = f"; there is {spoken([file.name for file in files])}" if files else ""
        raise Refusal(f"{found.letter.subject} has no attachment{f' called {name.strip()!r}' if name else ''}{there}.")
    saved = []
    for file in wanted:
        place = free_place(ctx, ctx.granted[0] / file.name)
        ctx.write_file(place, file.content)
        saved.append(place.name)
    return Reply(
        f"Saved {spoken(saved)} in {ctx.granted[0]}.",
        {"files": [str(ctx.granted[0] / one) for one in saved]},
        [found.thing],
    )


def free_place(ctx: Context, place: Path) -> Path:
    """The path, with a number in its name where something is there already."""
    for number in range(1, 1_000):
        tried = place if number == 1 else place.with_name(f"{place.stem} ({number}){place.suffix}")
        if not tried.exists() and not tried.is_symlink() and tried.resolve() not in ctx.files:
            return tried
    raise Refusal(f"There are too many files called {place.name!r} in {place.parent}.")


def yesterday(ctx: Context, days: int) -> date:
    """The day so many days ago."""
    return ctx.now.date() - timedelta(days=days)
