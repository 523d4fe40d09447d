"""What is an entry, which bytes does it commit to, and what does a promise of inclusion say? Pure.

An entry is public and holds no personal data: act, instant, law, id and a salted commitment. The body that it commits
to is kept encrypted and can be erased; then the salt goes too and nobody can guess the body from the commitment.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from xinheng.lib import merkle
from xinheng.lib.canonical import canonical, commitment, leaf_hash
from xinheng.lib.clock import parse_stamp, stamp
from xinheng.lib.errors import BadInput
from xinheng.lib.note import Signer, Verifier, check_name, open_note, sign_note

FORMAT = 1
TAG = 16  # bytes of a subject's tag in the ledger
SALT = 32  # bytes
SEALED_WITHIN = timedelta(seconds=60)  # what a promise promises

HEADS_SEALED = "heads.sealed"
PACK_PUBLISHED = "pack.published"
ENTRY_ERASED = "entry.erased"
CONTENT_ERASED = "content.erased"
# Their bodies bind rows of tables: without them nobody could tell a lawful gap from damage, so none is ever erased.
BINDING = frozenset(
    {
        PACK_PUBLISHED, "norm.published", "norm.step", "norm.closed", "organisation.entered", "role.granted",
        "power.granted", "subject.linked", "subject.frozen", "batch.accepted", "batch.reviewed", "record.corrected",
        "client.proposed", "client.granted", "client.revoked", "query.flagged",
        "role.revoked", "power.revoked", "grant.proposed", "grant.refused", "account.opened", "account.closed",
        "account.unlocked", "factor.set", "factor.reset", "subject.unlinked",
        "platform.founded",
        "record.withdrawn", "row.dropped", "batch.withdrawn", "withdrawal.proposed", "withdrawal.refused",
        "sweep.done", "clock.opened", "clock.stopped", "clocks.recomputed",
        ENTRY_ERASED, CONTENT_ERASED, HEADS_SEALED,
    }
)  # fmt: skip
ACTS = BINDING | {
    "disclosure.answered", "disclosure.batch", "disclosure.refused", "log.read", "query.reviewed", "counts.closed",
    "batch.returned", "password.set", "password.given", "unlink.refused",
}  # fmt: skip
RESULTS = frozenset({"granted", "empty", "refused", "done"})  # "done": acts that answer nobody
_BODY = frozenset({"actor", "org", "channel", "subject", "seq", "prev", "ground", "result", "fields", "data_version"})


@dataclass(frozen=True, slots=True)
class SubjectRef:
    """A credit subject as the ledger knows it: its id and its tag of 16 random bytes."""

    id: int
    tag: bytes


@dataclass(frozen=True, slots=True)
class Act:
    """What is to be recorded: who did what, on which ground, under which law, with which result.

    ``law`` is the label of a law version. ``ground`` and ``fields`` hold canonical values only: text, integers,
    booleans, lists, objects. ``extra`` adds keys to the body's top level (a batch's root, a record's version).
    """

    act: str
    at: datetime
    law: str
    actor: str
    organisation: str
    channel: str
    subject: SubjectRef | None
    ground: Mapping[str, Any]
    result: str
    fields: Mapping[str, Any]
    data_version: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.act not in ACTS:
            raise BadInput("act_unknown", act=self.act)
        if not _LABEL.fullmatch(self.law):
            raise BadInput("law_label_malformed")
        if self.result not in RESULTS:
            raise BadInput("result_unknown", result=self.result)
        if not _BODY.isdisjoint(self.extra):
            raise BadInput("body_key_taken", key=min(_BODY & self.extra.keys()))


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a subject: its number among them and its leaf hash (empty before the first)."""

    seq: int = 0
    leaf: bytes = b""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry ready to be written: ``data`` are the leaf's bytes, ``body`` what ``salt`` and the commitment bind."""

    id: int
    data: bytes
    body: bytes
    salt: bytes
    leaf: bytes
    tag: bytes | None
    seq: int | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the doer of an act holds at once: the entry's id and leaf hash (64 hex); the position comes later."""

    entry_id: int
    leaf: str
    at: datetime
    act: str
    law: str


