"""Arithmetic in words ("twelve times seven", "18% of 64.50", "half of 30") as an expression in symbols.

Covers English. What it does not know it leaves in place, so that the parser can name it.
"""

from __future__ import annotations

import re

SMALL = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen"""
TENTHS = "twenty thirty forty fifty sixty seventy eighty ninety"
ONES = {word: value for value, word in enumerate(SMALL.split())}
TENS = {word: 10 * value for value, word in enumerate(TENTHS.split(), start=2)}
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
NUMBER = r"(?:\d+(?:\.\d+)?|\.\d+)"
WORD = rf"(?:{'|'.join([*ONES, *TENS, *SCALES, 'hundred'])})"
RUN = re.compile(rf"\b{WORD}(?:(?:\s+|-)(?:and\s+)?{WORD})*(?:\s+point(?:\s+{WORD})+)?\b")

ASKING = re.compile(
    r"^(?:hey\s+)?(?:please\s+)?(?:(?:can|could)\s+you\s+)?(?:please\s+)?"
    r"(?:what(?:'s|\u2019s|s)?(?:\s+is|\s+are|\s+do(?:es)?)?|how\s+much(?:\s+is|\s+are)?|calculate|compute|work\s+out|evaluate|"
    r"solve|tell\s+me|give\s+me|find)\s+",
)
SYMBOLS = (
    (r"[×⋅·]|(?<=[\d)\s])x(?=[\d(\s])", "*"),
    (r"÷", "/"),
    (r"−|–", "-"),
    (r"\*\*", "^"),
    (r"²", "^2"),
    (r"³", "^3"),
    (r"√", " sqrt "),
    (r"½", "(1/2)"),
    (r"¼", "(1/4)"),
    (r"¾", "(3/4)"),
    (r"π", " pi "),
    (r"[$€£]", " "),
)
PHRASES = (
    (r"\bto the power (?:of )?|\braised to (?:the )?", "^"),
    (r"\bto the (\d+)(?:st|nd|rd|th)(?: power)?\b", r"^\1"),
    (r"\bsquared\b", "^2"),
    (r"\bcubed\b", "^3"),
    (r"\b(?:the )?cube root of\b", " cbrt "),
    (r"\b(?:the )?(?:square )?root of\b|\bsqrt of\b", " sqrt "),
    (r"\bmultiplied by\b|\btimes\b", "*"),
    (r"\bdivided by\b|\bover\b", "/"),
    (r"\bplus\b|\badded to\b", "+"),
    (r"\bminus\b|\bless\b", "-"),
    (r"\bmodulo\b|\bmod\b", " mod "),
    (r"\bfactorial of (\d+)\b", r"(\1)!"),
    (r"\b(\d+) factorial\b", r"(\1)!"),
    (r"\bhalf a dozen\b", "6"),
    (r"\ba dozen\b", "12"),
    (r"\ba (?=hundred|thousand|million|billion)", ""),
    (r"\bhalf (?:of )?", "(1/2)*"),
    (r"\b(?:a|one) third of\b", "(1/3)*"),
    (r"\b(?:a|one) quarter of\b", "(1/4)*"),
    (r"\btwo thirds of\b", "(2/3)*"),
    (r"\bthree quarters of\b", "(3/4)*"),
    (r"\b(?:twice|double)\b", "2*"),
    (r"\btriple\b", "3*"),
    (rf"({NUMBER}) (?=hundred|thousand|million|billion|trillion)", r"\1*"),
    (r"\bper ?cent\b", "%"),
    (r"\bdozen\b", "*12"),
    (r"\bby\b", "*"),
    (r"\b(?:the|equals?|euros?|dollars?|pounds|altogether|result of)\b", " "),
)
PERCENT = rf"({NUMBER})\s*%"


def bare(said: str) -> str:
    """What is to be calculated, without the asking around it."""
    text = re.sub(r"(?<![\d)])!+$", "", " ".join(said.lower().split()).strip(" ?.="))
    return ASKING.sub("", text).strip()


def as_symbols(said: str) -> str:
    """The expression, as far as it is known."""
    text = bare(said)
    for pattern, symbol in SYMBOLS:
        text = re.sub(pattern, symbol, text)
    text = re.sub(r"(?<=\d)[,'\u2019](?=\d{3}(?!\d))", "", text)
    text = re.sub(r"(?<=\d),(?=\d{1,2}(?!\d))", ".", text)
    # Phrases go before number words ("two thirds of") and again after them ("to the power of ten").
    text = with_phrases(RUN.sub(lambda run: run_of(run[0]), with_phrases(text)))
    return " ".join(percents(text).split())


def with_phrases(text: str) -> str:
    """Words for operations as symbols."""
    for pattern, symbol in PHRASES:
        text = re.sub(pattern, symbol, text)
    return text


def percents(text: str) -> str:
    """18% of 64 as a product; 50 + 10% as people mean it, ten per cent more; 18% alone as a fraction."""
    text = re.sub(rf"{PERCENT}\s*of\b", r"(\1/100)*", text)
    text = re.sub(rf"({NUMBER})\s*([+-])\s*{PERCENT}(?=\s*$)", r"\1*(1\2\3/100)", text)
    text = re.sub(PERCENT, r"(\1/100)", text)
    return re.sub(r"\bof\b", "*", text)


def run_of(said: str) -> str:
    """A run of number words as digits: two hundred and five is 205; three point one four is 3.14."""
    whole, _, part = re.sub(r"-|\band\b", " ", said).partition(" point ")
    digits = "".join(str(ONES.get(word, 0) + TENS.get(word, 0)) for word in part.split())
    number = str(value_of(whole.split()))
    return f"{number}.{digits}" if digits else number


def value_of(words: list[str]) -> int:
    """two hundred and five thousand is 205000."""
    total = part = 0
    for word in words:
        if word in SCALES:
            total, part = total + max(part, 1) * SCALES[word], 0
        elif word == "hundred":
            part = max(part, 1) * 100
        else:
            part += ONES.get(word, 0) + TENS.get(word, 0)
    return total + part
