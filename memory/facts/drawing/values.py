"""What may stand as the value of a claim: short, of its own, and of the sort that the relation asks for."""

from __future__ import annotations

import re

MOST_WORDS = 7
MOST_CHARS = 60

_CUT = re.compile(
    r"\s*(?:[,(:]|\.\s|\b(?:because|since|so|but|when|whenever|if|although|though|which|who|whom|where|"
    r"unless|while|until|than|as (?:it|I|he|she|we|they|much|long)|"
    r"and (?:I|we|he|she|it|that|this|now|the (?:kids|children)|has|have|is|am|are|would|will|always|"
    r"never|so|then|also|they|there|can|do|am|was|want|need|please|could|my (?:wife|husband|son|"
    r"daughter))|"
    r"that (?:is|I|we|was|he|she|they)|for (?:a living|now|years|ages|a while|long|many|as long|"
    r"breakfast|lunch|me|him|her|us|\d+ years|\w+ years)|thanks|thank you|please|ok|okay)\b).*",
    re.IGNORECASE | re.DOTALL,
)
_TAIL = re.compile(
    r"(?:\s+(?:now|these days|nowadays|at the moment|currently|too|as well|a lot|very much|so much|"
    r"really|anymore|any longer|again|though|"
    r"please|lately|recently|already|instead|either|more than anything|the most|best|most of all|haha|"
    r"lol|right now|at present|all the time|so far|"
    r"full time|full-time|part time|part-time|ever since|always|dearly|to bits|sometimes|today|just|"
    r"also|yet|still|at all|on my own|by myself|"
    r"from now on|for good|there|here|myself|all right|alright|anyway|actually|finally|together|back|over))+$",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"(?:it|its|that|this|these|those|you|your|yours|him|her|his|hers|them|their|me|us|he|she|they|how|"
    r"what|when|where|who|why|to be|to (?:know|see|hear|have|get|think|say)|one|ones|such|"
    r"something|everything|anything|nothing|someone|somebody|everyone|anyone|the (?:way|idea|fact|one|"
    r"other|same|first|last|new|sound of (?:it|that)|look|thought|film|movie|game|song|book|show|"
    r"episode|story|photos?|pictures?|concept|vibe|energy)|there|here|not|no|so|too|more|less|"
    r"being able|hearing (?:that|it|from)|seeing (?:you|that|how|it|them)|talking (?:to|with) you|"
    r"another|each other|and|or|by|of|a (?:lot|bit|little)|some|any|if|myself|himself|herself|for|as|is|"
    r"are|was|will|both|all of|most of|where|whatever)\b",
    re.IGNORECASE,
)
_OPEN_END = re.compile(
    r"(?:^|\s)(?:it|that|this|these|those|them|him|one|ones|stuff|things?|you|your|of|from|to|for|with|"
    r"at|by|the|an?|my|our|and|or|about|such|other|especially [\w-]+|is|are|be|up to|things like)$|"
    r"\b(?:it|they|you|we|I|he|she) \w+|\b(?:especially|particularly|being a part)\b",
    re.IGNORECASE,
)
_LOVED = re.compile(
    r"the (?:sea|ocean|beach|mountains?|outdoors|countryside|theatre|cinema|opera|rain|snow|winter|"
    r"summer|autumn|spring|cold|heat|dark|colou?r|smell|taste|sound|piano|"
    r"guitar|violin|gym|sun|sunshine|city|forest|woods|[A-Z][\w]+)\b"
)
_PARTS = re.compile(r"\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or|nor)\s+(?:also\s+)?")
_PAIRS = re.compile(
    r"\b(?:mac|fish|rock|drum|gin|salt|bread|peanut butter|ham|bed|bits|arts|black|sweet|bacon|cheese|"
    r"rhythm|mix|hide|cream|milk|oil|science|dungeons) (?:and|&) \w+",
    re.IGNORECASE,
)