def make_entry(act: Act, *, entry_id: int, salt: bytes, head: Head) -> Entry:
    """The bytes of an entry. ``head`` is the subject's last entry; an act without a subject ignores it."""
    subject = act.subject
    body = canonical(
        {
            "actor": act.actor,
            "org": act.organisation,
            "channel": act.channel,
            "subject": str(subject.id) if subject else "",
            "seq": head.seq + 1 if subject else 0,
            "prev": head.leaf.hex() if subject else "",
            "ground": act.ground,
            "result": act.result,
            "fields": act.fields,
            "data_version": act.data_version,
            **act.extra,
        }
    )
    data = canonical(
        {
            "act": act.act,
            "at": stamp(act.at),
            "commit": commitment(salt, body).hex(),
            "id": str(entry_id),
            "law": act.law,
            "v": FORMAT,
        }
    )
    return Entry(
        id=entry_id,
        data=data,
        body=body,
        salt=salt,
        leaf=leaf_hash(data),
        tag=subject.tag if subject else None,
        seq=head.seq + 1 if subject else None,
    )


def body_place(leaf: bytes) -> bytes:
    """What a sealed body is bound to: its entry's leaf hash.

    So a body can't be moved to another entry, and without the data keys nobody can alter an entry that still waits.
    """
    return b"ledger_body/" + leaf


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """An entry's own words; ``at`` is a stamp of `xinheng.lib.clock`."""

    entry_id: int
    act: str
    at: str
    law: str
    commit: str


# Exactly the canonical bytes that `make_entry` gives, so that no second spelling of an entry passes.
_ENTRY = re.compile(
    rb'\{"act":"([a-z.]+)","at":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)","commit":"([0-9a-f]{64})",'
    rb'"id":"([1-9]\d*)","law":"([^"\\\x00-\x1f]*)","v":1\}'
)
_LABEL = re.compile(r'[^"\\\x00-\x1f]*')


def read_entry(data: bytes) -> EntryFacts:
    """Read the bytes of an entry. Raises BadInput ``entry_malformed`` unless they are exactly canonical."""
    found = _ENTRY.fullmatch(data)
    if found is None:
        raise BadInput("entry_malformed")
    act, at, commit, entry_id, law = found.groups()
    return EntryFacts(int(entry_id), act.decode(), at.decode(), law.decode(), commit.decode())


# Completeness for a subject ------------------------------------------------------------------------------------------


def head_leaf(tag: bytes, seq: int, leaf: bytes) -> bytes:
    """The leaf of one subject in the tree of heads: SHA-256(0x00 ‖ tag(16) ‖ seq (8 bytes, big-endian) ‖ leaf(32))."""
    return leaf_hash(tag + seq.to_bytes(8, "big") + leaf)


HEAD_WIDTH = TAG + 8 + 32


def pack_head(tag: bytes, seq: int, leaf: bytes) -> bytes:
    """One head in 56 bytes, as it is hashed."""
    return tag + seq.to_bytes(8, "big") + leaf


def unpack_heads(data: bytes) -> list[tuple[bytes, int, bytes]]:
    """The inverse of packed heads one after another."""
    cut = [data[at : at + HEAD_WIDTH] for at in range(0, len(data), HEAD_WIDTH)]
    return [(one[:TAG], int.from_bytes(one[TAG : TAG + 8], "big"), one[TAG + 8 :]) for one in cut]


def heads_root(heads: Sequence[tuple[bytes, int, bytes]]) -> bytes:
    """The RFC 6962 root over heads sorted by tag."""
    return merkle.root([head_leaf(*head) for head in heads])


# The promise ---------------------------------------------------------------------------------------------------------

