"""Commitments: what somebody says they will do, and what they say they did.

Must stay true: "I'll think about it" is no promise; one takes a deed that can be done and seen to be done. What is
asked of the assistant is none either.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_DEEDS = (
    "call ring phone email mail text message write send pay book buy order pick drop return bring fix "
    "repair clean wash finish submit hand visit meet cancel renew post sign ask tell "
    "talk speak help cook bake make mow water feed take do prepare schedule arrange organise organize "
    "contact reply answer look collect deliver register apply file paint pack study practise practice "
    "give lend get read learn build hang assemble replace change check tidy vacuum iron shop fetch "
    "empty walk babysit drive print scan review complete fill send update upload donate sell "
    "host invite lend repay transfer sort set install mend sew plant trim cut prune invoice attend "
    "translate present deal hoover wipe polish dust sweep weed rake shovel unpack unblock descale service varnish "
    "sand tile insulate assemble sharpen sweep collect refill drop top charge refund settle lock unlock clear visit "
    "organise run bring fold knit crochet "
).split()
_DONE = dict(
    pair.split(":")
    for pair in (
        "rang:ring paid:pay bought:buy sent:send wrote:write written:write told:tell brought:bring took:take "
        "taken:take did:do done:do made:make met:meet got:get gave:give given:give spoke:speak spoken:speak "
        "fed:feed read:read built:build hung:hang lent:lend sold:sell cut:cut set:set drove:drive dealt:deal "
        "swept:sweep ran:run knitted:knit wiped:wipe emptied:empty tidied:tidy replied:reply applied:apply "
        "studied:study dropped:drop mopped:mop trimmed:trim "
        "mowed:mow mown:mow filed:file baked:bake filled:fill planned:plan shopped:shop scanned:scan "
    ).split()
)
_VERBS = frozenset(_DEEDS)
for _deed in _DEEDS:
    _DONE.setdefault(f"{_deed}d" if _deed.endswith("e") else f"{_deed}ed", _deed)
_DEED = r"(?P<verb>[a-z]+)(?: (?P<what>.+))?"
_SURE = re.compile(
    rf"(?:I|[Ww]e) (?:will|shall|am going to|are going to)(?: definitely| certainly| also| try to|"
    rf" make sure to| be sure to| have to| need to)? {_DEED}"
    rf"|(?:I|[Ww]e) (?:have |did )?(?:promised|promise|vow|vowed|swore|swear|agreed|offered|volunteered|pledged|"
    rf"undertook|committed)(?: (?:myself|"
    rf"to myself|(?:my|our) [\w-]+(?: [A-Z]\w+)?|[A-Z][\w-]+|him|her|them|you|mum|dad|grandma|"
    rf"grandpa))?(?: (?:that )?(?:I|[Ww]e)(?: will| would)| to) (?P<verb2>[a-z]+)(?: (?P<what2>.+))?"
    rf"|(?:I|[Ww]e) (?:have )?(?:said|(?:told|assured) (?:(?:my|our) [\w-]+(?: [A-Z]\w+)?|[A-Z][\w-]+|him|her|"
    rf"them))(?: that)? (?:I|[Ww]e)(?: will| would) (?P<verb3>[a-z]+)(?: (?P<what3>.+))?"
    rf"|(?:I|[Ww]e) (?:must|have to|need to|have got to|got to) not forget to (?P<verb4>[a-z]+)(?: (?P<what4>.+))?"
)
_NEEDED = re.compile(
    rf"(?:I|[Ww]e) (?:(?:still|really|also|absolutely|finally) )?(?:have to|need to|must|have got to|got to|ought to|"
    rf"am supposed to|are supposed to|am meant to|are meant to|plan to|mean to|am planning to|are planning to|"
    rf"intend to|"
    rf"had better|should|would better|have yet to|want to) {_DEED}"
    rf"|(?:[Mm]y|[Oo]ur) (?:plan|intention|resolution|goal|job|task) (?:for \w+ )?is to (?P<verb2>[a-z]+)(?: "
    rf"(?P<what2>.+))?"
    rf"|[Ll]et us (?P<verb3>[a-z]+)(?: (?P<what3>.+))?"
)
_WHO = r"(?P<who>[A-Z][\w-]+|[Mm]y [a-z-]+(?: [A-Z]\w+)?)"
_OTHER = re.compile(
    rf"{_WHO} (?:(?:has )?(?:promised|agreed|offered|volunteered)(?: (?:me|us|him|her|[A-Z]\w+))? to|will|is going to|"
    rf"(?:said|promised)(?: (?:me|us))?(?: that)? (?:he|she|they) (?:would|will)) {_DEED}"
)
_OTHER_DID = re.compile(rf"{_WHO} (?:has )?(?:finally |just |already )?(?P<verb>[a-z]+) (?P<what>.+)")
_DROPPED = re.compile(
    r"(?:I|[Ww]e) (?:have )?(?:called off|gave up on|given up on|gave up|decided against|decided not to be|dropped|"
    r"abandoned|cancell?ed|am not|are not)(?: (?:the idea|the plan|my plan) of)? (?P<verb>[a-z]+ing) (?P<what>.+)"
)
_WISHED = re.compile(r"\w+ (?:\w+ )?(?:should|ought|want)\b|let\b", re.IGNORECASE)
_OBJECT = re.compile(
    r"(?:(?:up|out|off|back|in|down|to|for|away|with) )*(?:the|my|our|an?|his|her|their|[A-Z]\w*|\d+|some|new)\b"
)
_DID = re.compile(
    r"(?P<i>(?:I|[Ww]e) )?(?:have )?(?:did )?(?:finally |just |already )?(?P<verb>[a-z]+)(?: (?P<what>.+))?"
)
_FINISHED = re.compile(
    r"(?:(?:I|[Ww]e) (?:am|are|have|have finally|have just) |(?:all |finally )?(?=(?:done|"
    r"finished) with))(?:done|finished|completed|through|sorted|ticked off)(?: with)? (?P<what>.+)|(?:I|"
    r"[Ww]e) (?:finished|completed|got round to|took care of|dealt with|managed to \w+) (?P<what2>.+)"
)
_ARE_DONE = re.compile(
    r"(?:[Tt]he|[Mm]y|[Oo]ur) (?P<what>[\w' -]+?) (?:is|are|has been|have been|got) (?:now |all |"
    r"finally |already )*(?P<verb>[a-z]+)(?: (?:of|in|off|up|with))?"
)
_NEVER_MIND = re.compile(
    r"(?:forget about|never mind(?: about)?|scrap|no more) (?P<verb>[a-z]+ing) (?P<what>.+)", re.IGNORECASE
)
_NOBODY = re.compile(r"(?:It|That|This|There|He|She|They|You|What|Who|We|I|Everyone|Nobody|Someone|Things?)\b")
_A_THING = re.compile(r"(?:an?|to|married|divorced|engaged|it|up|home|here|there|rid)\b")
_READY = frozenset("done finished ready sorted completed".split())
_NOT_DOING = re.compile(
    r"(?:I|[Ww]e) (?:will not be able to|can not|will not|am not able to|am not going to|"
    r"are not going to|do not have to|do not need to|no longer need to|no longer have to|need not) "
    r"(?P<verb>[a-z]+)(?: (?P<what>.+?))?(?: (?:anymore|after all|now))?"
)
_NO_NEED = re.compile(
    r"(?:there is )?no (?:need|longer any need) to (?P<verb>[a-z]+)(?: (?P<what>.+?))?(?: (?:anymore|after all|now))?",
    re.IGNORECASE,
)
_EMPTY = re.compile(
    r"(?:it|that|this|so|one|them|some|something|you|to you|after you|into it|out|up|on it|sure|do|"
    r"my best|care|a look|a break|a nap|a shower|a bath|back|it up|it out|that up|you know|the (?:blue|"
    r"red|first|second|last|other) one|better|without|a try|a chance|notes?|over|fun|time|there|here|"
    r"ready|better|used to|lucky)(?:\b|$)(?: (?:too|later|then|now|soon|again|for you|out))?$|(?:you|"
    r"your)\b|(?:it|that|this) (?:out|up|an? \w+$|later|again|all|for you|soon|now|over)|forward\b|"
    r"sure\b|out for\b|good\b",
    re.IGNORECASE,
)
_ASSISTED = frozenset(
    "find book search know reserve schedule see look check transfer rent order get make set buy cancel "
    "send call text email message ring phone update change read do take shop fill sort".split()
)
_DATED = frozenset(
    "pay arrange talk speak cancel apply meet visit drive replace transfer organise organize host".split()
)
"""Needing to do this is a plan of one's own only with a day."""
_SENT = re.compile(r"\b(?:e-?mail|message|text|card|reservation|booking|appointment|flight|ticket)\b", re.IGNORECASE)
_BARE = re.compile(r"(?:on|at|by|before|until|till|and|from|this|next|later|tomorrow|tonight|today)\b")
_MOST = 9
_WITH_YOU = re.compile(r"\b(?:to|with|for|at|after) you(?: (?:later|soon|then|guys|all|again))?\b|\byou\b")
_AWAY = re.compile(r"\b(?:to (?:the|my|our|his|her|[A-Z])|out the|down the|back the|back to|off work|care of)")
_LIGHT = frozenset("take get have read look see check help do make learn try join".split())
_WEIGHTY = re.compile(
    r"\b(?:dishes|trash|recycling|photos|washing-up|dog|dress|suit|results|prescription|key|keys|taxes|"
    r"laundry|shopping|homework|ironing|washing|rubbish|bins?|cake|dinner|lunch|breakfast|appointment|"
    r"list|bed|beds|garden|report|"
    r"book|course|class|paperwork|accounts|groceries|present|gift|medicine|car|tyres|oil|boiler|roof|forms?)\b"
)


