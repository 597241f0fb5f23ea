"""Draws claims from notes by fixed rules over English sentences, for a note that is kept while somebody waits.

Must stay true: only a person's own words make claims; what they say of another member makes none by itself; a question,
a request, a joke, a quotation or a supposition makes none; nothing secret becomes a claim. In doubt, nothing is drawn.

"I" is the speaker, by the name the note gives; "we" is `we`, the household. What is "mine" is named by its owner
("Ann's car"), what is "ours" or "the" by itself ("car").

Does not follow references across notes, nor other languages.
"""

from memory.drawing.drawn import VERSION, Periods, draw

__all__ = ["VERSION", "Periods", "draw"]
