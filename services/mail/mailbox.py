"""A member's mailbox on its server: folders, headers, whole mails, and moving them about.

Must stay true: looking at a mail never marks it as read (PEEK); a mail is named by its folder, the folder's validity
and its number there (RFC 3501's UID), so that a name never comes to mean another mail.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from imaplib import Internaldate2tuple
from time import mktime
from typing import Any

from services.kit import Context, Refusal, Thing
from services.mail.letter import Letter
from services.mail.line import MOST_BYTES, Imap, imap

HEADERS = (
    "FROM TO CC REPLY-TO SUBJECT DATE MESSAGE-ID REFERENCES IN-REPLY-TO LIST-ID LIST-UNSUBSCRIBE LIST-POST FEEDBACK-ID"
    " PRECEDENCE AUTO-SUBMITTED CONTENT-TYPE"
)
BATCH = 100
INBOX = "INBOX"
USUAL = {
    "sent": ("sent", "sent items", "sent mail", "sent messages", "gesendet", "envoyés", "enviados"),
    "drafts": ("drafts", "draft", "entwürfe", "brouillons", "borradores"),
    "trash": ("trash", "deleted items", "deleted messages", "bin", "papierkorb", "corbeille", "papelera"),
    "archive": ("archive", "archives", "all mail", "archiv", "archivo"),
    "junk": ("junk", "spam", "junk e-mail"),
}
"""What folders for special uses are called where the server does not say which they are (RFC 6154)."""
SHOWN = {"sent": "Sent", "drafts": "Drafts", "trash": "Trash", "archive": "Archive", "junk": "Junk"}


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder as the server has it."""

    name: str
    use: str = ""
    """sent, drafts, trash, archive, junk, or empty."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail in a list: its headers, its marks, and where it lies."""

    folder: str
    uid: int
    validity: int
    flags: frozenset[str]
    size: int
    came: datetime | None
    letter: Letter
    """Its headers only."""

    @property
    def id(self) -> str:
        return f"{self.uid}.{self.validity}@{self.folder}"

    @property
    def unread(self) -> bool:
        return "\\seen" not in self.flags

    @property
    def thing(self) -> Thing:
        """The mail, so that "it" can mean it."""
        return Thing("email", self.letter.subject, self.id, self.came, self.folder)

    def data(self) -> dict[str, object]:
        """For programs."""
        sender = self.letter.sender
        return {
            "id": self.id,
            "from": {"name": sender.name, "email": sender.email},
            "subject": self.letter.subject,
            "at": self.came.isoformat() if self.came else None,
            "folder": self.folder,
            "unread": self.unread,
            "flagged": "\\flagged" in self.flags,
            "answered": "\\answered" in self.flags,
        }


