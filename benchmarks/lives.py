"""Long lives from a seed: years of a household of three, told to MuOS as people tell it, with questions and answers.

Members move, change jobs, rename things, change their minds, promise and keep or not, chat about nothing, alone and in
shared rooms. Each question knows its one right answer, and what would be wrong. The same seed gives the same lives.

Every thing can be said and asked in several ways; of each, the last are held out: whoever works on the grammar of facts
or on recall is not to look at them, and the benchmark counts them apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Literal

from benchmarks.life_words import CHAT, DEEDS, DONE, FACTS, OTHERS, PROMISED, SAID, Theme
from memory.note import Note, Scope

MEMBERS = ("ann", "bob", "cem")
START = datetime(2022, 1, 3, 8, tzinfo=UTC)
KITCHEN, DEN = "kitchen", "den"
Kind = Literal["now", "changed", "then", "others", "never", "due", "who", "joined"]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked in the end, and the right answer."""

    kind: Kind
    text: str
    member: str
    now: datetime
    right: tuple[str, ...] = ()
    """What the answer must hold; all of it. Nothing: it must be refused."""
    wrong: tuple[str, ...] = ()
    """What it must not hold."""
    room: str = "home"
    held: bool = False
    """A phrasing that was held out, of the question or of what answers it."""


