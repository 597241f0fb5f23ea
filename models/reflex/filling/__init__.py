"""How arguments are found in words: offers of values for each slot, and a joint choice among them.

Must stay true: everything is read from the JSON Schema; our own tools' extra keys only sharpen it.
"""
