"""Which few errors does the whole house speak?

An error carries a stable ``code``, parameters for its wording and, where a law speaks, the article.
It carries no HTTP status and no translated text: `xinheng.ui` maps both once.
"""

from __future__ import annotations


class XinhengError(Exception):
    """Base of all errors that a user may read.

    ``code`` is stable and lower_snake_case; ``params`` are shown to the user, so they never hold an identity number.
    """

    def __init__(self, code: str, *, article: str | None = None, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.article = article
        self.params = params

    def __str__(self) -> str:
        return self.code


class NotFound(XinhengError):
    """What was asked for does not exist, or must look as if it did not."""


class NotAllowed(XinhengError):
    """The asker is not signed in, or lacks the role."""


class RefusedByLaw(XinhengError):
    """A rule of law refuses the act; ``article`` names it."""

    def __init__(self, reason: str, article: str, **params: str) -> None:
        super().__init__(reason, article=article, **params)
        self.reason = reason


class Conflict(XinhengError):
    """The act does not fit the present state, for example a second decision on the same row."""


class BadInput(XinhengError):
    """The input cannot be read; ``params`` name the place and the remedy."""
