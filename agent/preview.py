"""Asking what would happen: "what would happen if I deleted the list?", "dry run: delete the list".

Such a turn runs as a preview of the request inside it. By rules, in English; what is not recognised is not taken
for a preview, and a question that changes something is passed on by the reflex in any case.
"""

from __future__ import annotations

import re

LONGEST = 500
"""Characters of a request that may be one of these; nobody rehearses more."""
FLAGS = re.IGNORECASE
WHO = "(?:i|we|you|one|someone|somebody)"
POLITE = "(?:please |just |only |now |so |and |then |as |(?:can|could|would) you )*"
TELL = "(?:(?:tell|show) me |say |explain )?"
WOULD = "(?:what (?:would|will|might|could) (?:happen|change)|what(?:'d| would) you do|what happens|what)"
IF = re.compile(
    rf"{POLITE}{TELL}{WOULD},? (?:if|when|were|supposing|should) {WHO} "
    "(?:(?:were|was|had) (?:to )?|should |would |just )*(.+)",
    FLAGS,
)
"""The rest begins with a verb, in the past ("deleted") or as it is ("delete")."""
PAUSE = r"\s*[:,;\u2013\u2014-]"
SHOW = "(?:show|tell) me what (?:(?:it|that|you|this) would do|would happen)(?: if i said| for| with)?"
WITHOUT = "(?:(?:don't|do not) (?:actually |really )?(?:do|change) |without (?:actually |really )?(?:doing|changing) )"
REHEARSAL = (
    "(?:(?:do |make |run )?(?:a )?(?:dry[- ]?run|preview|test run|rehearsal|simulation)(?: only| of(?: this)?)?)"
)
SAID = f"(?: {WHO}(?: said| asked(?: you)?| told you| want(?:ed)?(?: you)?)?)?"
LED = re.compile(
    rf"{POLITE}(?:{REHEARSAL}{PAUSE}+|dry[- ]?run|simulate|rehearse|(?:act as if|pretend)(?: that)?{SAID}(?: to)?"
    rf"|{SHOW}{PAUSE}*|{WITHOUT}(?:it|this|anything),?(?: {POLITE}{SHOW})?{PAUSE}*) ?(?<=\W)(.+)",
    FLAGS,
)
TRAILED = re.compile(
    rf"(.+?) ?[,;(\u2013\u2014-] ?(?:but |and )*{POLITE}"
    rf"(?:(?:a )?{REHEARSAL}(?: please)?|{WITHOUT}(?:it|this|anything)(?: yet)?|{SHOW}|what would happen)[.)!? ]*",
    FLAGS,
)
PAST = dict(
    pair.split("/")
    for pair in (
        "set/set put/put cut/cut let/let shut/shut read/read began/begin bought/buy brought/bring built/build came/come"
        " did/do drank/drink drew/draw ate/eat fed/feed found/find forgot/forget gave/give got/get had/have held/hold"
        " kept/keep left/leave lent/lend lost/lose made/make met/meet paid/pay ran/run rang/ring said/say sent/send"
        " slept/sleep spent/spend spoke/speak stuck/stick struck/strike swept/sweep swapped/swap took/take told/tell"
        " threw/throw turned/turn undid/undo woke/wake wrote/write rewrote/rewrite went/go withdrew/withdraw"
        " redid/redo was/be were/be hid/hide chose/choose overwrote/overwrite sold/sell split/split reset/reset"
        " taught/teach thought/think understood/understand won/win wore/wear hung/hang hit/hit kicked/kick"
    ).split()
)
WITH_E = frozenset(
    """
    activate advise announce approve archive arrange arrive automate bake balance behave bike bounce browse
    calculate celebrate challenge change charge choose clone close combine compare compile complete compose consume
    continue create cycle date deactivate decide declare decline decrease define delete describe disable divide
    donate double drive duplicate enable engage enlarge erase escape estimate exchange exclude excuse exercise
    explore fade file fire force frame freeze give guide handle hide hire hope ignore improve include increase
    introduce invite issue leave like line live locate lose love make manage merge message mime move mute name note
    notice organise organize outline package page pause phone pile place postpone praise prepare price prioritise
    prioritize produce promise pronounce provide purchase purge queue quote raise rate receive recycle reduce refine
    release remove rename replace reschedule rescue reserve restore resume retire reuse revise rotate route save
    scale schedule score serve settle shade share shave shuffle size slice slide smoke snooze solve squeeze store
    style subscribe swipe take tape time title toggle trace trade translate tune type unsubscribe update upgrade use
    value vibrate vote wake wave wipe wire write
    """.split()
)
"""Verbs that lose an e before an ending."""
DOUBLED = re.compile(r"([bdgklmnprtvz])\1$")
DOUBLES = frozenset(
    "add bill buzz call chill fill install kill poll pull roll scroll sell spell spill tell toll yell".split()
)
"""Verbs that end in two of the same."""


def previewed(text: str) -> str | None:
    """The request whose effect is asked about, as one would make it; None if the text asks for no preview."""
    said = " ".join(text.replace("\u2019", "'").split()).strip('"\u201c\u201d')
    if len(said) > LONGEST:
        return None
    if found := IF.fullmatch(said):
        rest = re.sub(
            "^(?:said|say|asked(?: you)?(?: to)?|told you to)[:,]? ", "", found[1].rstrip("?!. "), flags=FLAGS
        )
        return imperative(unquoted(rest))
    found = LED.fullmatch(said) or TRAILED.fullmatch(said)
    return imperative(unquoted(found[1])) if found else None


def unquoted(text: str) -> str:
    """Without quotes around the whole of it."""
    text = text.strip()
    for opening, closing in (('"', '"'), ("'", "'"), ("“", "”"), ("‘", "’")):
        if text.startswith(opening) and text.endswith(closing) and len(text) > 1:
            return text[1:-1].strip()
    return text


def imperative(request: str) -> str:
    """The request with its first verb as one says it to somebody: "deleted the list" is "delete the list"."""
    parts = re.split(r"(\band (?:then )?)(?=\w+ed\b)", request)
    return "".join(part if number % 2 else led(part) for number, part in enumerate(parts))


def led(clause: str) -> str:
    """One clause, beginning with the plain verb."""
    first, space, rest = clause.partition(" ")
    return plain_verb(first) + space + rest


def plain_verb(word: str) -> str:
    """deleted, deleting → delete; any other word as it is."""
    low = word.lower()
    if low in PAST:
        return PAST[low]
    for ending in ("ied", "ed", "ing"):
        stem = low.removesuffix(ending)
        if stem != low and len(stem) >= 2:
            return stem + "y" if ending == "ied" else whole(stem)
    return word


def whole(stem: str) -> str:
    """The verb from what is left without its ending: delet → delete, stopp → stop, add → add."""
    if f"{stem}e" in WITH_E:
        return f"{stem}e"
    return stem[:-1] if DOUBLED.search(stem) and stem not in DOUBLES else stem
