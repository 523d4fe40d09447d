"""An independent library and the stand-alone verifier accept our tiles and refuse every mutation of them."""

from __future__ import annotations

import importlib.util
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import aics_tlog
import pytest
from django.db import transaction

from tests.ledger.conftest import AT, act
from xinheng.ledger import selectors, services
from xinheng.ledger.export import export
from xinheng.ledger.rules import Receipt
from xinheng.lib.errors import Conflict

pytestmark = [pytest.mark.django_db, pytest.mark.req("INV-8", kind="rule")]
TOOL = Path(__file__).resolve().parents[2] / "tools" / "verify_ledger.py"
Fill = Callable[..., list[Receipt]]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_ledger", TOOL)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def exported(fill: Fill, tmp_path: Path) -> Path:
    """A log of more than two tiles with two checkpoints, exported after each."""
    fill(300)
    services.seal(at=AT)
    export(tmp_path / "old")
    fill(290, start=300)
    services.seal(at=AT)
    export(tmp_path / "log")
    return tmp_path / "log"


def aics_accepts(folder: Path, vkey: str, remembered: str | None = None) -> bool:
    """Whether aics_tlog accepts the whole log, and that it continues the checkpoint ``remembered``."""
    key = aics_tlog.parse_vkey(vkey)
    try:
        note = aics_tlog.parse_note((folder / "checkpoint").read_text(encoding="utf-8"))
        checkpoint = aics_tlog.parse_checkpoint(note.text)
        if not aics_tlog.verify_checkpoint(note, key).ok:
            return False
        reader = aics_tlog.FileSystemTileReader(folder)
        aics_tlog.audit_tiles(reader, checkpoint.size, checkpoint.root)
        tree = aics_tlog.MerkleTree(
            [aics_tlog.read_entry(reader, index, checkpoint.size) for index in range(checkpoint.size)]
        )
        if tree.root() != checkpoint.root:
            return False
        if remembered is not None:
            old = aics_tlog.parse_checkpoint(aics_tlog.parse_note(remembered).text)
            if old.size > checkpoint.size:
                return False
            proof = aics_tlog.consistency_proof_from_tiles(reader, old.size, checkpoint.size)
            return bool(aics_tlog.verify_consistency(old.size, checkpoint.size, old.root, checkpoint.root, proof))
    except (ValueError, OSError, IndexError):
        return False
    return True


def tool_accepts(tool: ModuleType, folder: Path, vkey: str, witness: Path | None = None) -> bool:
    status: int = tool.main([str(folder), "--key", vkey, *(["--witness", str(witness)] if witness else [])])
    return status == 0


def test_both_accept_the_honest_log_and_its_growth(
    exported: Path, tool: ModuleType, checkpoint_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vkey = selectors.vkey()
    old_note = (exported.parent / "old" / "checkpoint").read_text(encoding="utf-8")
    assert aics_accepts(exported, vkey, old_note)
    assert aics_accepts(exported.parent / "old", vkey)
    assert tool_accepts(tool, exported, vkey, checkpoint_folder)
    assert "continues 2 witnessed checkpoints" in capsys.readouterr().out
    assert (exported / "key.vkey").read_text().strip() == vkey


def test_exporting_again_adds_what_is_new_and_gives_the_same_files(exported: Path, tmp_path: Path) -> None:
    grown = tmp_path / "old"
    export(grown)
    fresh = {path.relative_to(exported): path.read_bytes() for path in exported.rglob("*") if path.is_file()}
    for name, data in fresh.items():
        assert (grown / name).read_bytes() == data
    names = {str(name) for name in fresh}
    assert names >= {"checkpoint", "key.vkey", "tile/0/000", "tile/0/001", "tile/entries/000"}
    assert any(name.startswith("tile/1/000.p/") for name in names)


def mutations(folder: Path) -> Iterator[tuple[str, dict[Path, bytes | None]]]:
    """One change after another, as file -> new bytes; every file is touched by bit, by length and by absence."""
    chance = random.Random(20261120)
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "key.vkey"):
        data, name = path.read_bytes(), path.relative_to(folder)
        for at in {0, len(data) - 1, *(chance.randrange(len(data)) for _ in range(6))}:
            flipped = bytes([data[at] ^ (1 << chance.randrange(7))])
            yield f"bit {at} of {name}", {path: data[:at] + flipped + data[at + 1 :]}
        yield f"{name} dropped", {path: None}
        yield f"{name} emptied", {path: b""}
        yield f"{name} cut", {path: data[:-1]}
        yield f"{name} longer", {path: data + b"\x00" * 32}
    for level in ("0", "entries"):
        one, two = folder / f"tile/{level}/000", folder / f"tile/{level}/001"
        yield f"tiles of {level} swapped", {one: two.read_bytes(), two: one.read_bytes()}
    leaves, bundle = folder / "tile/0/000", folder / "tile/entries/000"
    hashes, entries = leaves.read_bytes(), bundle.read_bytes()
    first = 2 + int.from_bytes(entries[:2], "big")
    second = first + 2 + int.from_bytes(entries[first : first + 2], "big")
    yield "two hashes swapped", {leaves: hashes[32:64] + hashes[:32] + hashes[64:]}
    yield "two entries swapped", {bundle: entries[first:second] + entries[:first] + entries[second:]}
    yield "an entry doubled", {bundle: entries[:first] + entries}
    yield "an entry left out", {bundle: entries[first:]}