_PROMISE = "xinheng promise v1"  # has spaces, so it can never be the origin of a checkpoint
_BATCH_PROMISE = "xinheng batch promise v1"


@dataclass(frozen=True, slots=True)
class Promise:
    """The log ``origin`` promised that ``leaf`` (64 hex) of ``entry_id``, made at ``at``, is sealed by ``until``.

    ``rows`` and ``root`` (64 hex): with it the entries of a batch.
    """

    origin: str
    entry_id: int
    leaf: str
    at: datetime
    until: datetime
    rows: int = 0
    root: str = ""


def make_promise(receipt: Receipt, *, origin: str, signer: Signer, rows: int = 0, root: bytes = b"") -> str:
    """A signed promise of inclusion in one line: base64 of a signed note. Give it out only after the commit.

    ``root``: the promise is for a batch too, for the ``rows`` entries whose leaves, in their order, have this RFC 6962
    root.
    """
    batch = (str(rows), root.hex()) if root else ()
    text = "\n".join(
        (
            _BATCH_PROMISE if root else _PROMISE,
            check_name(origin),
            str(receipt.entry_id),
            receipt.leaf,
            stamp(receipt.at),
            stamp(receipt.at + SEALED_WITHIN),
            *batch,
            "",
        )
    )
    return base64.b64encode(sign_note(text, signer).encode()).decode()


def open_promise(promise: str, verifier: Verifier) -> Promise:
    """Read a promise signed by ``verifier``. Raises BadInput when it is malformed or forged."""
    try:
        note = base64.b64decode(promise, validate=True).decode()
    except (binascii.Error, ValueError):
        raise BadInput("promise_malformed") from None
    lines = open_note(note, verifier).split("\n")
    if (lines[0], len(lines)) not in {(_PROMISE, 7), (_BATCH_PROMISE, 9)}:
        raise BadInput("promise_malformed")
    batch = (int(lines[6]), lines[7]) if len(lines) == 9 else (0, "")
    return Promise(lines[1], int(lines[2]), lines[3], parse_stamp(lines[4]), parse_stamp(lines[5]), *batch)


# The receipt as text -------------------------------------------------------------------------------------------------

_PROMISED = re.compile(r"[A-Za-z0-9+/]{200,2000}={0,2}")
_ENTRY_NUMBER = re.compile(r"(?:台账条目|回执号|entry|receipt)\D{0,12}?([1-9]\d{0,18})(?!\d)", re.IGNORECASE)
_LEAF = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
RECEIPTS_AT_ONCE = 20


class Standing(StrEnum):
    """What the log says to a receipt.

    ``unknown``: no such entry with such a leaf; whoever tries out numbers learns no more. ``late`` and ``broken``: we
    signed a promise and the entry still waits after its time, or is not there: the log was damaged. ``forged``: what
    claims to be our promise is not signed by this log.
    """

    SEALED = "sealed"
    WAITING = "waiting"
    UNKNOWN = "unknown"
    LATE = "late"
    BROKEN = "broken"
    FORGED = "forged"


def receipt_text(receipt: Receipt, promise: str) -> str:
    """A receipt as people keep it: number, leaf and promise, in lines that `shown_receipts` reads again."""
    return f"entry: {receipt.entry_id}\nleaf: {receipt.leaf}\nat: {stamp(receipt.at)}\npromise: {promise}\n"


def shown_receipts(text: str) -> tuple[list[str], list[tuple[int, str]]]:
    """The promises in a pasted text; where it holds none, its pairs of entry number and leaf. `RECEIPTS_AT_ONCE`."""
    promises = list(dict.fromkeys(_PROMISED.findall(text)))[:RECEIPTS_AT_ONCE]
    if promises:
        return promises, []
    numbers = [int(number) for number in _ENTRY_NUMBER.findall(text)]
    return [], list(zip(numbers, _LEAF.findall(text.lower()), strict=False))[:RECEIPTS_AT_ONCE]
