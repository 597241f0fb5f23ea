"""Cuts what was said into plain statements: contractions written out, fillers gone, one statement to a clause.

Must stay true: what only asks, quotes, supposes or passes on what others say is no statement. A clause that is in
doubt is left out: a fact that is missed can be told again, one that is wrong stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

READ_CHARS = 4000
"""Of a long note, what is read: what people tell of themselves is short; a pasted page is not what they say."""
LONGEST = 320
"""Characters of one sentence; longer ones are no plain statements."""
SHORTEST = 6

_ABBREVIATED = re.compile(r"\b(Dr|Mr|Mrs|Ms|St|Prof|No|Nr|vs|approx|ca)\.(?=\s)")
_SENTENCES = re.compile(r"(?<=[.!?…])[\"”’')]*\s+|\n+|;\s+|\s+[–—]+\s+|\s+-{1,2}\s+|:\)\s*")
_WAITS = re.compile(r"\b(?:if|when|whenever|once|soon|moment|time)\b", re.IGNORECASE)
_SPACES = re.compile(r"\s+")

_FULL = {
    "im": "I am",
    "ive": "I have",
    "i": "I",
    "gonna": "going to",
    "gotta": "got to",
    "wanna": "want to",
    "favorite": "favourite",
    "color": "colour",
    "neighbor": "neighbour",
    "mom": "mum",
    "cannot": "can not",
    "can't": "can not",
    "cant": "can not",
    "won't": "will not",
    "wont": "will not",
    "shan't": "shall not",
    "dont": "do not",
    "doesnt": "does not",
    "didnt": "did not",
    "isnt": "is not",
    "arent": "are not",
    "havent": "have not",
    "hasnt": "has not",
    "wifi": "wifi",
    "let's": "let us",
    "grey": "gray",
}
_SHORT = re.compile(
    r"\b(?:(?P<whole>im|ive|i|gonna|gotta|wanna|favorite|color|neighbor|mom|cannot|can't|cant|won't|wont|shan't|dont|"
    r"doesnt|didnt|isnt|arent|havent|hasnt|let's)(?!['\w])"
    r"|(?P<who>I|you|we|they|he|she|it|that|there|who|what|where|this|everyone|someone|nobody)'(?P<end>m|ve|ll|d|re|s)"
    r"|(?P<verb>is|are|was|were|do|does|did|has|have|had|would|could|should|might|must|need|ca)n't)\b",
    re.IGNORECASE,
)
_ENDS = {"m": "am", "ve": "have", "ll": "will", "d": "would", "re": "are", "s": "is"}
_ANYMORE = re.compile(r"\bany more\b", re.IGNORECASE)
_APOSTROPHES = str.maketrans("’‘ʼ", "'''")
_NAME_IS = re.compile(
    r"\b([A-Z][\w-]+|(?<=[Tt]he )[\w-]+|(?<=[Mm]y )[\w-]+|(?<=[Oo]ur )[\w-]+)'s (?=(?:at (?:the|half|"
    r"\d)|the \d|on (?:the )?\d|allergic|vegetarian|vegan|from|called|married|working|living|moved|moving|turning|been|"
    r"coming|left-handed|diabetic|retired|not|now(?= \w)|also|an?|my|our|in|\d+)\b)"
)
_IS_THERE = re.compile(r"(?<=[a-z])'s (?=(?:at|in|on|under|behind|inside|next to) (?:the|my|our)\b)")
_WILL = re.compile(r"\b([A-Z][\w-]+)'ll\b")

_FILLERS = re.compile(
    r"(?:(?:(?:oh|ok|okay|well|hey|hi|hello|hmm|um|uh|ah|wow|yes|yeah|yep|yup|no|nope|right|look|listen|sure|thanks|"
    r"thank you|great|cool|nice|good news|bad news|big news|news|update|correction|guess what|important|heads up|"
    r"first|second|funny|sadly|unfortunately|luckily|happily|finally|alas|muos|computer|assistant|guys|"
    r"everyone|all right|"
    r"alright|anyway|anyways|one more thing|another thing|the thing is|small thing|good to know|true|speaking of which|"
    r"for your information|fyi|btw|ps|note|reminder to self|note to self|memo|for later|for the record|in fact|"
    r"you know what|you know|as you know|i mean)\s*[,:!.…-]+)"
    r"|(?:it )?turns out|as it (?:turns out|happens)|so that you know|just so you know|so you know|"
    r"just to let you know|to let you know|i should mention|"
    r"i should tell you|i should say|i have to say|i must say|i must admit|i want you to know|i wanted to tell you|"
    r"i just wanted to say|did you know|you should know|you might like to know|keep in mind|bear in mind|"
    r"(?:can|could|will|would) you (?:please )?remember|i would like you to remember|"
    r"(?:please )?(?:remember|note|memori[sz]e|make a note)(?: this)?|please know|for your information|"
    r"by the way|actually|"
    r"honestly|to be honest|basically|personally|truth be told|in case you (?:need|wonder|forgot)[\w ]{0,12}|"
    r"the fact is|it is true|so|and|but|also|plus|btw|fyi|then|because|now|these days|nowadays|lately|"
    r"currently|at the moment|"
    r"of course|as of now|meanwhile|still|oh)\b(?:\s+that\b(?=\s+(?:I|my|we|our|the|[A-Za-z]+'s|"
    r"[A-Z]\w*|\w+ (?:is|are|lives|likes|has))\b))?"
    r"[\s,:!-]*",
    re.IGNORECASE,
)
_FORGET_NOT = re.compile(
    r"(?:please )?do not (?:ever )?forget,? (?:that )?(?=.*\b(?:is|are|has|likes|lives|hates)\b)", re.IGNORECASE
)
_ASIDE = re.compile(
    r",?\s*\b(?:by the way|as you know|you know|I mean(?! to\b)|of course|to be honest|fyi|btw|honestly|actually),?\b",
    re.IGNORECASE,
)
_TIME_FIRST = re.compile(
    r"(?P<when>(?:(?:in|since|from|on|at|until|till|as of|back in|starting|for|by|before)\s[^,]{2,30}?|"
    r"(?:yesterday|today|tonight|tomorrow|last|this|next|every)\b[^,]{0,20}?|(?:two|three|four|five|six|"
    r"\w+) (?:days|weeks|months|years) ago)),?\s+"
    r"(?P<rest>(?:I|we|my|our|she|he)\b.+)",
    re.IGNORECASE,
)
_ADVERBS = re.compile(
    r"(?<=\w )(?:really|absolutely|just|always|actually|totally|simply|honestly|definitely|certainly|truly|"
    r"usually|generally|normally|mostly|recently|finally|already|currently|both|all|still|now|also|quite|even|"
    r"particularly|especially|personally|officially|kind of|sort of|only|literally|very much|mainly|apparently not|"
    r"basically|obviously|gladly|happily|proudly|sadly|do(?= (?:like|love|hate|enjoy)))\s+"
    r"(?=(?:am|is|are|was|were|have|has|had|do|does|did|will|can|not|no|live|lives|lived|work|works|"
    r"worked|like|likes|love|loves|hate|hates|"
    r"enjoy|enjoys|prefer|prefers|adore|adores|dislike|dislikes|detest|moved|move|play|plays|speak|"
    r"speaks|drive|drives|own|owns|bought|sold|"
    r"quit|started|stopped|got|took|need|take|drink|drinks|eat|eats|keep|keeps|go|goes|wear|wears|into|"
    r"allergic|vegetarian|vegan|fond|"
    r"a\b|an\b|the\b|living|working|married|retired|fed|called|paid|finished|done|visited|been|joined|"
    r"turned|adopted|learning|studying)\b)",
    re.IGNORECASE,
)
_AM_ADVERB = re.compile(
    r"\b(am|is|are|have|has|can|will) (?:also|just|actually|really|currently|still|now|already|both|"
    r"a bit|quite|only|deeply|"
    r"very|highly|severely|seriously|mildly|super|so|totally|extremely|deathly|recently|finally|both|"
    r"all|strictly|happily) (?!$)",
    re.IGNORECASE,
)

_SUBJECT_VERB = (
    r"(?:(?:I|we|he|she|they)\b|(?:my|our|his|her|the) [\w'-]+(?: [\w'-]+)? (?:is|are|was|has|lives|"
    r"works|likes|loves|hates|plays|goes|go|opens|closes)\b"
    r"|[A-Z][\w-]+ (?:is|was|lives|works|likes|loves|hates|has|plays|speaks|will|moved)\b|"
    r"[A-Z][\w-]+'s [a-z]+ (?:[a-z]+ )?(?:is|are)\b)"
)
_CLAUSES = re.compile(
    rf"\s*,?\s+(?:and|but|so|because|while|whereas|though|although|as|plus|yet)\s+(?:now |also |then |"
    rf"that )?(?={_SUBJECT_VERB})|,\s+(?={_SUBJECT_VERB})"
)
_SHARED_VERB = re.compile(
    r"^(?P<subject>I|we|[A-Z][\w-]+)\b(?P<first>.{4,}?),?\s+(?:and|but)\s+(?:now |"
    r"also )?(?P<second>(?:am|are|is|live|lives|work|works|like|likes|love|loves|hate|"
    r"hates|play|plays|speak|speaks|have a|have two|has a|own|owns|drive|drives|moved|study|studies|"
    r"do not|does not|can not|was born|prefer|prefers|bought|sold|adopted|got|started|quit|will|enjoy|"
    r"enjoys)\b.+)$"
)

_KIN_NAME = re.compile(r"^(Dad|Mum|Mom|Grandma|Grandpa|Granny|Granddad|Papa|Mama)\b(?=(?:'s)? )")
_ASKS = re.compile(
    r"(?:what|who|whose|whom|where|why|how|which|do|does|did|is|are|was|were|am|can|could|would|will|shall|should|may|"
    r"have (?:I|you|we)|has|had|any|remind|recommend|suggest)\b",
    re.IGNORECASE,
)
_DOUBTS = re.compile(
    r"\b(?:maybe|perhaps|probably|possibly|might|guess|i think|thinks|i thought|thought|wish|wishes|"
    r"hope|hopes|hoping|imagine|imagining|pretend|"
    r"suppose|supposed|supposedly|apparently|allegedly|would|could|should|wonder|wondering|not sure|"
    r"unsure|kidding|joking|joke|"
    r"heard|said|says|saying|told|tells|claims|claimed|reckon|reckons|believe|believes|read that|dream|"
    r"dreamt|dreamed|as if|what if|in case|seems?|"
    r"looks like|sounds like|feels like|almost|nearly|used to think|considering|thinking of|"
    r"thinking about|if|unless|whether|assuming|"
    r"(?:I|we|he|she|they|you) may|want to|wants to|wanted to|trying to|rumou?r|movie|film|novel|song|"
    r"episode|the story|character)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“”][^\"“”]*\b(?:I|my|we|is|are|am)\b[^\"“”]*[\"“”]")


def sentences(said: str) -> Iterator[str]:
    """Each sentence, whole, with contractions written out."""
    text = _ABBREVIATED.sub(r"\1", said[:READ_CHARS].translate(_APOSTROPHES))
    for part in _SENTENCES.split(text):
        sentence = _SPACES.sub(" ", part).strip(" \"“”'()*_-•")
        if sentence.endswith("?") and not _WAITS.search(sentence):
            continue
        if SHORTEST <= len(sentence) <= LONGEST and not part.lstrip().startswith((">", "|", "http")):
            if "'" in sentence or _SHORT.search(sentence):
                sentence = _WILL.sub(
                    r"\1 will", _NAME_IS.sub(r"\1 is ", _IS_THERE.sub(" is ", _SHORT.sub(_written_out, sentence)))
                )
            sentence = _ANYMORE.sub("anymore", sentence)
            yield _plain(sentence)


def asks(sentence: str) -> bool:
    """Whether it is a question."""
    return sentence.endswith("?") or _ASKS.match(sentence) is not None


def doubtful(clause: str) -> bool:
    """Whether it supposes, hopes, quotes or passes on."""
    return _DOUBTS.search(clause) is not None or _QUOTED.search(clause) is not None


def clauses(sentence: str) -> Iterator[str]:
    """Its statements, each with a subject of its own."""
    for clause in _CLAUSES.split(sentence):
        clause = _KIN_NAME.sub(lambda found: f"my {found[1].lower()}", clause.strip(" ,.!…"))
        if timed := _TIME_FIRST.fullmatch(clause):
            clause = f"{timed['rest']} {timed['when'][0].lower()}{timed['when'][1:]}"
        clause = _AM_ADVERB.sub(r"\1 ", _ADVERBS.sub("", clause))
        shared = _SHARED_VERB.match(clause)
        if shared and shared["first"].split()[0] != shared["second"].split()[0]:
            yield shared["subject"] + shared["first"]
            yield f"{shared['subject']} {shared['second']}"
        else:
            yield clause


def _plain(sentence: str) -> str:
    """The sentence without what only leads to it."""
    for _ in range(4):
        shorter = sentence[found.end() :] if (found := _FILLERS.match(sentence)) else sentence
        shorter = shorter[found.end() :] if (found := _FORGET_NOT.match(shorter)) else shorter
        if shorter == sentence or not shorter.strip():
            break
        sentence = shorter
    return _ASIDE.sub("", sentence).strip()


def _written_out(found: re.Match[str]) -> str:
    if found["whole"]:
        return _FULL[found["whole"].casefold()]
    if found["verb"]:
        return f"{found['verb']} not" if found["verb"].casefold() != "ca" else "can not"
    return f"{'I' if found['who'] in 'iI' else found['who']} {_ENDS[found['end'].casefold()]}"
