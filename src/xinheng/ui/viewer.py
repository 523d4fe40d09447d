"""Who looks at this page?

The hall stands below the room of accounts, so that room hands its answer up here: in its AppConfig it calls
``provide(function)``. Without a provider everybody is a visitor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.http import HttpRequest

STAFF_ROLES = frozenset({"collector", "reviewer", "querier", "operator", "auditor", "administrator", "supervisor"})


@dataclass(frozen=True, slots=True)
class Viewer:
    """What shells and doors may know of the person at the screen. ``roles`` are values of ``accounts.rules.Role``."""

    account_id: int | None = None
    name: str = ""
    organisation_zh: str = ""
    organisation_en: str = ""
    staff_number: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)
    language: str = ""
    unfinished: str = ""  # the URL name of the page where the sign-in goes on, "" when it is finished

    @property
    def signed_in(self) -> bool:
        """True for every account, staff or subject."""
        return self.account_id is not None

    @property
    def staff(self) -> bool:
        """True when a desk belongs to this account."""
        return bool(self.roles & STAFF_ROLES)

    def organisation(self, language: str) -> str:
        """The organisation's name; the Chinese one where no English name is registered."""
        return self.organisation_en or self.organisation_zh if language == "en" else self.organisation_zh


VISITOR = Viewer()
_providers: list[Callable[[HttpRequest], Viewer]] = []


def provide(function: Callable[[HttpRequest], Viewer]) -> None:
    """Called once by the room of accounts at start-up; ``function`` is asked at most once a request."""
    _providers[:] = [function]


def viewer(request: HttpRequest) -> Viewer:
    """The viewer of ``request``, remembered on it."""
    known = getattr(request, "xinheng_viewer", None)
    if isinstance(known, Viewer):
        return known
    found = _providers[0](request) if _providers else VISITOR
    request.xinheng_viewer = found  # type: ignore[attr-defined]
    return found
