"""Secrets in what people say: card numbers, passwords, PINs, alarm and one-time codes, keys, recovery phrases.

Must stay true: what is found is the secret itself, so that what is left may be kept; a masked text holds no secret.
Precise rather than complete: a password that nobody calls one, and looks like a word, can't be told from a word.

Account numbers are none: who knows one can pay in, and no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import groupby

from mnemonic import Mnemonic

from memory.errors import Refused


class Kind(StrEnum):
    """What sort of secret it is; the value is what stands in its place."""

    CARD = "card number"
    PASSWORD = "password"
    PIN = "PIN"
    CODE = "code"
    KEY = "key"
    PHRASE = "recovery phrase"


@dataclass(frozen=True, slots=True)
class Sensitive:
    """A secret in a text."""

    kind: Kind
    start: int
    end: int
    """Exclusive; in characters, as `start`."""
    words: str
    """What the text is about, for naming it: "wifi"; may be empty."""

    @property
    def called(self) -> str:
        """A password, a PIN."""
        return f"a {self.kind.value}"


def find(text: str) -> list[Sensitive]:
    """The secrets in a text, from left to right; they do not overlap. Takes microseconds where there is none."""
    found = list(_phrases(text))
    if _MAY_HOLD.search(text.casefold()):
        found += (*_keys(text), *_cards(text), *_said(text))
    found.sort(key=lambda one: (one.start, -one.end))
    apart: list[Sensitive] = []
    for one in found:
        if not apart or one.start >= apart[-1].end:
            apart.append(one)
    return apart


def mask(text: str) -> str:
    """The text with the name of its kind in place of each secret: "my PIN is [PIN]"."""
    for one in reversed(find(text)):
        text = f"{text[: one.start]}[{one.kind.value}]{text[one.end :]}"
    return text


def refusal(text: str) -> Refused | None:
    """Why a note of this text is not kept; None if it holds no secret."""
    found = find(text)
    return Refused(f"This holds {named(found)}, and memory keeps no secrets. The vault does.") if found else None


def named(found: Sequence[Sensitive]) -> str:
    """What was found, as one says it: "a password and a card number"."""
    called = list(dict.fromkeys(one.called for one in found))
    return called[0] if len(called) == 1 else f"{', '.join(called[:-1])} and {called[-1]}"


# Only a text with one of these, in small letters, is looked at closely: without regard to case it takes thrice as long.
_MAY_HOLD = re.compile(
    r"pass|pin|code|key|token|secret|cv[vc]|combination|kennwort|contrase|wachtwoord|pwd|://|-----begin"
    r"|\d[\d -]{11}|[\w-]{20}"
)

# Cards

_DIGITS = re.compile(r"(?<![\w+.-])\d(?:[ -]?\d){11,18}(?![\w-]|\.\d)")
_NETWORKS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|3[47]\d{13}|3(?:[689]\d|0[0-59])\d{11}|(?:5[1-5]|2[2-7])\d{14}"
    r"|6(?:011|5\d\d|4[4-9]\d|2\d\d|3\d\d)\d{12,15}|(?:50|5[6-8]|67)\d{14,17}|35(?:2[89]|[3-8]\d)\d{12}"
)
"""Visa, American Express, Diners, Mastercard, Discover, UnionPay, Maestro, JCB, each with its lengths."""
_OTHER_NUMBER = re.compile(
    r"\b(?:tracking|parcel|package|shipment|order|invoice|isbn|imei|iban|serial|ticket|booking|reference|barcode|phone)\b"
    r"[^.!?]{0,30}$",
    re.I,
)


def _cards(text: str) -> Iterator[Sensitive]:
    for match in _DIGITS.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if (
            _NETWORKS.fullmatch(digits)
            and _luhn(digits)
            and not _OTHER_NUMBER.search(text[max(0, match.start() - 60) : match.start()])
        ):
            yield Sensitive(Kind.CARD, match.start(), match.end(), "card")


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0 and len(set(digits)) > 1


# Keys

_KEYS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?:.*?-----END [A-Z ]*PRIVATE KEY-----|.*)"
    r"|\bsk[-_](?:live_|test_|proj-|ant-)?[\w-]{20,}"
    r"|\b(?:gh[opsur]_|hf_|npm_|muos_|rk_live_)\w[\w-]{29,}|\bgithub_pat_\w{22,}|\bglpat-[\w-]{20,}"
    r"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bxox[abeprs]-[\w-]{10,}|\bAIza[\w-]{35}|\bya29\.[\w-]{20,}"
    r"|(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*|\bSG\.[\w-]{16,}\.[\w-]{16,}"
    r"|\botpauth://\S+",
    re.DOTALL,
)
_IN_ADDRESS = re.compile(r"(?<![a-z0-9+.-])[a-z][a-z0-9+.-]*://[^\s/:@]*:(?P<value>[^\s/@\[]+)@", re.I)
_BEARER = re.compile(r"\bbearer\s+(?P<value>[\w.~+/-]{20,}=*)", re.I)


def _keys(text: str) -> Iterator[Sensitive]:
    for match in _KEYS.finditer(text):
        yield Sensitive(Kind.KEY, match.start(), match.end(), "key")
    for pattern, kind in ((_IN_ADDRESS, Kind.PASSWORD), (_BEARER, Kind.KEY)):
        for match in pattern.finditer(text):
            yield Sensitive(kind, *match.span("value"), "key")


# Said as such: "my password is …"

_WORD_OF = r"[^\s.!?,;:]{1,40}"
_OF = rf"(?:\s+(?:of|for|to|on|at|in|from)\s+(?P<about>(?:{_WORD_OF}\s+){{0,5}}?{_WORD_OF}?))?"
_IS = (
    r"(?:\s*[:=]\s*|'s\s+(?:now\s+)?|\s+(?:changed\s+|set\s+|reset\s+)?to\s+(?:be\s+)?"
    r"|\s+(?:ist|lautet|est|es)\s*:?\s+"
    r"|\s+(?:is|was|it's|has been)\s+(?:still\s+|now\s+|just\s+)?(?:changed\s+to\s+|set\s+to\s+|:\s*)?)"
)
_VALUE = (
    r"(?:[“\"'‘«](?P<quoted>[^\[”\"’»\n][^”\"’»\n]{0,199})[”\"’»']"
    r"|(?P<rest>[^\s\[“\"‘«][^\n]{0,199}))"
)
_CALLED = (
    r"\b(?P<word>pass[ -]?(?:word|phrase|code)|passwort|kennwort|mot de passe|contraseña"
    r"|wachtwoord|(?:wi-?fi|wlan|wpa2?|network|router|encryption|licen[cs]e)[ -]key|pwd)\b"
)
_PASSWORD = re.compile(_CALLED + _OF + _IS + _VALUE, re.I)
_PASSWORD_NEXT = re.compile(_CALLED + r"\s+" + _VALUE, re.I)
_NUMBERS = re.compile(
    r"\b(?P<word>pin(?:[ -]?(?:code|number))?|code|combination|cvv2?|cvc|passcode)\b"
    + _OF
    + f"(?:{_IS}|\\s+)"
    + r"[“\"'‘«]?(?P<value>[*#]?\d(?:[ -]?\d){2,9}[*#]?)(?![\w]|[.,]\d)",
    re.I,
)
_REVERSED = re.compile(r"\b(?P<value>\d{4,8})\s+is\s+(?:your|my|the)\s+(?:[\w-]+\s+){0,3}(?P<word>pin|code)\b", re.I)
_TOKEN = re.compile(
    r"\b(?:api|access|secret|auth|bearer|security|private)[ -]?(?:key|token|secret)"
    + f"{_IS}"
    + r"[“\"'‘«]?(?P<value>[\w./+=-]{12,})",
    re.I,
)
_OTHER_CODE = re.compile(
    r"(?:zip|postal|post|postcode|area|country|dress|error|promo|promotional|discount|coupon|gift|voucher|referral|bar|qr|"
    r"status|source|sort|swift|bic|airport|flight|dial|dialling|dialing|calling|city|state|colou?r|product|item|"
    r"booking|reservation|course|class|morse|tax|exit|http|response|phone|routing|bank|branch|currency|iata|building|"
    r"fault|warning|engine|trouble|stock|ticker|genetic|civil|penal|door|gate|garage|entry|entrance|shed|cabin|barn|locker|"
    r"bike|luggage|suitcase)\W*$",
    re.I,
)

_SHARED_CODE = re.compile(r"\b(?:door|gate|garage|entry|entrance|shed|cabin|barn|locker|bike|luggage|suitcase)\b", re.I)
"""What a household tells its guests, and asks its assistant for."""

_NO_VALUE = frozenset(
    (
        "a about above again all already also always an and any app apps as asked at available back bad because been "
        "before behind being below better between blank book books box broken but by called can can't cannot case "
        "change changed changing clear coming complicated compromised correct could details didn't different "
        "difficult do doesn't don't done due during easy empty encrypted enough entries entry etc even exactly "
        "expired expires expiring field fine first for forgotten from generator gets getting given going gone good "
        "got great hacked hard has have help here hers hidden hint his hopefully how i if important in incorrect "
        "insecure inside instead into invalid is isn't it just kept known last leaked less like list listed lists "
        "located locked login logins long longer lost made manager managers may maybe mentioned might mine missing "
        "more most much must my near needed needs never new next no nobody not nothing now obvious of off ok okay old "
        "on one only or otherwise our ours out outdated over page please policies policy posted pretty printed "
        "private probably prompt protected protection public quite really recovery remembered reminder reminders "
        "request requests required reset resets right safe same saved screen secret secure sent set shared short "
        "should similar simple since so some something sometimes somewhere still stolen stored strong supposed taped "
        "terrible than that the their theirs then there these they this those to together too tough tricky true two "
        "under unique unknown unsafe until unusual up used using valid vault very was we weak weaker what when where "
        "which who why will with without won't worked working works would written wrong yes yet you your yours zero "
    ).split()
)
"""What begins a remark about a password, and not the password."""
_WORDS_ENOUGH = 6
"""Words without a digit that one password may be made of."""
_STRANGE = re.compile(r"\d|[^\w\s'’,.!?;:()…-]|[a-z][A-Z]|\w[_.!?-]\w|[A-Z]{2}.*[a-z]|[!]$")
_CLAUSE = re.compile(r"[.!?;](?=\s|$)|\n|,\s|\s(?:and|but|so|because|please|thanks|for|in case|if|just)\s")


def _said(text: str) -> Iterator[Sensitive]:
    for pattern, judge in ((_PASSWORD, _stated), (_PASSWORD_NEXT, _given)):
        for match in pattern.finditer(text):
            if span := judge(match):
                yield Sensitive(Kind.PASSWORD, *span, _about(match))
    for match in _NUMBERS.finditer(text):
        word = match["word"].lower()
        if word != "code" or not (_OTHER_CODE.search(_before(match)) or _SHARED_CODE.search(match[0])):
            yield Sensitive(_numeric(word), *match.span("value"), _about(match))
    for match in _REVERSED.finditer(text):
        yield Sensitive(_numeric(match["word"].lower()), *match.span("value"), "")
    for match in _TOKEN.finditer(text):
        if _STRANGE.search(match["value"]):
            yield Sensitive(Kind.KEY, *match.span("value"), "key")


def _numeric(word: str) -> Kind:
    return Kind.PIN if word.startswith("pin") else Kind.CODE


def _given(match: re.Match[str]) -> tuple[int, int] | None:
    """Where the password stands in "password k7-Tulip-94"; a plain word that follows is about something else."""
    if match["quoted"] is not None:
        return match.span("quoted")
    bare = _bare(match["rest"])
    strange = _STRANGE.search(bare) and bare.casefold() not in _NO_VALUE
    return (match.start("rest"), match.start("rest") + len(bare)) if strange else None


def _stated(match: re.Match[str]) -> tuple[int, int] | None:
    """Where the password stands in "the password is blue heron 42"; None in "the password is too short"."""
    if match["quoted"] is not None:
        return match.span("quoted")
    start, rest = match.start("rest"), match["rest"]
    bare = _bare(rest)
    if not bare or bare.casefold().replace("’", "'") in _NO_VALUE:
        return None
    clause = _CLAUSE.split(rest, maxsplit=1)[0].rstrip(" .,;:!?)")
    if _STRANGE.search(bare) and not _STRANGE.search(clause[len(bare) :]):
        return start, start + len(bare)
    few = len(clause.split()) <= _WORDS_ENOUGH
    return (start, start + len(clause)) if few or _STRANGE.search(clause) else None


def _bare(rest: str) -> str:
    return rest.split(maxsplit=1)[0].rstrip(".,;:!?)’'\"")


def _before(match: re.Match[str]) -> str:
    """The two words before."""
    return " ".join(match.string[max(0, match.start() - 60) : match.start()].split()[-2:])


def _about(match: re.Match[str]) -> str:
    """What it opens: "the wifi password", "the code for the garage"."""
    said = match.groupdict().get("about") or _before(match) or match["word"].rpartition(" key")[0]
    words = [word for word in re.findall(r"[\w’'-]+", said) if word.casefold() not in _NO_NAME]
    return " ".join(words[-3:])


_VERBS = (
    "her him remember note keep mind i'm i've everybody everyone guys hey save store add put use make update mein mon"
)
_NO_NAME = (_NO_VALUE - {"safe", "vault", "app", "private", "shared"}) | frozenset(_VERBS.split())

# Recovery phrases

SHORTEST_PHRASE = 12
"""Words, of BIP-39's list; the shortest that wallets use."""
DISTINCT = 9
"""Words of one that differ, as chance has it: one word over and over is none."""
_WORD = re.compile(r"[A-Za-z]+")


@cache
def _phrase_words() -> frozenset[str]:
    return frozenset(Mnemonic("english").wordlist)


def _phrases(text: str) -> Iterator[Sensitive]:
    listed = _phrase_words()
    if len(listed.intersection(_WORD.findall(text.lower()))) < DISTINCT:
        return
    words = list(_WORD.finditer(text))
    for known, run in groupby(words, key=lambda word: word[0].lower() in listed):
        found = list(run)
        if known and len({word[0].lower() for word in found}) >= DISTINCT and len(found) >= SHORTEST_PHRASE:
            yield Sensitive(Kind.PHRASE, found[0].start(), found[-1].end(), "wallet")
