"""Forms of a word brought to one: "running", "runs" and "ran" are all about "run".

Porter's stemmer (1980), the same that cuts the words in the record, after a table of what English does not form by
rule. What must stay true: any word gives a stem, and the same one each time.

Does not read other languages' forms: their words stay as they are, all but a few English-looking endings.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

REMEMBERED = 50_000
"""Words whose stems are kept: more than a person uses."""

_IRREGULAR = (
    "be am is are was were been|bear bore born|become became|begin began begun|bend bent|blow blew blown|"
    "break broke broken|bring brought|build built|buy bought|catch caught|choose chose chosen|come came|"
    "dig dug|do does did done|draw drew drawn|dream dreamt|drink drank drunk|drive drove driven|eat ate eaten|"
    "fall fell fallen|feed fed|feel felt|fight fought|find found|fly flew flown|forget forgot forgotten|"
    "freeze froze frozen|get got gotten|give gave given|go goes went gone|grow grew grown|hang hung|"
    "have has had|hear heard|hide hid hidden|hold held|keep kept|know knew known|lead led|learn learnt|"
    "leave left|lend lent|light lit|lose lost|make made|mean meant|meet met|pay paid|ride rode ridden|"
    "ring rang rung|rise risen|run ran|say said|see saw seen|seek sought|sell sold|send sent|"
    "shake shook shaken|shoot shot|show shown|sing sang sung|sink sank sunk|sit sat|sleep slept|"
    "speak spoke spoken|spend spent|stand stood|steal stole stolen|stick stuck|strike struck|swear swore sworn|"
    "swim swam swum|take took taken|teach taught|tear tore torn|tell told|think thought|throw threw thrown|"
    "understand understood|wake woke woken|wear wore worn|win won|write wrote written|child children kid|"
    "foot feet|goose geese|knife knives|man men|mouse mice|person people|tooth teeth|wife wives|woman women|"
    "mother mom mum mommy mummy|father dad daddy|photo photograph picture pic|bike bicycle|fridge refrigerator|"
    "phone telephone|plane airplane aeroplane"
)
_FAMILIES = [family.split() for family in _IRREGULAR.split("|")]
_FIRST = {form: family[0] for family in _FAMILIES for form in family[1:]}
_FORMS = {family[0]: family for family in _FAMILIES}

_DOUBLE = {
    "ational": "ate", "ization": "ize", "iveness": "ive", "fulness": "ful", "ousness": "ous", "biliti": "ble",
    "tional": "tion", "ation": "ate", "alism": "al", "aliti": "al", "iviti": "ive", "entli": "ent", "ousli": "ous",
    "enci": "ence", "anci": "ance", "izer": "ize", "abli": "able", "alli": "al", "ator": "ate", "eli": "e",
}  # fmt: skip
_LATIN = {"icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ness": "", "ful": ""}
_LAST = (
    "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ion", "ism", "ate", "iti", "ous", "ive", "ize",
    "al", "er", "ic", "ou",
)  # fmt: skip


@lru_cache(REMEMBERED)
def stem(word: str) -> str:
    """What all forms of a word share; `word` in small letters."""
    word = _first(word)
    if len(word) < 3 or not (word.isascii() and word.isalpha()):
        return word
    word = _without_past(_without_plural(word))
    if word.endswith("y") and _has_vowel(word[:-1]):
        word = word[:-1] + "i"
    word = _changed(_changed(word, _DOUBLE), _LATIN)
    return _without_e(_without_last(word))


def forms(word: str) -> list[str]:
    """The word, and the forms of it that no rule makes: what a search must name one by one."""
    return list(dict.fromkeys([word, *_FORMS.get(_first(word), ())]))


def _first(word: str) -> str:
    first = _FIRST.get(word)
    if first is None and word.endswith("s"):
        first = _FIRST.get(word[:-1])  # "kids", "pics"
    return first or word


def _without_plural(word: str) -> str:
    if word.endswith(("sses", "ies")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _without_past(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) > 0 else word
    for ending in ("ed", "ing"):
        left = word.removesuffix(ending)
        if left != word and _has_vowel(left):
            return _mended(left)
    return word


def _mended(left: str) -> str:
    """What "-ed" or "-ing" was put on."""
    if left.endswith(("at", "bl", "iz")):
        return left + "e"
    if _doubled(left) and left[-1] not in "lsz":
        return left[:-1]
    return left + "e" if _measure(left) == 1 and _short(left) else left


def _changed(word: str, endings: dict[str, str]) -> str:
    for ending, instead in endings.items():
        if word.endswith(ending):
            left = word.removesuffix(ending)
            return left + instead if _measure(left) > 0 else word
    return word


def _without_last(word: str) -> str:
    for ending in _LAST:
        if word.endswith(ending):
            left = word.removesuffix(ending)
            cut = _measure(left) > 1 and (ending != "ion" or left.endswith(("s", "t")))
            return left if cut else word
    return word


def _without_e(word: str) -> str:
    if word.endswith("e"):
        left = word[:-1]
        syllables = _measure(left)
        if syllables > 1 or (syllables == 1 and not _short(left)):
            word = left
    return word[:-1] if word.endswith("ll") and _measure(word) > 1 else word


def _consonant(word: str, place: int) -> bool:
    letter = word[place]
    if letter == "y":
        return place == 0 or not _consonant(word, place - 1)
    return letter not in "aeiou"


def _measure(word: str) -> int:
    """How often consonants follow vowels."""
    kinds = [_consonant(word, place) for place in range(len(word))]
    return sum(after and not before for before, after in pairwise(kinds))


def _has_vowel(word: str) -> bool:
    return not all(_consonant(word, place) for place in range(len(word)))


def _doubled(word: str) -> bool:
    return len(word) > 1 and word[-1] == word[-2] and _consonant(word, len(word) - 1)


def _short(word: str) -> bool:
    """Ends in consonant, vowel, consonant, as "hop" does."""
    if len(word) < 3 or word[-1] in "wxy":
        return False
    end = len(word)
    return _consonant(word, end - 1) and not _consonant(word, end - 2) and _consonant(word, end - 3)
