"""What can go wrong in models, and who must hear of it.

    ModelError
    ├── Damaged      a file we ship or cached is not what it should be (us: install again, or delete the cache)
    ├── ChatFault    a chat model can't be reached, or answered what is no answer (the person; the log has the rest)
    └── BadRequest   a line or request that can't be read as one (the person who wrote it)

Not understanding a request is no error: see `models.guess.Reading`.
"""

from __future__ import annotations


class ModelError(Exception):
    """Any fault of this package."""


class Damaged(ModelError):
    """A model's file is missing or is not the one that was shipped."""


class BadRequest(ModelError):
    """What was given is not a request; the message says what is wrong, in one line."""


class ChatFault(ModelError):
    """A chat model gave no answer; the message says why and what to do, in a sentence for the person."""
