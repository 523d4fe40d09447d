"""Does a file that fitted the old version fit the new one?

Columns are found by their header, so their order never matters. Each attribute has a rule in the tables at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from xinheng.law.enums import FieldType
from xinheng.law.items import Check, Enumeration, Field, header_key
from xinheng.law.judging.steps import Fit, Step
from xinheng.law.pack import Bilingual


def fit(step: Step) -> Fit:
    """Say whether files that fitted the old version fit the new one. Columns are found by header, not by place."""
    if step.reordered:
        return Fit.FITS
    if step.path[0] != "fields":
        return FIT_OF_ITEM.get(step.path[0], _maybe)(step)
    if len(step.path) == 2:
        return _column_added(step) if step.before is None else Fit.FITS
    return FIT_OF_FIELD.get(step.path[2], _maybe)(step)


def _fits(step: Step) -> Fit:
    return Fit.FITS


def _maybe(step: Step) -> Fit:
    return Fit.UNCLEAR


def _said(good: bool) -> Fit:
    return Fit.FITS if good else Fit.BREAKS


def _not_taken_away(step: Step) -> Fit:
    """More is accepted than before, or less: what was there and is gone or other breaks."""
    return _said(step.before is None)


def _kinds(step: Step) -> Fit:
    return _said(step.after is not None)


def _provided(step: Step) -> Fit:
    """An empty list of sources lets any organisation report: the first source named shuts the others out."""
    if step.after is None:
        return _said(not step.new.providers)
    return _said(bool(step.old.providers))


def _switched_on(step: Step) -> Fit:
    return _said(step.after == "on" or step.before != "on")


def _checked(step: Step) -> Fit:
    """A new check returns rows when it is an error; a warning or another change sends some to a second person."""
    if step.after is None:
        return Fit.FITS
    error = isinstance(step.after, Check) and step.after.severity == "error"
    return Fit.BREAKS if error else Fit.UNCLEAR


def _sealing(step: Step) -> Fit:
    if len(step.path) > 2:
        return Fit.UNCLEAR
    return _said(step.after is None)


def _headers(field: Field) -> set[str]:
    return {header_key(text) for text in (field.code, *field.aliases, field.label.zh)}


def _column_added(step: Step) -> Fit:
    """A new field breaks old files where it must be filled, unless they may have its column under another name."""
    field = step.after
    assert isinstance(field, Field)
    if field.required == "no":
        return Fit.FITS
    return Fit.UNCLEAR if _headers(field) & step.old.by_header.keys() else Fit.BREAKS


def _found_by_header(step: Step) -> Fit:
    """A label or an alias of the old version still leads to the field."""
    texts = [text.zh if isinstance(text, Bilingual) else str(text) for text in (step.before,) if text is not None]
    return _said({header_key(text) for text in texts} <= _headers(step.fields[1]))


def _no_shorter(step: Step) -> Fit:
    if step.after is None:
        return Fit.FITS
    return _said(isinstance(step.before, int) and isinstance(step.after, int) and step.after >= step.before)


def _decimal(step: Step) -> Fit:
    """What a decimal holds before and behind the point; ``digits`` counts both."""
    sizes = [(f.digits, f.places) for f in step.fields]
    if any(size is None for pair in sizes for size in pair):
        return Fit.BREAKS if step.fields[1].type is FieldType.DECIMAL else Fit.FITS
    (digits, places), (new_digits, new_places) = ((d or 0, p or 0) for d, p in sizes)
    return _said(new_places >= places and new_digits - new_places >= digits - places)


def _filled(step: Step) -> Fit:
    return _said(step.after == "no" or step.before == "always")


def _typed(step: Step) -> Fit:
    takes_all = step.after in {FieldType.STRING, FieldType.TEXT}
    several = (step.before, step.after) == (FieldType.ENUM, FieldType.MULTI_ENUM)
    return _said(takes_all or several)


def _enumerated(step: Step) -> Fit:
    """A spelling that was accepted must still be read as one of the values."""
    if len(step.path) == 3:
        return _said(step.after is None)
    new = step.fields[1].enum
    assert new is not None
    if step.before is None or step.path[3] in {"name", "separator"} or step.path[-1] == "label_en":
        return Fit.FITS
    if step.path[3] == "values":
        return _said(all(new.canonical(text) is not None for text in _spellings(step)))
    return Fit.BREAKS


def _spellings(step: Step) -> tuple[str, ...]:
    """The spellings that a difference among the values takes away."""
    old = step.fields[0].enum
    assert isinstance(old, Enumeration)
    if len(step.path) > 5:
        return (str(step.before),)
    return next((value.value, *value.aliases) for value in old.values if value.value == step.path[4])


FIT_OF_ITEM: Mapping[str, Callable[[Step], Fit]] = {
    **dict.fromkeys(("level", "rank", "label", "conduct", "basis", "publicity", "sharing", "frequency"), _fits),
    **dict.fromkeys(("person_statute", "retention", "retention_starts", "article", "publicity_period"), _fits),
    **dict.fromkeys(("purpose", "ignored", "enums", "category", "matters"), _fits),
    **dict.fromkeys(("adverse", "market", "consent", "roles", "natural_key", "legacy_status", "revocation"), _maybe),
    "channel": _kinds,
    "providers": _provided,
    "kinds": _kinds,
    "state": _switched_on,
    "kinds_map": _not_taken_away,
    "placeholders": _not_taken_away,
    "checks": _checked,
    "sealed": _sealing,
}
FIT_OF_FIELD: Mapping[str, Callable[[Step], Fit]] = {
    **dict.fromkeys(("n", "disclosure", "disclosure_for", "mask", "personal", "personal_for"), _fits),
    **dict.fromkeys(("whose", "exports", "platform"), _fits),
    **dict.fromkeys(("document_kind", "rule"), _maybe),
    "label": _found_by_header,
    "aliases": _found_by_header,
    "type": _typed,
    "length": _no_shorter,
    "digits": _decimal,
    "places": _decimal,
    "enum": _enumerated,
    "required": _filled,
}
