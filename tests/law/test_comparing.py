"""Is every difference between two versions of an item found, exactly, and judged the way a lawyer would?"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import load_pack
from tests.law.packs import CATALOG, write
from xinheng.law import judging
from xinheng.law.comparing import IDENTITY, Change, Comparison, What, compare
from xinheng.law.conditions import Comparison as Comparing
from xinheng.law.conditions import Condition
from xinheng.law.enums import Attribute, ChannelName, FieldType, MaskName, ReleaseWord, SubjectKind, Unit
from xinheng.law.items import Check, Enumeration, EnumValue, Field, FieldRelease, ItemVersion
from xinheng.law.judging import Fit, Reach
from xinheng.law.loader import load
from xinheng.law.pack import Amount, Bilingual

CF = load_pack("demo-city").items["CF"].versions[0]
XK = load_pack("demo-city").items["XK"].versions[0]
SWAPPED = {
    Reach.WIDER: Reach.NARROWER,
    Reach.NARROWER: Reach.WIDER,
    Reach.OWN_WIDER: Reach.OWN_NARROWER,
    Reach.OWN_NARROWER: Reach.OWN_WIDER,
    Reach.UNCLEAR: Reach.UNCLEAR,
    Reach.SAME: Reach.SAME,
}


def later(version: ItemVersion, **changes: Any) -> ItemVersion:
    """A second version of the item, made by hand."""
    return replace(version, from_=date(2027, 1, 1), version="2027-01-01", sha256="0" * 64, **changes)


def edited(version: ItemVersion, code: str, **changes: Any) -> ItemVersion:
    """A second version in which one field is different."""
    return later(version, fields=tuple(replace(f, **changes) if f.code == code else f for f in version.fields))


def only(comparison: Comparison) -> Change:
    assert len(comparison.changes) == 1, comparison.changes
    return comparison.changes[0]


# Nothing is forgotten


@pytest.mark.req("CAT-2", "ZY-32", "SP-8", kind="rule")
def test_every_attribute_of_an_item_and_of_a_field_is_compared_and_has_a_judgement_of_its_own() -> None:
    of_item = {f.name for f in dataclasses.fields(ItemVersion)} - IDENTITY - {"fields"}
    of_field = {f.name for f in dataclasses.fields(Field)} - {"code"}
    assert set(judging.REACH_OF_ITEM) == set(judging.FIT_OF_ITEM) == of_item
    assert set(judging.REACH_OF_FIELD) == set(judging.FIT_OF_FIELD) == of_field


OTHER: Mapping[str, Any] = {
    "kinds": {SubjectKind.LEGAL_PERSON: Attribute.NONE},
    "enums": {},
    "checks": (),
    "sealed": (),
    "providers": ("any",),
    "matters": ("any",),
}


@pytest.mark.parametrize("name", sorted({f.name for f in dataclasses.fields(ItemVersion)} - IDENTITY - {"enums"}))
def test_any_other_value_of_any_attribute_shows(name: str) -> None:
    before = getattr(CF, name)
    after = OTHER.get(name, () if isinstance(before, tuple) else {} if isinstance(before, Mapping) else object())
    if name in {"retention", "frequency"}:
        after = Amount(99, Unit.YEAR)
    found = compare(CF, later(CF, **{name: after})).changes
    assert found and {change.path[0] for change in found} == {name}


@pytest.mark.parametrize("name", sorted({f.name for f in dataclasses.fields(Field)} - {"code"}))
def test_any_other_value_of_any_attribute_of_a_field_shows(name: str) -> None:
    field = CF.by_code["CF_CFLB"]
    before = getattr(field, name)
    after: Any = {
        "disclosure": {**field.disclosure, ChannelName.PUBLIC: ReleaseWord.WITHHELD},
        "disclosure_for": {
            SubjectKind.LEGAL_PERSON: {ChannelName.PUBLIC: FieldRelease(ReleaseWord.MASKED, MaskName.SURNAME)}
        },
        "enum": None,
        "aliases": (),
        "personal_for": frozenset({SubjectKind.NATURAL_PERSON}),
        "label": Bilingual("别的", "other"),
        "type": FieldType.TEXT,
        "mask": MaskName.SURNAME,
    }.get(name, (not before) if isinstance(before, bool) else before + 1 if isinstance(before, int) else "other")
    found = compare(CF, edited(CF, "CF_CFLB", **{name: after})).changes
    assert found and {change.path[:3] for change in found} == {("fields", "CF_CFLB", name)}


def test_an_attribute_nobody_judged_yet_is_unclear_and_never_harmless() -> None:
    step = judging.Step(("brand_new",), 1, 2, CF, CF)
    inner = judging.Step(("fields", "CF_NR", "brand_new"), 1, 2, CF, CF)
    assert {judging.reach(step), judging.reach(inner)} == {Reach.UNCLEAR}
    assert {judging.fit(step), judging.fit(inner)} == {Fit.UNCLEAR}


@pytest.mark.parametrize("version", [CF, XK])
def test_a_version_does_not_differ_from_itself(version: ItemVersion) -> None:
    assert compare(version, version).changes == ()
    assert compare(version, later(version)).changes == ()


@pytest.mark.req("CAT-2", kind="refusal")
def test_versions_of_different_items_are_not_compared() -> None:
    with pytest.raises(ValueError, match="different items"):
        compare(CF, XK)


# Random edits are found exactly, and the judgement turns around with the versions

type Edit = tuple[tuple[str, ...], Callable[[ItemVersion], ItemVersion]]


def _field_edit(code: str, path: tuple[str, ...], change: Callable[[Field], dict[str, Any]]) -> Edit:
    def apply(version: ItemVersion) -> ItemVersion:
        return replace(version, fields=tuple(replace(f, **change(f)) if f.code == code else f for f in version.fields))

    return ("fields", code, *path), apply


@st.composite
def item_edits(draw: st.DrawFn) -> Edit:
    """A change of one attribute of the item to another value."""
    name = draw(st.sampled_from(["publicity", "kinds", "sharing", "retention", "conduct", "state", "consent", "basis"]))
    match name:
        case "publicity":
            value = draw(st.sampled_from([one for one in Attribute if one is not CF.publicity]))
            return (name,), lambda v: replace(v, publicity=value)
        case "kinds":
            kind = draw(st.sampled_from(list(SubjectKind)))
            attribute = draw(st.sampled_from([one for one in Attribute if one is not CF.kinds[kind]]))
            return (name, kind.value), lambda v: replace(v, kinds={**v.kinds, kind: attribute})
        case "sharing" | "basis":
            word = draw(st.text(alphabet="abcxyz", min_size=1))
            return (name, f"new {word}"), lambda v: replace(v, **{name: (*getattr(v, name), f"new {word}")})
        case "retention":
            amount = draw(st.builds(Amount, st.integers(6, 90), st.sampled_from(list(Unit))))
            return (name,), lambda v: replace(v, retention=amount)
        case "conduct":
            text = draw(st.text(min_size=1))
            return (name,), lambda v: replace(v, conduct=Bilingual(text, "changed"))
        case "state":
            return (name,), lambda v: replace(v, state="draft")
        case _:
            return (name,), lambda v: replace(v, consent="subject")


@st.composite
def field_edits(draw: st.DrawFn) -> Edit:
    """A change of one property of one field."""
    field = draw(st.sampled_from(CF.fields))
    name = draw(
        st.sampled_from(
            ["disclosure", "disclosure_for", "mask", "length", "aliases", "required", "personal", "exports"]
        )
    )
    match name:
        case "disclosure":
            channel = draw(st.sampled_from(list(ChannelName)))
            word = draw(st.sampled_from([one for one in ReleaseWord if one is not field.disclosure[channel]]))
            return _field_edit(field.code, (name, channel.value), lambda f: {name: {**f.disclosure, channel: word}})
        case "disclosure_for":
            kind, channel = draw(st.sampled_from(list(SubjectKind))), draw(st.sampled_from(list(ChannelName)))
            word, mask = draw(st.sampled_from(list(ReleaseWord))), draw(st.sampled_from(list(MaskName)))
            given_ = FieldRelease(word, mask)
            if field.disclosure_for.get(kind, {}).get(channel) == given_:
                given_ = FieldRelease(word, next(m for m in MaskName if m is not mask))
            return _field_edit(
                field.code,
                (name, kind.value, channel.value),
                lambda f: {name: {**f.disclosure_for, kind: {**f.disclosure_for.get(kind, {}), channel: given_}}},
            )
        case "mask":
            other_mask = draw(st.sampled_from([one for one in MaskName if one is not field.mask]))
            return _field_edit(field.code, (name,), lambda f: {name: other_mask})
        case "length":
            size = draw(st.integers(1, 9000).filter(lambda n: n != field.length))
            return _field_edit(field.code, (name,), lambda f: {name: size})
        case "aliases":
            return _field_edit(field.code, (name, "NEW_NAME"), lambda f: {name: (*f.aliases, "NEW_NAME")})
        case "required":
            other = Condition("CF_CFLB", Comparing.CONTAINS, (draw(st.text(min_size=1)) + "#",))
            return _field_edit(field.code, (name,), lambda f: {name: other})
        case "personal":
            return _field_edit(field.code, (name,), lambda f: {name: not f.personal})
        case _:
            other_word = {"full": "withheld", "withheld": "full"}[field.exports]
            return _field_edit(field.code, (name,), lambda f: {name: other_word})


@pytest.mark.req("CAT-2", "ZY-32", kind="rule")
@given(st.lists(st.one_of(item_edits(), field_edits()), max_size=6, unique_by=lambda edit: edit[0]))
def test_random_edits_are_found_exactly_and_turn_around_with_the_versions(edits: list[Edit]) -> None:
    new = later(CF)
    for _, apply in edits:
        new = apply(new)
    there, back = compare(CF, new), compare(new, CF)
    assert {change.path for change in there.changes} == {path for path, _ in edits}
    assert {change.path for change in back.changes} == {path for path, _ in edits}
    reach_back = {change.path: change.reach for change in back.changes}
    assert {c.path: SWAPPED[c.reach] for c in there.changes} == reach_back
    assert {c.path: (c.after, c.before) for c in there.changes} == {c.path: (c.before, c.after) for c in back.changes}


RELEASES = [ReleaseWord.WITHHELD, ReleaseWord.MASKED, ReleaseWord.FULL]


@pytest.mark.req("CAT-2", "PUB-1", "INV-3", kind="rule")
@given(st.lists(field_edits(), min_size=1, max_size=6, unique_by=lambda edit: edit[0]))
def test_whoever_sees_more_of_a_field_is_never_passed_over_in_silence(edits: list[Edit]) -> None:
    new = later(CF)
    for _, apply in edits:
        new = apply(new)
    told = {(change.field, change.reach) for change in compare(CF, new).changes}
    for old_field, new_field in zip(CF.fields, new.fields, strict=True):
        for kind in SubjectKind:
            for channel in ChannelName:
                before, after = old_field.release(channel, kind), new_field.release(channel, kind)
                if RELEASES.index(after.release) > RELEASES.index(before.release):
                    wider = Reach.OWN_WIDER if channel is ChannelName.OWN else Reach.WIDER
                    assert (new_field.code, wider) in told
                elif after != before and after.release is before.release is ReleaseWord.MASKED:
                    assert any(code == new_field.code and reach is not Reach.SAME for code, reach in told)


@given(st.permutations(CF.fields), st.sets(st.sampled_from([f.code for f in CF.fields]), max_size=5))
def test_fields_that_go_come_and_change_places_are_told_apart(order: list[Field], gone: set[str]) -> None:
    new = later(CF, fields=tuple(field for field in order if field.code not in gone))
    found = compare(CF, new)
    assert {c.path[1] for c in found.changes if c.what is What.REMOVED} == gone
    assert {c.path[1] for c in compare(new, CF).changes if c.what is What.ADDED} == gone
    kept = tuple(f.code for f in CF.fields if f.code not in gone)
    moved = [c for c in found.changes if c.what is What.REORDERED]
    assert [c.path for c in moved] == ([("fields",)] if tuple(f.code for f in new.fields) != kept else [])
    assert all(c.reach is Reach.SAME and c.files is Fit.FITS for c in moved)


# What a lawyer looks at first

BUSINESS = SubjectKind.INDIVIDUAL_BUSINESS
LAW_CASES: list[tuple[ItemVersion, tuple[str, ...], Reach, Fit]] = [
    (later(CF, publicity=Attribute.BY_MATTER), ("publicity",), Reach.NARROWER, Fit.FITS),
    (
        later(CF, kinds={**CF.kinds, SubjectKind.NATURAL_PERSON: Attribute.PUBLIC}),
        ("kinds", "natural_person"),
        Reach.WIDER,
        Fit.FITS,
    ),
    (
        later(CF, kinds={k: v for k, v in CF.kinds.items() if k is not SubjectKind.NATURAL_PERSON}),
        ("kinds", "natural_person"),
        Reach.NARROWER,
        Fit.BREAKS,
    ),
    (later(CF, person_statute="CN-APL-48"), ("person_statute",), Reach.WIDER, Fit.FITS),
    (later(CF, sharing=("government", "authorised")), ("sharing", "authorised"), Reach.WIDER, Fit.FITS),
    (later(CF, matters=(*CF.matters, "fresh")), ("matters", "fresh"), Reach.WIDER, Fit.FITS),
    (later(CF, providers=("health",)), ("providers", "health"), Reach.SAME, Fit.BREAKS),
    (later(CF, category="other"), ("category",), Reach.SAME, Fit.FITS),
    (later(CF, retention=Amount(36, Unit.MONTH)), ("retention",), Reach.NARROWER, Fit.FITS),
    (later(CF, retention=Amount(60, Unit.MONTH)), ("retention",), Reach.SAME, Fit.FITS),
    (later(CF, retention=Amount(2000, Unit.CALENDAR_DAY)), ("retention",), Reach.UNCLEAR, Fit.FITS),
    (later(CF, channel=("api", "exchange")), ("channel", "upload"), Reach.SAME, Fit.BREAKS),
    (later(CF, sealed=CF.sealed[:1]), ("sealed", "natural_person.CF_CFLB"), Reach.WIDER, Fit.FITS),
    (later(CF, state="off"), ("state",), Reach.NARROWER, Fit.BREAKS),
    (later(CF, market=True), ("market",), Reach.NARROWER, Fit.UNCLEAR),
    (later(CF, publicity_period="none"), ("publicity_period",), Reach.NARROWER, Fit.FITS),
    (later(CF, purpose=Bilingual("别的", "other")), ("purpose",), Reach.UNCLEAR, Fit.FITS),
    (later(CF, article="CN-APL-48"), ("article",), Reach.SAME, Fit.FITS),
    (
        later(CF, checks=(*CF.checks, Check("not_after_today", "CF_YXQ", None, None, (), "error", "late"))),
        ("checks", "late"),
        Reach.SAME,
        Fit.BREAKS,
    ),
    (
        later(CF, kinds_map={**CF.kinds_map, "企业": SubjectKind.LEGAL_PERSON}),
        ("kinds_map", "企业"),
        Reach.UNCLEAR,
        Fit.FITS,
    ),
]
FIELD_CASES: list[tuple[str, dict[str, Any], tuple[str, ...], Reach, Fit]] = [
    ("CF_NR", {"length": 3999}, ("length",), Reach.SAME, Fit.BREAKS),
    ("CF_NR", {"length": None}, ("length",), Reach.SAME, Fit.FITS),
    ("CF_NR", {"mask": MaskName.FREE_TEXT_NAMES}, ("mask",), Reach.NARROWER, Fit.FITS),
    ("CF_NR", {"mask": MaskName.SURNAME}, ("mask",), Reach.UNCLEAR, Fit.FITS),
    ("CF_YJ", {"mask": MaskName.SURNAME}, ("mask",), Reach.SAME, Fit.FITS),
    ("CF_FR_ZJHM", {"mask": MaskName.FREE_TEXT}, ("mask",), Reach.UNCLEAR, Fit.FITS),
    ("CF_FRDB", {"exports": "full"}, ("exports",), Reach.WIDER, Fit.FITS),
    ("CF_FR_ZJHM", {"personal": False}, ("personal",), Reach.WIDER, Fit.FITS),
    ("BZ", {"required": "always"}, ("required",), Reach.SAME, Fit.BREAKS),
    ("CF_YXQ", {"required": "no"}, ("required",), Reach.SAME, Fit.FITS),
    ("CF_NR", {"aliases": ()}, ("aliases", "CF_JG"), Reach.SAME, Fit.BREAKS),
    ("CF_NR", {"label": Bilingual("处罚的内容", "content")}, ("label",), Reach.SAME, Fit.BREAKS),
    ("CF_NR", {"label": Bilingual("处罚 内容", "content")}, ("label",), Reach.SAME, Fit.FITS),
    ("CF_NR_FK", {"digits": 20}, ("digits",), Reach.SAME, Fit.FITS),
    ("CF_NR_FK", {"places": 8}, ("places",), Reach.SAME, Fit.BREAKS),
    ("CF_NR", {"type": FieldType.STRING}, ("type",), Reach.UNCLEAR, Fit.FITS),
    ("CF_WSH", {"type": FieldType.USCC}, ("type",), Reach.UNCLEAR, Fit.BREAKS),
    (
        "CF_XDR_MC",
        {
            "disclosure_for": {
                SubjectKind.NATURAL_PERSON: {ChannelName.PUBLIC: FieldRelease(ReleaseWord.WITHHELD, MaskName.NONE)}
            }
        },
        ("disclosure_for", "individual_business", "public"),
        Reach.WIDER,
        Fit.FITS,
    ),
]


@pytest.mark.req("CAT-2", "ZY-32", "SP-8", kind="rule")
@pytest.mark.parametrize(("new", "path", "reach", "files"), LAW_CASES)
def test_what_a_change_of_the_item_means(new: ItemVersion, path: tuple[str, ...], reach: Reach, files: Fit) -> None:
    change = only(compare(CF, new))
    assert (change.path, change.reach, change.files) == (path, reach, files)
    assert only(compare(new, CF)).reach is SWAPPED[reach]


@pytest.mark.req("CAT-2", "PUB-1", kind="rule")
@pytest.mark.parametrize(("code", "changes", "path", "reach", "files"), FIELD_CASES)
def test_what_a_change_of_a_field_means(
    code: str, changes: dict[str, Any], path: tuple[str, ...], reach: Reach, files: Fit
) -> None:
    new = edited(CF, code, **changes)
    change = compare(CF, new).changes[0]
    assert (change.within, change.reach, change.files) == (path, reach, files)
    assert compare(new, CF).changes[0].reach is SWAPPED[reach]


def test_an_exception_that_says_what_holds_anyway_changes_nothing_and_one_that_says_more_widens() -> None:
    field = CF.by_code["CF_YJ"]
    same = {BUSINESS: {ChannelName.PUBLIC: FieldRelease(field.disclosure[ChannelName.PUBLIC], field.mask)}}
    assert only(compare(CF, edited(CF, "CF_YJ", disclosure_for=same))).reach is Reach.SAME
    more = {BUSINESS: {ChannelName.PUBLIC: FieldRelease(ReleaseWord.FULL, MaskName.NONE)}}
    assert only(compare(CF, edited(CF, "CF_FR_ZJLX", disclosure_for=more))).reach is Reach.WIDER
    own = {ChannelName.OWN: ReleaseWord.WITHHELD}
    assert only(compare(CF, edited(CF, "CF_YJ", disclosure={**field.disclosure, **own}))).reach is Reach.OWN_NARROWER


# Fields that come and go, values of enumerations


def _added(**changes: Any) -> ItemVersion:
    fresh = replace(CF.by_code["CF_WSH"], code="CF_NEW", label=Bilingual("新", "new"), aliases=(), **changes)
    return later(CF, fields=(*CF.fields, fresh))


@pytest.mark.req("CAT-2", kind="rule")
def test_a_new_field_widens_by_what_it_shows_and_breaks_files_where_it_must_be_filled() -> None:
    change = only(compare(CF, _added()))
    assert (change.what, change.reach, change.files, change.within) == (What.ADDED, Reach.WIDER, Fit.BREAKS, ())
    nobody = dict.fromkeys(ChannelName, ReleaseWord.WITHHELD)
    assert only(compare(CF, _added(disclosure=nobody, required="no"))).reach is Reach.SAME
    own = {**nobody, ChannelName.OWN: ReleaseWord.FULL}
    quiet = only(compare(CF, _added(disclosure=own, required="no")))
    assert (quiet.reach, quiet.files) == (Reach.OWN_WIDER, Fit.FITS)


def _with_values(*values: EnumValue, open_prefix: str | None = "其他-") -> ItemVersion:
    enum = CF.by_code["CF_CFLB"].enum
    assert enum is not None
    return edited(CF, "CF_CFLB", enum=Enumeration(enum.name, values, open_prefix, enum.separator))


@pytest.mark.req("CAT-2", kind="rule")
def test_values_of_an_enumeration_that_come_go_and_get_another_label_are_told_one_by_one() -> None:
    enum = CF.by_code["CF_CFLB"].enum
    assert enum is not None
    first, second, *rest = enum.values
    more = only(compare(CF, _with_values(*enum.values, EnumValue("新", "new", ()))))
    assert (more.what, more.within, more.files) == (What.ADDED, ("enum", "values", "新"), Fit.FITS)
    less = only(compare(CF, _with_values(first, *rest)))
    assert (less.what, less.within, less.files) == (What.REMOVED, ("enum", "values", second.value), Fit.BREAKS)
    label = only(compare(CF, _with_values(replace(first, label_en="caution"), second, *rest)))
    assert (label.within, label.before, label.after) == (
        ("enum", "values", first.value, "label_en"),
        first.label_en,
        "caution",
    )
    merged = compare(CF, _with_values(replace(first, aliases=(second.value,)), *rest))
    assert {change.files for change in merged.changes} == {Fit.FITS}
    closed = only(compare(CF, _with_values(*enum.values, open_prefix=None)))
    assert (closed.within, closed.files) == (("enum", "open_prefix"), Fit.BREAKS)
    turned = only(compare(CF, _with_values(second, first, *rest)))
    assert (turned.what, turned.within) == (What.REORDERED, ("enum", "values"))


def test_lists_behind_the_comparison_are_those_of_the_two_versions() -> None:
    new = replace(_added(), publicity=Attribute.NONE)
    found = compare(CF, new)
    assert [change.path for change in found.item] == [("publicity",)]
    assert list(found.fields) == ["CF_NEW"]
    assert found.reaching(Reach.WIDER) == found.fields["CF_NEW"]
    assert found.fitting(Fit.BREAKS) == found.fields["CF_NEW"]


@pytest.mark.req("CAT-2", "ZY-32", kind="journey")
def test_two_versions_of_a_pack_on_disk_differ_by_what_was_written(tmp_path: Any) -> None:
    second = CATALOG.split("versions:\n")[1].split("roles:")[0]
    second = second.replace('from: "2024-01-01"', 'from: "2026-06-01"').replace(
        "publicity: public", "publicity: by_matter"
    )
    first = CATALOG.split("versions:\n")[1].split("roles:")[0]
    write(tmp_path, {"catalog/TF.yaml": (first, first + second)})
    old, new = load("toytown", root=tmp_path).items["TF"].versions
    assert (old.until, new.from_) == (new.from_, date(2026, 6, 1))
    change = only(compare(old, new))
    assert (change.path, change.before, change.after) == (("publicity",), Attribute.PUBLIC, Attribute.BY_MATTER)


def test_a_mapping_that_cannot_be_changed_is_compared_as_any_other() -> None:
    assert compare(CF, later(CF, kinds=MappingProxyType(dict(CF.kinds)))).changes == ()