OWNED = frozenset(
    "car bike bicycle motorbike motorcycle scooter van truck boat yacht canoe kayak caravan campervan "
    "camper house flat apartment cabin cottage "
    "garden allotment greenhouse shed garage piano guitar violin cello drum drums trumpet flute "
    "saxophone keyboard laptop computer pc tablet phone "
    "iphone ipad macbook camera printer tv television console playstation xbox switch telescope "
    "microscope drill ladder lawnmower mower chainsaw sewing machine "
    "dog cat rabbit hamster parrot horse pony tortoise turtle budgie goldfish fish snake lizard "
    "chicken chickens hen hens goat goats sheep cow cows bee bees beehive puppy kitten "
    "pet aquarium pool hot tub sauna tent surfboard snowboard skis sofa couch dishwasher dryer fridge "
    "freezer oven microwave washing machine coffee machine espresso machine vacuum "
    "robot vacuum heat pump solar panels fireplace stove bookshop shop company business restaurant "
    "farm vineyard drone watch smartwatch record player turntable "
    "volvo bmw audi toyota tesla ford fiat honda mazda skoda volkswagen vw golf renault peugeot "
    "citroen kia hyundai nissan mercedes porsche mini vespa thermomix airfryer trailer".split()
)
CARS = frozenset(
    "Volvo Bmw BMW Audi Toyota Tesla Ford Fiat Honda Mazda Skoda Volkswagen VW Golf Renault Peugeot Citroen Kia "
    "Hyundai "
    "Nissan Mercedes Porsche Mini Seat Opel Subaru Dacia Lexus Suzuki Mitsubishi Jaguar Chevrolet Polo Clio Saab "
    "Vauxhall Jeep Cupra Polestar Buick Chrysler Cadillac Lancia Smart Rover".split()
)
PETS = frozenset(
    "dog cat rabbit hamster parrot horse pony tortoise turtle budgie goldfish snake lizard puppy "
    "kitten pet goat".split()
)
LANGUAGES = frozenset(
    "english french german spanish italian portuguese dutch swedish norwegian danish finnish icelandic "
    "polish czech slovak hungarian romanian bulgarian "
    "greek turkish russian ukrainian arabic hebrew persian farsi hindi urdu bengali punjabi tamil "
    "chinese mandarin cantonese japanese korean vietnamese thai "
    "indonesian malay swahili latin esperanto catalan basque galician irish welsh gaelic estonian "
    "latvian lithuanian croatian serbian slovenian albanian".split()
)
PLAYED = frozenset(
    "piano guitar violin viola cello bass drums flute clarinet saxophone trumpet trombone horn harp "
    "organ ukulele banjo accordion harmonica keyboard recorder oboe "
    "tennis football soccer basketball volleyball badminton squash golf hockey rugby cricket baseball "
    "chess bridge poker darts billiards pool handball padel "
    "table tennis ping pong lacrosse softball water polo".split()
)
_JOB_END = re.compile(
    r"(?:er|or|ist|ian|eer|ant|nurse|chef|clerk|pilot|judge|vet|cook|smith|wright|man|woman|guard|coach|"
    r"nanny|au pair|student|apprentice|scientist|surgeon|architect|mechanic|freelance|analyst|midwife|"
    r"monk|priest|intern|carer|barista|baker|doctor|pensioner|paramedic)$"
)
_NO_JOB = frozenset(
    "lover father mother brother sister member beginner winner loser sinner liar believer daughter "
    "either other better bigger reader eater drinker sleeper person fighter survivor "
    "starter runner early riser riser talker listener planner thinker dreamer learner hater smoker "
    "walker hiker swimmer foodie man woman monster number letter matter bother mother-in-law "
    "owner user follower supporter customer stranger newcomer neighbor foreigner outsider former "
    "disaster wonder fever killer quitter giant fan newlywed christian".split()
) | {
    "partner",
    "leader of the pack",
    "gamer",
    "collector",
    "morning person",
    "night owl",
    "teenager",
    "toddler",
    "minor",
    "senior",
    "junior",
    "mentor",
    "sponsor",
    "traveler",
    "traveller",
    "cleaner than",
}
HEALTH = re.compile(
    r"(?:left-handed|right-handed|ambidextrous|colou?r-?blind|diabetic|asthmatic|dyslexic|"
    r"lactose[- ]intolerant|gluten[- ]intolerant|coeliac|celiac|short-?sighted|"
    r"long-?sighted|near-?sighted|autistic|epileptic|deaf|blind|hard of hearing|anaemic|anemic|"
    r"claustrophobic|pregnant|type [12] diabetic)\b",
    re.IGNORECASE,
)
ILLNESS = re.compile(
    r"(?:an? )?(?:diabetes|asthma|epilepsy|adhd|autism|dyslexia|hay fever|high blood pressure|arthritis|"
    r"migraines|coeliac disease|celiac disease|tinnitus|type [12] diabetes|"
    r"heart condition|pacemaker|fear of [\w ]{3,20})\b",
    re.IGNORECASE,
)
DIET = re.compile(
    r"(?:an? |strict(?:ly)? |fully )*(?P<diet>vegetarian|vegan|pescatarian|pescetarian|teetotal(?:ler)?|"
    r"kosher|halal|gluten[- ]free|flexitarian|dairy[- ]free)\b",
    re.IGNORECASE,
)
SECRETS = re.compile(
    r"\b(?:pass\s?words?|pass\s?codes?|pass\s?phrases?|pins?(?: codes?| numbers?)?|cvv|cvc|iban|"
    r"(?:credit|debit|bank) card|card numbers?|account numbers?|social security|"
    r"(?:gate|door|alarm|safe|lock|entry|access|garage|security|unlock|keypad) (?:codes?|combinations?|"
    r"keys? (?:is|are) \d+)|codes? (?:of|for|to) (?:the|our|my) |api keys?|private keys?|seed phrase|"
    r"combination|secrets?|tokens?|passport numbers?|recovery codes?)\b",
    re.IGNORECASE,
)


