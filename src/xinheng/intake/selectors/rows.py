"""What was received, how did each row fare, and which rows wait for whom?

Identifiers of persons come out masked, except from `waiting_row`, which serves the verbs of review.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

import orjson
from django.db.models import QuerySet

from xinheng.intake.models import IntakeBatch, IntakeFinding, IntakeRow, IntakeRowContent
from xinheng.intake.rules.leaves import SALT, row_leaf
from xinheng.intake.rules.masks import for_own_file, for_provider
from xinheng.intake.rules.places import finding_place, row_place
from xinheng.intake.rules.roles import roles_of
from xinheng.intake.rules.verdicts import RowState, Verdict
from xinheng.law import lookup
from xinheng.law.items import ItemVersion
from xinheng.lib.errors import NotFound
from xinheng.lib.freetext import guarded
from xinheng.store import crypto
from xinheng.store.guard import across_subjects
from xinheng.ui import city, wording

LISTED = 50


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch as its provider sees it."""

    batch_id: int
    provider_id: int
    provider: str
    item_code: str
    file_name: str
    file_sha256: str
    row_count: int
    accepted: int
    review: int
    rejected: int
    unchanged: int
    ended: int
    timely: int
    late: int
    root: str
    entry_id: int | None
    uploaded_by: int | None
    received_at: datetime
    state: str
    mends: int | None
    withdrawn_entry_id: int | None


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding; ``message`` is worded in the language of the page, ``plain`` in Chinese.

    Both are for pages and files that leave the house: what looks like a number of a person is masked, mistyped or not.
    """

    field: str
    code: str
    params: Mapping[str, str]
    article: str | None

    @property
    def message(self) -> str:
        return guarded(wording.say(self.code, self.params))

    @property
    def plain(self) -> str:
        return guarded(wording.plain(self.code, self.params))


@dataclass(frozen=True, slots=True)
class RowView:
    """A row of a batch. ``values`` is None when its content is not kept here: it has a record, or must not be kept."""

    row_id: int
    row: int
    verdict: Verdict
    state: RowState
    findings: tuple[FindingView, ...]
    values: Mapping[str, str] | None
    due_on: date | None = None
    mended: tuple[int, int] | None = None  # the batch, and its row, that say this again


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A row that waits for a second person, with all that its decision needs."""

    row_id: int
    batch_id: int
    row: int
    values: Mapping[str, str]
    findings: tuple[FindingView, ...]
    item_code: str
    item_version_id: int
    item_from: date
    provider_id: int
    provider: str
    received_at: datetime
    uploaded_by: int | None


@across_subjects("a provider's own batches, by provider and time, limited")
def batches(*, provider_id: int | None = None, limit: int = LISTED) -> list[BatchView]:
    """The newest batches, of one provider or of all."""
    found = IntakeBatch.objects.select_related("provider").order_by("-received_at", "-id")
    if provider_id is not None:
        found = found.filter(provider_id=provider_id)
    return [_batch(row) for row in found[:limit]]


@across_subjects("which files a provider has sent already, by provider, of a handful of files")
def sent_before(*, provider_id: int, digests: Collection[str]) -> frozenset[str]:
    """Those of the SHA-256 sums (64 hex) that are of a file which the provider has sent, however long ago."""
    found = IntakeBatch.objects.filter(provider_id=provider_id, file_sha256__in=list(digests))
    return frozenset(found.values_list("file_sha256", flat=True))


def batch(batch_id: int) -> BatchView:
    """One batch. Raises NotFound ``batch_unknown``."""
    found = IntakeBatch.objects.select_related("provider").filter(pk=batch_id).first()
    if found is None:
        raise NotFound("batch_unknown")
    return _batch(found)


def _batch(row: IntakeBatch) -> BatchView:
    same = {f: getattr(row, f) for f in BatchView.__dataclass_fields__ if f not in ("batch_id", "provider")}
    return BatchView(batch_id=row.id, provider=row.provider.name_zh, **same)


