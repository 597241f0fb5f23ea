"""What can go wrong in memory, and who must hear of it.

Trouble
├── Refused       the person: this note cannot be kept as it is
└── IndexBroken   us: the vectors are unusable; they are made again from the record
"""


class Trouble(Exception):
    """Anything that this package raises on purpose."""


class Refused(Trouble):
    """The note cannot be kept; the text says why in words for the person."""


class IndexBroken(Trouble):
    """The index of vectors cannot be read or written. Nothing is lost: the record holds it all."""
