"""Collections of calendar entries or contacts on a server: CalDAV (RFC 4791) and CardDAV (RFC 6352).

    dav = Dav(ctx.web, CALENDARS, "https://dav.example.org", ("anna", "secret"))
    for collection in dav.collections(): changes = dav.changes(collection.url, token)

Must stay true: nothing on the server is overwritten or removed that is not as it was last seen (ETags and If-Match);
the password goes only where an encrypted address stays encrypted. Entity declarations in XML are refused.

What changed is asked by sync-collection (RFC 6578) where the server has it, else by comparing ETags. Not covered:
servers that hand a member on to another host name (it must be the address in the settings), locks, scheduling.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import quote, unquote, urljoin, urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from services.kit.refusal import Refusal
from services.kit.web import Page
from services.kit.webfault import WebFault

MOST_BYTES = 24 * 1024 * 1024
"""Of one answer: a listing of a hundred thousand entries, or a batch of contacts with photos."""
SECONDS = 20.0
BATCH = 40
"""Entries that are fetched at once."""
PORTIONS = 50
"""Answers that one question for changes may be cut into."""
XML = "application/xml; charset=utf-8"
DAV = "{DAV:}"
NO_SUCH_REPORT = frozenset({400, 403, 404, 405, 409, 412, 415, 422})
"""Answers to a question for changes that mean: not this way, or not from that point on."""


class Asks(Protocol):
    """`ctx.web`, as far as it is needed here."""

    def request(
        self,
        method: str,
        url: str,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        *,
        most_bytes: int = ...,
        seconds: float = ...,
    ) -> Page:
        """Any request, answered whatever the status below 500."""
        ...


@dataclass(frozen=True, slots=True)
class Flavour:
    """What tells CalDAV from CardDAV."""

    namespace: str
    well_known: str
    kind: str
    """The name of its resource type."""
    suffix: str
    media: str

    @property
    def home(self) -> str:
        """The property that says where a member's collections lie."""
        return f"{{{self.namespace}}}{self.kind}-home-set"


CALENDARS = Flavour("urn:ietf:params:xml:ns:caldav", "/.well-known/caldav", "calendar", ".ics", "text/calendar")
ADDRESS_BOOKS = Flavour("urn:ietf:params:xml:ns:carddav", "/.well-known/carddav", "addressbook", ".vcf", "text/vcard")


@dataclass(frozen=True, slots=True)
class Collection:
    """A calendar or an address book."""

    url: str
    name: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What is other than at the point that was asked from."""

    etags: dict[str, str]
    """By URL: what is there now, or (not `whole`) what changed."""
    removed: tuple[str, ...] = ()
    token: str = ""
    """From where to ask the next time; empty if the server has no such points."""
    whole: bool = True
    """`etags` is everything that is there."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One response of a multistatus."""

    url: str
    status: int
    properties: dict[str, ElementTree.Element] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A property's text; empty where there is none."""
        found = self.properties.get(name)
        return (found.text or "").strip() if found is not None else ""


class Changed(Exception):
    """What was to be written is not as it was last seen: another program was there first."""


class Rejected(Exception):
    """The server does not take this one thing; the text says how it put it."""