def rows(
    batch_id: int,
    *verdicts: Verdict,
    states: Collection[RowState] = (),
    after: int = 0,
    limit: int | None = None,
    masked: bool = True,
) -> list[RowView]:
    """The rows of a batch in file order, behind row ``after``, those of some verdicts and states or all.

    ``masked`` False gives the values whole: only for the provider who sent them.
    """
    found = IntakeRow.objects.filter(batch_id=batch_id, row__gt=after).order_by("row")
    if verdicts:
        found = found.filter(verdict__in=[verdict.value for verdict in verdicts])
    if states:
        found = found.filter(state__in=[state.value for state in states])
    return views_of(batch_id, list(found[:limit]), masked=masked)


def views_of(batch_id: int, listed: list[IntakeRow], *, masked: bool = True) -> list[RowView]:
    """Rows of one batch as its provider sees them, in the order given."""
    item = item_of(batch_id) if listed else None
    ids = [row.id for row in listed]
    contents, findings = contents_of(ids), _findings(ids)
    return [
        RowView(
            row_id=row.id,
            row=row.row,
            verdict=Verdict(row.verdict),
            state=RowState(row.state),
            findings=tuple(findings[row.id]),
            values=_shown(item, contents[row.id], masked) if item and row.id in contents else None,
            due_on=row.due_on,
            mended=(row.mended_in, row.mended_as) if row.mended_in and row.mended_as else None,
        )
        for row in listed
    ]


def _shown(item: ItemVersion, values: Mapping[str, str], masked: bool) -> Mapping[str, str]:
    return for_provider(item, values) if masked else values


def open_rows(batch_id: int) -> int:
    """How many rows of a batch still wait for a second person."""
    return IntakeRow.objects.filter(batch_id=batch_id, state=RowState.WAITING.value).count()


@across_subjects("the work list of reviewers: rows that wait, by a partial index, limited")
def waiting_rows(
    *, exclude_uploader: int | None = None, provider_id: int | None = None, limit: int = LISTED
) -> list[WaitingRow]:
    """Rows that wait for a second person, oldest first, without those that ``exclude_uploader`` sent."""
    found = _waiting_for(exclude_uploader, provider_id)
    return [_masked(row) for row in _views(found.order_by("id")[:limit])]


@across_subjects("how long the work list of reviewers is, by a partial index; nothing is opened")
def waiting_count(*, exclude_uploader: int | None = None, provider_id: int | None = None) -> int:
    """How many rows `waiting_rows` would give without a limit."""
    return _waiting_for(exclude_uploader, provider_id).count()


def waiting_about(keys: Collection[str]) -> list[WaitingRow]:
    """Rows that wait and speak of the subject with one of these keys, as its own file shows them (QRY-2)."""
    found = _waiting().filter(keys__key__in=list(keys)).distinct().order_by("id")
    return [_owned(row) for row in _views(found)]


def waiting_row(row_id: int, *, provider_id: int | None = None) -> WaitingRow:
    """One waiting row with its full values. Raises NotFound ``row_unknown`` when it does not wait, is not kept or is
    another's than the provider's: its content is not opened then.
    """
    views = _views(_waiting_for(None, provider_id).filter(pk=row_id))
    if not views:
        raise NotFound("row_unknown")
    return views[0]


def _waiting_for(exclude_uploader: int | None, provider_id: int | None) -> QuerySet[IntakeRow]:
    found = _waiting()
    if exclude_uploader is not None:
        found = found.exclude(batch__uploaded_by=exclude_uploader)
    return found if provider_id is None else found.filter(batch__provider_id=provider_id)


def _waiting() -> QuerySet[IntakeRow]:
    return IntakeRow.objects.select_related("batch__provider", "batch__item_version").filter(
        state=RowState.WAITING.value, content__isnull=False
    )