@dataclass(frozen=True, slots=True)
class Promise:
    """A deed that is promised, or done, or taken back."""

    deed: str
    """ "call Anna": the verb first, dates still in it."""
    who: str = ""
    """Somebody else's; empty for the speaker's."""
    over: bool = False
    sure: bool = True
    """False: only with a day by which it is to be done."""


def promise(clause: str) -> Promise | None:
    """What the clause promises, or says is done."""
    if found := _SURE.fullmatch(clause):
        number = next((n for n in ("", "2", "3", "4") if found[f"verb{n}"]), "")
        if made := _made(found[f"verb{number}"], found[f"what{number}"] or "", sure=True):
            return made
    if found := _NOT_DOING.fullmatch(clause) or _NO_NEED.fullmatch(clause):
        return _over(found["verb"], found["what"] or "")
    if found := _NEVER_MIND.fullmatch(clause):
        return _over(_base(found["verb"]), found["what"])
    if found := _DROPPED.fullmatch(clause):
        return _over(_base(found["verb"]), found["what"])
    if found := _NEEDED.fullmatch(clause):
        number = next((n for n in ("", "2", "3") if found[f"verb{n}"]), "")
        verb, what = found[f"verb{number}"], found[f"what{number}"] or ""
        return _needed(verb, what, wished=_WISHED.match(clause) is not None)
    if (found := _OTHER.fullmatch(clause)) and not _NOBODY.match(found["who"]):
        made = _made(found["verb"], found["what"] or "", sure=True)
        return Promise(made.deed, found["who"]) if made else None
    return _done(clause)