class Mailbox:
    """One conversation with the server."""

    def __init__(self, ctx: Context, line: Imap) -> None:
        self._ctx = ctx
        self._line = line
        self._folders: list[Folder] = []
        self._open: tuple[str, bool] = ("", True)
        self._validity = 0

    # Folders

    def folders(self) -> list[Folder]:
        """All of them, the inbox first."""
        if not self._folders:
            rows = [row for row in self._line.list()[1] if row]
            found = [folder for row in rows if (folder := read_folder(row)) is not None]
            self._folders = sorted(found, key=lambda one: (one.name.upper() != INBOX, one.name.casefold()))
        return self._folders

    def folder(self, said: str, *, make: bool = False) -> str:
        """The folder that is meant; refuses one that is not there, but `make`s one for a special use."""
        wanted = re.sub(r"^(?:my|the)\s+|\s+(?:folder|mailbox)$", "", said.strip().casefold())
        if wanted in {"", "inbox"}:
            return INBOX
        there = self.folders()
        named = [one for one in there if one.name.casefold() == wanted]
        used = [one for one in there if one.use and wanted in (one.use, *USUAL[one.use])]
        within = [one for one in there if re.split(r"[./]", one.name.casefold())[-1] == wanted]
        for one in (*named, *used, *within):
            return one.name
        use = next((use for use, names in USUAL.items() if wanted in (use, *names)), "")
        if use and make:
            return self.special(use)
        names = ", ".join(one.name for one in there[:12])
        raise Refusal(f"There is no mail folder called {said.strip()!r}; there are {names}.")

    def special(self, use: str) -> str:
        """The folder for a use; made where there is none."""
        found = next((one.name for one in self.folders() if one.use == use), "")
        if not found:
            found = SHOWN[use]
            self._done(self._line.create(quoted(found)), f"make a folder {found}")
            self._folders = []
        return found

    def has(self, use: str) -> str:
        """The folder for a use; empty where there is none."""
        return next((one.name for one in self.folders() if one.use == use), "")

    def counts(self, folder: str) -> tuple[int, int]:
        """How many mails are in it, and how many of them unread."""
        status, rows = self._line.status(quoted(folder), "(MESSAGES UNSEEN)")
        if status != "OK":
            return 0, 0
        text = b" ".join(row for row in rows if isinstance(row, bytes)).decode("ascii", "replace")
        messages, unseen = re.search(r"MESSAGES (\d+)", text), re.search(r"UNSEEN (\d+)", text)
        return int(messages[1]) if messages else 0, int(unseen[1]) if unseen else 0

    def enter(self, folder: str, *, write: bool = False) -> int:
        """Go to a folder; gives its validity."""
        if self._open != (folder, not write):
            status, rows = self._line.select(quoted(folder), readonly=not write)
            if status != "OK":
                raise Refusal(f"I can't open the mail folder {folder!r}.")
            del rows
            self._open = (folder, not write)
            validity = self._line.response("UIDVALIDITY")[1]
            self._validity = int(validity[0]) if validity and validity[0] else 0
        return self._validity

    # Looking

    def search(self, folder: str, criteria: Sequence[str], text: str = "") -> list[int]:
        """The numbers of the mails that fit, oldest first; `text`: a word that need not be ASCII."""
        self.enter(folder)
        command = [*criteria] or ["ALL"]
        if text:
            self._line.literal = text.encode()  # type: ignore[assignment]  # typeshed says str; bytes are what is sent
            command = ["CHARSET", "UTF-8", *criteria, "TEXT"]
        status, rows = self._line.uid("SEARCH", *command)
        self._done((status, rows), "search")
        return [int(number) for row in rows if isinstance(row, bytes) for number in row.split() if number.isdigit()]

    def headers(self, folder: str, uids: Sequence[int], most: int) -> list[Mail]:
        """The latest of these mails, newest first."""
        validity = self.enter(folder)
        wanted = sorted(uids)[-most:]
        found: list[Mail] = []
        for start in range(0, len(wanted), BATCH):
            numbers = ",".join(str(uid) for uid in wanted[start : start + BATCH])
            what = f"(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS ({HEADERS})])"
            for about, content in self._fetch(numbers, what):
                found.append(read_mail(folder, validity, about, content))
        return sorted(found, key=lambda mail: (mail.came.timestamp() if mail.came else 0.0, mail.uid), reverse=True)

    def raw(self, mail: Mail, most: int = MOST_BYTES) -> bytes:
        """The whole mail, as far as `most` bytes go."""
        self.enter(mail.folder)
        for _, content in self._fetch(str(mail.uid), f"(UID BODY.PEEK[]<0.{most}>)"):
            return content
        raise Refusal("That mail is no longer there.")

    def _fetch(self, numbers: str, what: str) -> Iterator[tuple[str, bytes]]:
        """What is said of each mail, and the content that came with it."""
        status, rows = self._line.uid("FETCH", numbers, what)
        self._done((status, rows), "read")
        for place, row in enumerate(rows):
            if isinstance(row, tuple):
                after = rows[place + 1] if place + 1 < len(rows) and isinstance(rows[place + 1], bytes) else b""
                yield f"{row[0].decode('utf-8', 'replace')} {after.decode('utf-8', 'replace')}", row[1]

    def by_id(self, said: str) -> Mail | None:
        """The mail of that id; None where it is none, refuses where the mail is gone."""
        named = re.fullmatch(r"(\d{1,10})\.(\d{1,10})@(.+)", said.strip())
        if named is None:
            return None
        if self.enter(named[3]) != int(named[2]):
            raise Refusal("That mail is no longer where it was.")
        found = self.headers(named[3], [int(named[1])], 1)
        if not found:
            raise Refusal("That mail is no longer there.")
        return found[0]

    def by_message_id(self, folder: str, message_id: str) -> int | None:
        """The number of the mail with that Message-ID in the folder."""
        if not message_id.isascii() or '"' in message_id or not folder:
            return None
        found = self.search(folder, ["HEADER", "Message-ID", quoted(message_id)])
        return found[-1] if found else None

    # Changing

    def mark(self, folder: str, uids: Iterable[int], flag: str, on: bool) -> None:
        """Set or take away a mark such as \\Seen."""
        numbers = ",".join(str(uid) for uid in uids)
        if numbers:
            self.enter(folder, write=True)
            done = self._line.uid("STORE", numbers, "+FLAGS.SILENT" if on else "-FLAGS.SILENT", f"({flag})")
            self._done(done, "mark")

    def move(self, folder: str, uid: int, to: str) -> None:
        """Move one mail to another folder."""
        self.enter(folder, write=True)
        if "MOVE" in self._line.capabilities:
            self._done(self._line.uid("MOVE", str(uid), quoted(to)), "move")
            return
        self._done(self._line.uid("COPY", str(uid), quoted(to)), "move")
        self.remove(folder, uid)

    def remove(self, folder: str, uid: int) -> None:
        """Take one mail away for good; where the server can't do that to one alone, only mark it as deleted."""
        self.mark(folder, [uid], "\\Deleted", True)
        if "UIDPLUS" in self._line.capabilities:
            self._done(self._line.uid("EXPUNGE", str(uid)), "remove")

    def put(self, folder: str, raw: bytes, flags: str, at: datetime) -> None:
        """Put a mail into a folder."""
        self._done(self._line.append(quoted(folder), flags, at, raw), "keep")

    @property
    def keeps_sent(self) -> bool:
        """The server puts what is sent into its folder by itself."""
        return "X-GM-EXT-1" in self._line.capabilities

    def _done(self, answer: tuple[str, Any], what: str) -> None:
        if answer[0] != "OK":
            rows = answer[1] or [b""]
            why = rows[0].decode("utf-8", "replace")[:150] if isinstance(rows[0], bytes) else ""
            raise Refusal(f"The mail server refuses to {what} that{f': {why}' if why else ''}.")