def _views(found: Iterable[IntakeRow]) -> list[WaitingRow]:
    listed = list(found)
    if not listed:
        return []
    contents, findings = contents_of([row.id for row in listed]), _findings([row.id for row in listed])
    return [
        WaitingRow(
            row_id=row.id,
            batch_id=row.batch_id,
            row=row.row,
            values=contents[row.id],
            findings=tuple(findings[row.id]),
            item_code=row.batch.item_code,
            item_version_id=row.batch.item_version_id,
            item_from=row.batch.item_version.valid_from,
            provider_id=row.batch.provider_id,
            provider=row.batch.provider.name_zh,
            received_at=row.batch.received_at,
            uploaded_by=row.batch.uploaded_by,
        )
        for row in listed
    ]


def _masked(row: WaitingRow) -> WaitingRow:
    return _with(row, for_provider(_law_of(row), row.values))


def _owned(row: WaitingRow) -> WaitingRow:
    item = _law_of(row)
    return _with(row, for_own_file(item, roles_of(item).subject_kind(row.values), row.values))


def _with(row: WaitingRow, values: Mapping[str, str]) -> WaitingRow:
    return replace(row, values=values)


def _law_of(row: WaitingRow) -> ItemVersion:
    return lookup.recorded(city.pack(), row.item_code, row.item_from)


def item_of(batch_id: int) -> ItemVersion:
    """The item version under which a batch was received."""
    code, day = IntakeBatch.objects.values_list("item_code", "item_version__valid_from").get(pk=batch_id)
    return lookup.recorded(city.pack(), code, day)


def open_content(row_id: int, sealed: bytes) -> tuple[bytes, bytes]:
    """Salt and canonical values of a row, opened."""
    opened = crypto.unseal(sealed, aad=row_place(row_id))
    return opened[:SALT], opened[SALT:]


def contents_of(row_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """Row id → values that are not empty, for the rows whose content is kept."""
    found = IntakeRowContent.objects.filter(row_id__in=row_ids).values_list("row_id", "sealed")
    opened = ((row_id, orjson.loads(open_content(row_id, bytes(sealed))[1])) for row_id, sealed in found)
    return {row_id: {code: text for code, text in values.items() if text} for row_id, values in opened}


def _findings(row_ids: Collection[int]) -> dict[int, list[FindingView]]:
    views: dict[int, list[FindingView]] = defaultdict(list)
    for found in IntakeFinding.objects.filter(row_id__in=row_ids).order_by("id"):
        sealed = found.sealed
        params = {} if sealed is None else orjson.loads(crypto.unseal(bytes(sealed), aad=finding_place(found.id)))
        views[found.row_id].append(FindingView(found.field, found.code, params, found.article or None))
    return views


@dataclass(frozen=True, slots=True)
class LeafCheck:
    """A stored leaf, and the leaf that the content stored with the row gives; None when there is none."""

    row_id: int
    row: int
    verdict: Verdict
    leaf: bytes
    recomputed: bytes | None
    state: RowState
    decided_by: int | None
    mended: tuple[int | None, int | None] = (None, None)


def leaf_checks(batch_id: int) -> Iterator[LeafCheck]:
    """Every row of a batch in file order, for the verification of its root."""
    found = IntakeRow.objects.filter(batch_id=batch_id).order_by("row").select_related("content")
    for row in found.iterator(chunk_size=2000):
        verdict = Verdict(row.verdict)
        sealed = row.content.sealed if hasattr(row, "content") else None
        recomputed = None
        if sealed is not None:
            salt, body = open_content(row.id, bytes(sealed))
            recomputed = row_leaf(salt=salt, row=row.row, verdict=verdict, body=body)
        yield LeafCheck(
            row.id, row.row, verdict, bytes(row.leaf), recomputed, RowState(row.state), row.decided_by,
            (row.mended_in, row.mended_as),
        )  # fmt: skip