def put(files: dict[Path, bytes | None]) -> None:
    for path, data in files.items():
        if data is None:
            path.unlink()
        else:
            path.write_bytes(data)


@pytest.mark.req("INV-8", kind="refusal")
def test_both_refuse_every_mutation(exported: Path, tool: ModuleType, tmp_path: Path) -> None:
    vkey = selectors.vkey()
    victim = tmp_path / "victim"
    shutil.copytree(exported, victim)
    count = 0
    for name, changed in mutations(victim):
        honest: dict[Path, bytes | None] = {path: path.read_bytes() for path in changed}
        put(changed)
        if name != "checkpoint cut" and not name.endswith("longer"):  # bytes after the end: the library reads past them
            assert not aics_accepts(victim, vkey), name
        assert not tool_accepts(tool, victim, vkey), name
        put(honest)
        count += 1
    assert count > 80


@pytest.mark.req("INV-8", kind="refusal")
def test_both_refuse_a_rollback_and_a_split_view(
    exported: Path, tool: ModuleType, tmp_path: Path, checkpoint_folder: Path
) -> None:
    vkey = selectors.vkey()
    newest = (exported / "checkpoint").read_text(encoding="utf-8")
    rolled_back = tmp_path / "old"
    assert aics_accepts(rolled_back, vkey)  # complete in itself; only memory shows that it is old
    assert not aics_accepts(rolled_back, vkey, newest)
    assert not tool_accepts(tool, rolled_back, vkey, checkpoint_folder)
    split = tmp_path / "split"
    split_view(split, size=650)
    assert aics_accepts(split, vkey)
    assert not aics_accepts(split, vkey, newest)
    assert tool_accepts(tool, split, vkey)
    assert not tool_accepts(tool, split, vkey, checkpoint_folder)


def split_view(folder: Path, *, size: int) -> None:
    """Another log under the same key, made by the independent library."""
    from xinheng.ledger import keys
    from xinheng.ledger.rules import Head, make_entry
    from xinheng.lib import checkpoint as checkpoints
    from xinheng.lib.clock import stamp

    entries = [make_entry(act(n, subject=None), entry_id=n + 1, salt=b"s" * 32, head=Head()).data for n in range(size)]
    store = aics_tlog.DirectoryTileStore(folder)
    writer = aics_tlog.IncrementalTileWriter(store)
    writer.append(entries)
    made = checkpoints.Checkpoint(keys.origin(), size, writer.root(), stamp(AT))
    (folder / "checkpoint").write_text(checkpoints.sign(made, keys.signer()), encoding="utf-8")


def test_the_tool_checks_proofs_and_promises(exported: Path, tool: ModuleType, fill: Fill, tmp_path: Path) -> None:
    [receipt] = fill(1, start=1000)
    promise, proof = tmp_path / "promise", tmp_path / "proof"
    promise.write_text(services.promise(receipt) + "\n")
    arguments = [str(exported), "--key", selectors.vkey(), "--promise", str(promise)]
    assert tool.main(arguments) == 2  # not sealed: the promise is broken, and it says so
    services.seal(at=AT)
    export(exported)
    proof.write_text(json.dumps(selectors.prove(receipt.entry_id)))
    assert tool.main([*arguments, "--proof", str(proof)]) == 0
    forged = {**selectors.prove(receipt.entry_id), "index": 3}
    proof.write_text(json.dumps(forged))
    assert tool.main([*arguments, "--proof", str(proof)]) == 2
    proof.write_text("[]")
    assert tool.main([*arguments, "--proof", str(proof)]) == 1