def value_of(raw: str, most: int = MOST_WORDS) -> str:
    """The value as it can be kept; empty if there is none."""
    value = _TAIL.sub("", _CUT.sub("", raw).strip(" .!,;-\"'“”")).strip()
    if (
        not value
        or len(value) > MOST_CHARS
        or len(value.split()) > most
        or _NOTHING.match(value)
        or _OPEN_END.search(value)
    ):
        return ""
    return value


def values_of(raw: str, most: int = MOST_WORDS) -> list[str]:
    """Several values said in one breath: "tea, coffee and cake"."""
    value = _TAIL.sub("", _listed(raw).strip(" .!;-\"'“”"))
    parts = [value] if _PAIRS.search(value) else _PARTS.split(value)
    if len(parts) > 1 and re.search(r"^\w+ing an? \w+$", parts[0]):
        return []
    if len(parts) > 1 and all(0 < len(part.split()) <= 3 for part in parts):
        found = [value_of(part, 3) for part in parts]
        if all(found):
            return found
    single = value_of(value, most)
    return [single] if single else []


def liked(value: str) -> bool:
    """Whether one can like it for good: "the rain", not "the film"."""
    return not value.casefold().startswith("the ") or _LOVED.match(value) is not None


def is_job(value: str) -> bool:
    """Whether it is a trade: "nurse", "software engineer"."""
    words = value.casefold().split()
    return (
        0 < len(words) <= 4
        and words[-1] not in _NO_JOB
        and value.casefold() not in _NO_JOB
        and _JOB_END.search(words[-1]) is not None
        and not re.match(
            r"(?:big|huge|great|good|bad|terrible|real|total|better|bit|little|keen|avid|proud|happy|fast|slow|"
            r"early|late|heavy|light|natural|born|regular|true|hard)\b",
            value,
            re.IGNORECASE,
        )
    )


def is_owned(value: str) -> bool:
    """Whether it is a thing that one has for long: "a red car", "two cats"."""
    words = (
        re.sub(r"\b(?:named|called)\b.*|\b(?:in|at|on|from|with|for|of)\b.*", "", value.casefold())
        .replace("-", " ")
        .split()
    )
    if not words:
        return False
    last = words[-1]
    return last in OWNED or last.rstrip("s") in OWNED or " ".join(words[-2:]) in OWNED or words[0] in OWNED


def is_car(value: str) -> bool:
    """Whether it is a car: "a red Seat", "an old car"."""
    words = value.split()
    return any(word in CARS for word in words) or (bool(words) and words[-1].casefold() in ("car", "van"))


_LISTED_CUT = re.compile(
    r"\s*(?:[(:]|\b(?:because|since|so|but|when|whenever|if|although|though|which|who|where|unless|"
    r"while|until|than|and (?:I|we|he|she|it|that|now|am|is|have|has|would|will|also|they|was|want|"
    r"need)|please|thanks)\b).*",
    re.IGNORECASE | re.DOTALL,
)


def _listed(raw: str) -> str:
    return _LISTED_CUT.sub("", raw)