@dataclass
class Lives:
    """A household over some years."""

    seed: int
    years: int = 4
    chat: int = 300
    """Remarks a year that say nothing lasting, by each member."""
    notes: list[Note] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    joined: datetime | None = None
    """When cem joined the den."""

    def __post_init__(self) -> None:
        self._random = Random(self.seed)
        self._end = START + timedelta(days=365 * self.years)
        self._pools = {theme.name: self._random.sample(theme.values, len(theme.values)) for theme in (*FACTS, *OTHERS)}
        for member in MEMBERS:
            self._facts(member)
            self._others(member)
            self._promises(member)
            self._chat(member)
        self._said_in_kitchen()
        self._den()
        self.notes.sort(key=lambda note: note.when)

    # What is lived

    def _facts(self, member: str) -> None:
        """Facts of one's own: some change, some are told once, some never."""
        for theme in FACTS:
            times = self._random.choice(theme.times)
            values = [self._pools[theme.name].pop() for _ in range(times)]
            at = self._moments(times)
            held = False
            for when, value in zip(at, values, strict=True):
                held = self._tell(member, when, theme.said, value)
            self._ask(member, theme, list(zip(at, values, strict=True)), held)

    def _others(self, member: str) -> None:
        """Facts of friends, whom each member has their own of."""
        for number, theme in enumerate(OTHERS):
            name, stranger = (self._friends(member)[(number + step) % 4] for step in (0, 1))
            value = self._pools[theme.name].pop()
            told = self._tell(member, self._moments(1)[0], theme.said, value, name)
            text, held = self._phrase(theme.asked)
            self._add("others", text.format(who=name), member, right=(value,), held=held or told)
            text, held = self._phrase(theme.asked)
            self._add("never", text.format(who=stranger), member, wrong=(value,), held=held)

    def _promises(self, member: str) -> None:
        """Deeds promised over the years, of which some are done; those of the last week are asked for."""
        deeds = self._random.sample(DEEDS, len(DEEDS))
        open_: list[str] = []
        for number, (deed, did) in enumerate(deeds):
            recent = number < 3
            when = self._end - timedelta(days=self._random.uniform(1, 3)) if recent else self._moments(1)[0]
            due = when + timedelta(days=self._random.choice((1, 2, 3)) if not recent else 4)
            text, _ = self._phrase(PROMISED)
            self._note(member, when, text.format(deed=deed, day=f"{due:%A}"))
            if not recent or number == 2:
                after = due if not recent else self._end - timedelta(hours=6)
                self._note(member, after, self._phrase(DONE)[0].format(did=did))
            else:
                open_.append(deed)
        done = tuple(deed for deed, _ in deeds if deed not in open_)
        self._add("due", "what did I promise to do?", member, right=tuple(open_), wrong=done)

    def _said_in_kitchen(self) -> None:
        """Each says something of the same thing in a shared room."""
        for thing, remarks in SAID:
            for member, remark in zip(self._random.sample(MEMBERS, 2), self._random.sample(remarks, 2), strict=True):
                when = self._moments(1)[0]
                self._note(member, when, remark.format(thing=thing), KITCHEN, Scope.ROOM)
                others = [each for each in MEMBERS if each != member]
                asks = f"what did {member.title()} say about the {thing}?"
                wrong = tuple(one.format(thing=thing) for one in remarks if one != remark)
                asker = self._random.choice(others)
                self._add("who", asks, asker, right=(remark.format(thing=thing),), wrong=wrong, room=KITCHEN)

    def _den(self) -> None:
        """A room that cem joins in the middle: what was said before is not for him."""
        self.joined = START + timedelta(days=365 * self.years / 2)
        for number in range(6):
            early = number % 2 == 0
            word = f"{self._random.choice(('amber', 'birch', 'cobalt', 'dune', 'ember', 'frost'))}{number}"
            when = self.joined + timedelta(days=(-1 if early else 1) * (10 + number))
            thing = ("projector", "safe", "printer", "amplifier", "scanner", "router")[number]
            self._note("ann", when, f"the {thing} is kept in the {word} box", DEN, Scope.ROOM)
            asks = f"where is the {thing} kept?"
            for member in ("bob", "cem"):  # where cem listens, what he may not hear is told to nobody
                right = () if early else (word,)
                self._add("joined", asks, member, right=right, wrong=(word,) if early else (), room=DEN)
            self._add("joined", asks, "bob", right=(word,))

    def _chat(self, member: str) -> None:
        for when in self._moments(self.chat * self.years):
            self._note(member, when, self._random.choice(CHAT).format(n=self._random.randint(2, 60)))

    # How it is told and asked

    def _ask(self, member: str, theme: Theme, told: Sequence[tuple[datetime, str]], held: bool) -> None:
        text, asked_held = self._phrase(theme.asked)
        if not told:
            self._add("never", text, member, held=asked_held)
            return
        *earlier, (_, value) = told
        wrong = tuple(old for _, old in earlier)
        self._add("changed" if earlier else "now", text, member, right=(value,), wrong=wrong, held=held or asked_held)
        if earlier and theme.then:
            number = self._random.randrange(len(earlier))
            (since, value), (until, _) = told[number], told[number + 1]
            middle = since + (until - since) / 2
            text, asked_held = self._phrase(theme.then)
            wrong = tuple(each for _, each in told if each != value)
            asks = text.format(month=f"{middle:%B %Y}")
            self._add("then", asks, member, right=(value,), wrong=wrong, held=asked_held)

    def _tell(self, member: str, when: datetime, said: Sequence[str], value: str, who: str = "") -> bool:
        text, held = self._phrase(said)
        self._note(member, when, text.format(x=value, who=who))
        return held

    def _phrase(self, of: Sequence[str]) -> tuple[str, bool]:
        """One way to say it, and whether it is held out: the last third is."""
        number = self._random.randrange(len(of))
        return of[number], number >= len(of) - len(of) // 3

    def _moments(self, count: int) -> list[datetime]:
        """So many, at least two months apart where they are few, in order; not in the last two weeks."""
        days = 365 * self.years - 30
        if 0 < count < 10:
            part = days / count
            chosen = [part * (number + self._random.uniform(0.1, 0.8)) for number in range(count)]
        else:
            chosen = sorted(self._random.uniform(0, days) for _ in range(count))
        return [START + timedelta(days=day, minutes=self._random.randint(0, 700)) for day in chosen]

    def _friends(self, member: str) -> Sequence[str]:
        names = ("Ines Jonas Kira Luis Mona Nils Olga Pavel Quinn Rosa Sven Tara").split()
        start = 4 * MEMBERS.index(member)
        return names[start : start + 4]

    def _note(self, member: str, when: datetime, text: str, room: str = "home", scope: Scope = Scope.PRIVATE) -> None:
        self.notes.append(Note(text[:1].upper() + text[1:], member, when, member, room, scope=scope))

    def _add(
        self,
        kind: Kind,
        text: str,
        member: str,
        *,
        right: tuple[str, ...] = (),
        wrong: tuple[str, ...] = (),
        room: str = "home",
        held: bool = False,
    ) -> None:
        self.questions.append(Question(kind, text, member, self._end, right, wrong, room, held))