def run_alone(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The tool without this project, without site packages."""
    command = [sys.executable, "-I", "-S", str(TOOL), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_tool_runs_alone_and_says_what_holds(exported: Path) -> None:
    whole = run_alone(str(exported))
    assert whole.returncode == 0, whole.stdout + whole.stderr
    assert "compare it with one you got elsewhere" in whole.stdout
    (exported / "tile/0/000").unlink()
    broken = run_alone(str(exported))
    assert broken.returncode == 2
    assert "BROKEN  tile/0/000: missing" in broken.stdout
    assert run_alone("/nonexistent").returncode == 1


def test_the_tools_signature_check_agrees_with_a_library(tool: ModuleType) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    for seed in range(5):
        key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        public, text = key.public_key().public_bytes_raw(), bytes(range(seed * 10))
        signature = key.sign(text)
        assert tool.ed25519_verifies(public, text, signature)
        assert not tool.ed25519_verifies(public, text + b"x", signature)
        assert not tool.ed25519_verifies(public, text, signature[:32] + bytes(32))
        too_large = (int.from_bytes(signature[32:], "little") + tool.ORDER).to_bytes(32, "little")
        assert not tool.ed25519_verifies(public, text, signature[:32] + too_large)
    identity = (1).to_bytes(32, "little")
    assert not tool.ed25519_verifies(identity, b"any", identity + bytes(32))  # a key of small order signs everything


@pytest.mark.req("INV-8", kind="refusal")
def test_an_entry_that_enters_twice_is_refused_by_the_tool(tool: ModuleType, tmp_path: Path) -> None:
    from xinheng.ledger import keys
    from xinheng.ledger.rules import Head, make_entry
    from xinheng.lib import checkpoint as checkpoints
    from xinheng.lib.clock import stamp

    data = make_entry(act(subject=None), entry_id=1, salt=b"s" * 32, head=Head()).data
    for entries in ([data, data], [data, b"{}"], [data, data.replace(b'"v":1', b'"v": 1')]):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        writer = aics_tlog.IncrementalTileWriter(aics_tlog.DirectoryTileStore(folder))
        writer.append(entries)
        made = checkpoints.Checkpoint(keys.origin(), 2, writer.root(), stamp(AT))
        (folder / "checkpoint").write_text(checkpoints.sign(made, keys.signer()), encoding="utf-8")
        assert not tool_accepts(tool, folder, selectors.vkey())


def test_a_log_without_a_checkpoint_cannot_be_exported(tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="log_not_sealed"):
        export(tmp_path)


def test_no_personal_data_leaves_with_the_export(exported: Path) -> None:
    with transaction.atomic():
        services.append_many([act(7, ground={"case": "secret-case"})])
    services.seal(at=AT)
    export(exported)
    for path in exported.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert b"secret-case" not in data
            assert b"account:7" not in data


@pytest.mark.req("INV-8", kind="refusal")
def test_a_folder_that_holds_another_log_is_not_written_to(exported: Path, fill: Fill, tmp_path: Path) -> None:
    assert export(exported) == export(tmp_path / "old")  # an earlier export of this log grows
    note, key = (exported / "checkpoint").read_text(), (exported / "key.vkey").read_text()
    for name, text in (("key.vkey", key.replace(key[0], "~", 1)), ("checkpoint", note.replace("at 2026", "at 2025"))):
        (exported / name).write_text(text)
        before = {path: path.read_bytes() for path in exported.rglob("*") if path.is_file()}
        with pytest.raises(Conflict, match="export_of_another_log"):
            export(exported)
        assert before == {path: path.read_bytes() for path in exported.rglob("*") if path.is_file()}
        (exported / "key.vkey").write_text(key)
        (exported / "checkpoint").write_text(note)
    (exported / "checkpoint").unlink()
    assert export(exported) > 0  # an export of this log that was cut off is completed
    (exported / "checkpoint").unlink()
    (exported / "key.vkey").unlink()
    with pytest.raises(Conflict, match="export_of_another_log"):
        export(exported)  # tiles of nobody knows which log
