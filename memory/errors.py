"""What can go wrong in memory, and who must hear of it.

Trouble
├── Refused       the person: this note cannot be kept as it is
├── RecordAway    the person: what is remembered cannot be read or written just now
└── IndexBroken   us: the vectors are unusable; they are made again from the record
    └── IndexAway  us: the index can't be reached or has no room; what is in it may be whole, so it is asked again later
"""


class Trouble(Exception):
    """Anything that this package raises on purpose."""


class Refused(Trouble):
    """The note cannot be kept; the text says why in words for the person."""


class RecordAway(Trouble, RuntimeError):
    """The database can't be used just now: it is away, or its disk is full. Nothing that was kept is lost."""


class IndexBroken(Trouble):
    """The index of vectors cannot be read or written. Nothing is lost: the record holds it all."""


class IndexAway(IndexBroken):
    """The index can't be used just now; nothing says that it is damaged."""
