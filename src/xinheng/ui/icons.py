"""Which line drawings accompany words?

An icon is decoration beside a word and hidden from assistive technology; state is never told by an icon or a colour
alone.
"""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe

_DRAWN = {
    "half": '<circle cx="8" cy="8" r="6"/><path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" stroke="none"/>',
    "tick": '<path d="m3 8.5 3.2 3.2L13 5"/>',
    "pen": '<path d="m3 13 .8-3L10.6 3.2l2.2 2.2L6 12.2z"/>',
    "cross": '<path d="m4 4 8 8M12 4l-8 8"/>',
    "dash": '<path d="M3 8h10"/>',
    "warn": '<path d="M8 2.5 14.5 13.5h-13z"/><path d="M8 6.8v3M8 11.6v.1"/>',
    "lock": '<rect x="3" y="7" width="10" height="7" rx="1"/><path d="M5.2 7V5a2.8 2.8 0 0 1 5.6 0v2"/>',
    "clock": '<circle cx="8" cy="8" r="6"/><path d="M8 4.8V8l2.2 1.5"/>',
    "pause": '<path d="M6 4v8M10 4v8"/>',
    "down": '<path d="M8 2.5v8M4.6 7.4 8 10.8l3.4-3.4M3 13.5h10"/>',
    "up": '<path d="M8 11V3M4.6 6.2 8 2.8l3.4 3.4M3 13.5h10"/>',
    "eye": '<path d="M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8z"/><circle cx="8" cy="8" r="1.8"/>',
}


def icon(name: str) -> SafeString:
    """The drawing ``name`` as inline SVG; KeyError for an unknown one, so that a typing error fails the first test."""
    return mark_safe(  # noqa: S308  (a constant of this module)
        f'<svg class="xh-i" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{_DRAWN[name]}</svg>'
    )


def names() -> list[str]:
    """Every drawing, for the gallery."""
    return list(_DRAWN)