_STATED = re.compile(
    r"[\s,:]+(?:I )?(?:promised?|swear|promise you|promise me that|honestly|for sure|definitely|cross my heart|"
    r"word of hono[u]?r|no excuses|no matter what|for real)[.! ]*$",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"(?:all |ok |okay |it is )?(?:done|finished|sorted|ticked off|check)(?: now)?[,:!.]+ *(?=\w)", re.IGNORECASE
)


def bare(sentence: str) -> str:
    """Without what only stresses a promise, or reports it: ", promised", "Done: …"."""
    return _STATED.sub("", _REPORTED.sub("", sentence, count=1) if _REPORTED.match(sentence) else sentence)


def _needed(verb: str, what: str, *, wished: bool) -> Promise | None:
    """What somebody has to do, or would like to: a promise to themselves, if it is theirs alone to do."""
    if wished and verb in _ASSISTED:
        return None
    own = verb not in _ASSISTED | _DATED and not _SENT.search(what) and _OBJECT.match(what) is not None
    return _made(verb, what, sure=own and not wished)


def is_assisted(deed: str) -> bool:
    """Whether it may as well be asked of the assistant: "I need to book a table"."""
    return deed.split(maxsplit=1)[0] in _ASSISTED


def _made(verb: str, what: str, *, sure: bool) -> Promise | None:
    if (
        verb not in _VERBS
        or not what
        or _BARE.match(what)
        or _EMPTY.match(what)
        or len(what.split()) > _MOST
        or _WITH_YOU.search(what)
    ):
        return None
    if verb in _LIGHT and not (_WEIGHTY.search(what) or (verb == "take" and _AWAY.search(what))):
        return None
    return Promise(f"{verb} {what}", sure=sure)


def _over(verb: str, what: str) -> Promise | None:
    return Promise(f"{verb} {what}".strip(), over=True) if verb in _VERBS and what else None


def _done(clause: str) -> Promise | None:
    if found := _FINISHED.fullmatch(clause):
        return Promise(re.sub(r"^\w+ing ", "", found["what"] or found["what2"]), over=True)
    if found := _ARE_DONE.fullmatch(clause):
        if found["verb"] in _READY:
            return Promise(found["what"], over=True)
        return _over(_DONE.get(found["verb"], ""), found["what"])
    found = _DID.fullmatch(clause)
    if found and found["what"] and (verb := _DONE.get(found["verb"])) and (found["i"] or found["verb"] not in _VERBS):
        return _over(verb, found["what"]) if verb != "get" or not _A_THING.match(found["what"]) else None
    if (found := _OTHER_DID.fullmatch(clause)) and not _NOBODY.match(found["who"]):
        made = _over(_DONE.get(found["verb"], ""), found["what"])
        return Promise(made.deed, found["who"], over=True) if made else None
    return None


def _base(verb: str) -> str:
    """The verb of which this is the -ing form; empty if it is none that is promised."""
    stem = verb.removesuffix("ing")
    return next((deed for deed in (stem, f"{stem}e", stem[:-1]) if deed in _VERBS), "")