class Dav:
    """One member's account on one server."""

    def __init__(self, web: Asks, flavour: Flavour, address: str, auth: tuple[str, str] | None) -> None:
        self._web = web
        self._auth = auth
        self.flavour = flavour
        self.address = address if "://" in address else f"https://{address}"

    @property
    def host(self) -> str:
        """For sentences."""
        return urlsplit(self.address).hostname or self.address

    # Finding the collections

    def collections(self) -> list[Collection]:
        """The collections at the address, or those that the server says are the member's. Raises Refusal."""
        wanted = [f"{DAV}resourcetype", f"{DAV}displayname", f"{DAV}current-user-principal", self.flavour.home]
        wanted.append(f"{{{self.flavour.namespace}}}supported-calendar-component-set")
        for start in (self.address, urljoin(self.address, self.flavour.well_known)):
            found = self._properties(start, wanted)
            if found is None:
                continue
            if self._fits(found):
                return [self._collection(found)]
            home = self._home(found)
            if home:
                listed = self._multistatus("PROPFIND", home, asking("propfind", wanted), depth="1")
                return [self._collection(answer) for answer in listed if self._fits(answer)]
        raise Refusal(f"I find no {self.flavour.kind} at {self.address}; please check the address.")

    def _home(self, answer: Answer) -> str:
        home = link(answer, self.flavour.home)
        principal = link(answer, f"{DAV}current-user-principal")
        if not home and principal:
            found = self._properties(principal, [self.flavour.home])
            home = link(found, self.flavour.home) if found is not None else ""
        return home

    def _properties(self, url: str, wanted: Sequence[str]) -> Answer | None:
        """The properties of one resource; None where the server has nothing to say about it."""
        page = self._ask("PROPFIND", url, asking("propfind", wanted), {"depth": "0"})
        if page.status != 207:
            return None
        return next((answer for answer in answers(page) if answer.properties), None)

    def _fits(self, answer: Answer) -> bool:
        kinds = answer.properties.get(f"{DAV}resourcetype")
        if kinds is None or kinds.find(f"{{{self.flavour.namespace}}}{self.flavour.kind}") is None:
            return False
        holds = answer.properties.get(f"{{{self.flavour.namespace}}}supported-calendar-component-set")
        return holds is None or not len(holds) or any(one.get("name") == "VEVENT" for one in holds)

    def _collection(self, answer: Answer) -> Collection:
        url = answer.url if answer.url.endswith("/") else f"{answer.url}/"
        return Collection(url, answer.text(f"{DAV}displayname") or unquote(url.rstrip("/").rpartition("/")[2]))

    # What changed, and what is there

    def changes(self, collection: str, token: str) -> Changes:
        """What changed since the point `token`; without one, or where it is no longer known, everything."""
        etags: dict[str, str] = {}
        removed: list[str] = []
        at = token
        for _ in range(PORTIONS):
            page = self._report(collection, at)
            if page is None:
                return self.changes(collection, "") if token else self._listing(collection)
            last = at
            at = self._take(page, collection, etags, removed)
            cut = any(answer.status == 507 for answer in answers(page))
            if not cut or at == last:
                return Changes(etags, tuple(removed), at, whole=not token)
        return Changes(etags, tuple(removed), at, whole=False)

    def _report(self, collection: str, token: str) -> Page | None:
        """The answer to what changed since; None where the server can't say, or not from there."""
        try:
            page = self._ask("REPORT", collection, sync_body(token), {"depth": "0"})
        except WebFault as fault:
            if fault.status == 501:
                return None
            raise
        return None if page.status in NO_SUCH_REPORT else page

    def _take(self, page: Page, collection: str, etags: dict[str, str], removed: list[str]) -> str:
        """Enter one answer; gives the point up to which it goes."""
        for answer in self._expected(page):
            if same(answer.url, collection):
                continue
            if answer.status == 404:
                removed.append(answer.url)
            elif etag := answer.text(f"{DAV}getetag"):
                etags[answer.url] = etag
        return (parsed(page).findtext(f"{DAV}sync-token") or "").strip()

    def _listing(self, collection: str) -> Changes:
        wanted = [f"{DAV}getetag", f"{DAV}resourcetype"]
        listed = self._multistatus("PROPFIND", collection, asking("propfind", wanted), depth="1")
        here = [answer for answer in listed if not same(answer.url, collection)]
        return Changes({answer.url: etag for answer in here if (etag := answer.text(f"{DAV}getetag"))})

    def fetch(self, collection: str, urls: Sequence[str]) -> Iterator[tuple[str, str, str]]:
        """URL, ETag and content of those that are there, in batches; what is gone is left out."""
        space = self.flavour.namespace
        data = f"{{{space}}}{'calendar-data' if self.flavour is CALENDARS else 'address-data'}"
        for start in range(0, len(urls), BATCH):
            links = "".join(f"<D:href>{escape(path_of(url))}</D:href>" for url in urls[start : start + BATCH])
            body = asking(f"{{{space}}}{self.flavour.kind}-multiget", [f"{DAV}getetag", data], links)
            for answer in self._multistatus("REPORT", collection, body, depth="1"):
                etag, content = answer.text(f"{DAV}getetag"), answer.properties.get(data)
                if etag and content is not None and content.text:
                    yield answer.url, etag, content.text

    # Writing

    def place(self, collection: str, uid: str) -> str:
        """Where something new goes: the same place for the same UID, so that a second try finds the first."""
        return urljoin(collection, hashlib.sha256(uid.encode()).hexdigest()[:40] + self.flavour.suffix)

    def put(self, url: str, content: str, etag: str | None) -> str:
        """Write it where it is still as `etag` says (None: not there yet); gives the new ETag, empty if not told.

        Raises Changed, Rejected, Refusal.
        """
        condition = {"if-none-match": "*"} if etag is None else {"if-match": etag}
        page = self._ask(
            "PUT", url, content.encode(), {**condition, "content-type": f"{self.flavour.media}; charset=utf-8"}
        )
        self._refuse_failed(page)
        return page.headers.get("etag", "")

    def delete(self, url: str, etag: str) -> None:
        """Remove it where it is still as `etag` says; what is gone already is no fault. Raises Changed, Rejected."""
        page = self._ask("DELETE", url, b"", {"if-match": etag})
        if page.status not in {404, 410}:
            self._refuse_failed(page)

    def _refuse_failed(self, page: Page) -> None:
        if page.status == 412:
            raise Changed
        if not 200 <= page.status < 300:
            raise Rejected(f"status {page.status}")

    # The wire

    def _ask(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> Page:
        if self.address.startswith("https:") and not url.startswith("https:"):
            raise Refusal(f"{self.host} sends me on to an address without encryption, so I stopped.")
        given = {"content-type": XML, **headers}
        page = self._web.request(method, url, body, given, self._auth, most_bytes=MOST_BYTES, seconds=SECONDS)
        if page.status == 401:
            raise Refusal(f"{self.host} does not accept the user name or the password.")
        return page

    def _multistatus(self, method: str, url: str, body: bytes, depth: str) -> list[Answer]:
        return self._expected(self._ask(method, url, body, {"depth": depth}))

    def _expected(self, page: Page) -> list[Answer]:
        if page.status == 403:
            raise Refusal(f"{self.host} does not let you see that.")
        if page.status != 207:
            raise Refusal(f"{self.host} answers in a way that I don't understand (status {page.status}).")
        return answers(page)


def asking(element: str, properties: Iterable[str], more: str = "") -> bytes:
    """A request that names properties, as {namespace}name."""
    names = "".join(empty(name) for name in properties)
    root = empty(element if element.startswith("{") else f"{DAV}{element}")
    opened, name = root[:-2], root[1:].split(" ", 1)[0]
    text = f'<?xml version="1.0" encoding="utf-8"?>{opened} xmlns:D="DAV:"><D:prop>{names}</D:prop>{more}</{name}>'
    return text.encode()


def empty(name: str) -> str:
    """<x:name xmlns:x="namespace"/> for {namespace}name."""
    space, _, local = name[1:].partition("}")
    return f'<x:{local} xmlns:x="{space}"/>'


def sync_body(token: str) -> bytes:
    """The question of RFC 6578: what changed since."""
    text = (
        '<?xml version="1.0" encoding="utf-8"?><D:sync-collection xmlns:D="DAV:">'
        f"<D:sync-token>{escape(token)}</D:sync-token><D:sync-level>1</D:sync-level>"
        "<D:prop><D:getetag/></D:prop></D:sync-collection>"
    )
    return text.encode()


def parsed(page: Page) -> ElementTree.Element:
    """The XML of an answer; what declares a document type, and with it entities, is refused unread."""
    try:
        text = page.body.decode("utf-8-sig")
        if "<!DOCTYPE" in text or "<!ENTITY" in text or "\0" in text:
            raise ValueError("a document type")
        return ElementTree.fromstring(text)
    except (ValueError, ElementTree.ParseError, RecursionError):
        host = urlsplit(page.url).hostname
        raise Refusal(f"{host} answers in a way that I don't understand; is that the right address?") from None


def answers(page: Page) -> list[Answer]:
    """The responses of a multistatus, with what is found of each."""
    found = []
    for response in parsed(page).iterfind(f"{DAV}response"):
        href = (response.findtext(f"{DAV}href") or "").strip()
        properties: dict[str, ElementTree.Element] = {}
        for part in response.iterfind(f"{DAV}propstat"):
            if status_of(part) == 200:
                properties |= {one.tag: one for prop in part.iterfind(f"{DAV}prop") for one in prop}
        if href:
            found.append(Answer(urljoin(page.url, href), status_of(response), properties))
    return found


def status_of(element: ElementTree.Element) -> int:
    """200 of HTTP/1.1 200 OK; 200 where nothing is said."""
    words = (element.findtext(f"{DAV}status") or "").split()
    return int(words[1]) if len(words) > 1 and words[1].isdecimal() else 200


def link(answer: Answer, name: str) -> str:
    """The URL in a property; empty where there is none."""
    found = answer.properties.get(name)
    href = found.findtext(f"{DAV}href") if found is not None else None
    return urljoin(answer.url, href.strip()) if href and href.strip() else ""


def path_of(url: str) -> str:
    """The path, as servers write it in answers."""
    return urlsplit(url).path or "/"


def same(one: str, other: str) -> bool:
    """Whether two URLs mean the same resource, however they are written."""
    return plain(one) == plain(other)


def plain(url: str) -> str:
    """One spelling of a URL: %40 and @ are the same, and so is a slash at the end."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{quote(unquote(parts.path.rstrip('/')))}"