@contextmanager
def mailbox(ctx: Context) -> Iterator[Mailbox]:
    """The member's mailbox, for the length of the block."""
    with imap(ctx) as line:
        yield Mailbox(ctx, line)


def read_folder(row: Any) -> Folder | None:
    """A line of the list of folders; None for one that holds no mails."""
    if isinstance(row, tuple):  # the name came as a literal
        row = row[0].rpartition(b"{")[0] + b'"' + row[1].replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
    found = re.fullmatch(rb'\((?P<marks>[^)]*)\) (?:"(?:\\.|[^"])*"|NIL) (?P<name>.+)', row.strip())
    if found is None:
        return None
    marks = {mark.decode("ascii", "replace").lower() for mark in found["marks"].split()}
    name = found["name"].strip()
    if name.startswith(b'"'):
        name = re.sub(rb"\\(.)", rb"\1", name[1:-1])
    shown = from_utf7(name)
    if "\\noselect" in marks or "\\nonexistent" in marks:
        return None
    uses = {"\\sent": "sent", "\\drafts": "drafts", "\\trash": "trash", "\\archive": "archive", "\\junk": "junk"}
    use = next((uses[mark] for mark in marks if mark in uses), "")
    last = re.split(r"[./]", shown.casefold())[-1]
    use = use or next((one for one, names in USUAL.items() if last in names), "")
    return Folder(shown, use)


def read_mail(folder: str, validity: int, about: str, content: bytes) -> Mail:
    """A mail from what the server says of it."""
    uid, size = re.search(r"UID (\d+)", about), re.search(r"RFC822\.SIZE (\d+)", about)
    flags = re.search(r"FLAGS \(([^)]*)\)", about)
    moment = Internaldate2tuple(about.encode("utf-8", "replace"))
    came = datetime.fromtimestamp(mktime(moment)).astimezone() if moment else None
    return Mail(
        folder,
        int(uid[1]) if uid else 0,
        validity,
        frozenset(flags[1].lower().split()) if flags else frozenset(),
        int(size[1]) if size else 0,
        came,
        Letter(content),
    )


def quoted(text: str) -> str:
    """A word for the line: a folder's name in the encoding of RFC 3501, a text to search for."""
    if any(ord(sign) < 32 for sign in text):
        raise Refusal("Names and words for mail can't hold control characters.")
    escaped = to_utf7(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def to_utf7(text: str) -> str:
    """The modified UTF-7 of folders' names: &AOQ- for ä."""

    def shifted(found: re.Match[str]) -> str:
        packed = base64.b64encode(found[0].encode("utf-16-be")).rstrip(b"=").replace(b"/", b",")
        return f"&{packed.decode()}-"

    return re.sub(r"[^\x20-\x7e]+", shifted, text.replace("&", "&-"))


def from_utf7(name: bytes) -> str:
    """The same back; what is none stays as it is."""

    def unshifted(found: re.Match[str]) -> str:
        packed = found[1].replace(",", "/")
        return base64.b64decode(packed + "=" * (-len(packed) % 4)).decode("utf-16-be") if packed else "&"

    text = name.decode("utf-8", "replace")
    try:
        return re.sub(r"&([^-]*)-", unshifted, text)
    except ValueError:
        return text


def since_word(day: date) -> str:
    """A day as a search wants it, whatever the language of this machine."""
    months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
    return f"{day.day:02}-{months[day.month - 1]}-{day.year}"
