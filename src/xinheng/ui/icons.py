"""Which line drawings accompany words?

An icon is decoration beside a word and hidden from assistive technology; state is never told by an icon or a colour alone.
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

SEAL = (
    "M22.9 7.7 22.6 7.9C23.8 9.1 24.9 11 25.2 12.8C28.5 15.1 31.5 8.6 22.9 7.7ZM31.4 19.8 29.7 22.1H18.4L18.6 23H33.7C34.1 23 34.4 "
    "22.9 34.5 22.5C33.4 21.4 31.4 19.8 31.4 19.8ZM31.5 15.5 29.8 17.8H18.2L18.5 18.7H33.8C34.2 18.7 34.5 18.5 34.6 18.2C33.4 17.1 "
    "31.5 15.5 31.5 15.5ZM33.1 11.1 31.2 13.6H16.3L16.6 14.5H35.7C36.1 14.5 36.4 14.3 36.5 14C35.3 12.8 33.1 11.1 33.1 11.1ZM15.8 "
    "16.8 14.4 16.3C15.4 14.4 16.3 12.2 17.2 9.9C17.9 9.9 18.2 9.7 18.4 9.3L13.4 7.9C12.2 13.8 9.8 20.1 7.5 24L7.9 24.2C9.1 23.2 "
    "10.2 22 11.3 20.7V36.3H12C13.4 36.3 14.8 35.5 14.8 35.2V17.4C15.4 17.3 15.7 17.1 15.8 16.8ZM22.1 35.1V33.7H30V35.9H30.6C31.9 "
    "35.9 33.6 35.1 33.6 34.9V27.5C34.2 27.4 34.6 27.1 34.8 26.9L31.4 24.3L29.7 26.1H22.3L18.6 24.6V36.3H19.1C20.6 36.3 22.1 35.5 "
    "22.1 35.1ZM30 26.9V32.8H22.1V26.9Z"
)


def icon(name: str) -> SafeString:
    """The drawing ``name`` as inline SVG; KeyError for an unknown one, so that a typing error fails the first test."""
    return mark_safe(  # noqa: S308  (a constant of this module)
        f'<svg class="xh-i" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{_DRAWN[name]}</svg>'
    )


def names() -> list[str]:
    """Every drawing, for the gallery."""
    return list(_DRAWN)
