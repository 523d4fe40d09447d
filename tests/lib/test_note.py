"""Notes, checkpoints and tiles are what other C2SP software reads; every forged or loosely spelled one is refused."""

from __future__ import annotations

import aics_tlog
import pytest
from aics_tlog import tiles as their_tiles
from hypothesis import given
from hypothesis import strategies as st

from xinheng.lib import checkpoint, tiles
from xinheng.lib.canonical import sha256
from xinheng.lib.errors import BadInput
from xinheng.lib.note import Ed25519Signer, Ed25519Verifier, open_note, sign_note

pytestmark = pytest.mark.req("INV-8", kind="rule")

ORIGIN = "log.example/xinheng"
SIGNER = Ed25519Signer(ORIGIN, bytes(range(32)))
OTHER = Ed25519Signer(ORIGIN, bytes(32))
AT = "2026-11-20T01:02:03.000004Z"
TEXT = "first line\nsecond line\n"


def test_another_library_reads_our_key_and_our_checkpoint() -> None:
    key = aics_tlog.parse_vkey(SIGNER.verifier.vkey)
    note = checkpoint.sign(checkpoint.Checkpoint(ORIGIN, 5, sha256(b"root"), AT), SIGNER)
    read = aics_tlog.verify_checkpoint(aics_tlog.parse_note(note), key)
    assert read.ok
    parsed = aics_tlog.parse_checkpoint(aics_tlog.parse_note(note).text)
    assert (parsed.origin, parsed.size, parsed.root) == (ORIGIN, 5, sha256(b"root"))
    assert parsed.extension_lines == (f"suite {checkpoint.SUITE}", f"at {AT}")
    assert Ed25519Verifier.from_vkey(SIGNER.verifier.vkey) == SIGNER.verifier


def test_a_note_opens_only_under_the_key_that_signed_it() -> None:
    note = sign_note(TEXT, SIGNER)
    assert open_note(note, SIGNER.verifier) == TEXT
    with pytest.raises(BadInput, match="note_unsigned"):
        open_note(note, OTHER.verifier)
    both = sign_note(TEXT, OTHER, SIGNER)
    assert open_note(both, SIGNER.verifier, OTHER.verifier) == TEXT


@given(st.data())
def test_no_note_with_one_character_changed_opens_to_another_text(data: st.DataObject) -> None:
    note = sign_note(TEXT, SIGNER)
    at = data.draw(st.integers(0, len(note) - 1))
    changed = note[:at] + data.draw(st.characters(codec="utf-8")) + note[at + 1 :]
    if changed != note:
        with pytest.raises(BadInput):
            open_note(changed, SIGNER.verifier)


@pytest.mark.parametrize(
    "note",
    [
        "", "no newline", TEXT, TEXT + "\n", TEXT + "\n- name AAAAAA==\n", TEXT + "\n— name AA==\n",
        sign_note(TEXT, SIGNER)[:-1], sign_note(TEXT, SIGNER) + sign_note(TEXT, SIGNER).rpartition("\n\n")[2],
        sign_note(TEXT, SIGNER).replace("first", "fir\tst"),
    ],
)  # fmt: skip
def test_a_malformed_note_is_refused(note: str) -> None:
    with pytest.raises(BadInput, match="note_malformed"):
        open_note(note, SIGNER.verifier)


def test_a_text_that_cannot_be_signed_is_refused() -> None:
    with pytest.raises(BadInput, match="note_malformed"):
        sign_note("no newline", SIGNER)
    with pytest.raises(BadInput, match="key_name_malformed"):
        Ed25519Signer("two words", bytes(32))


@pytest.mark.parametrize("vkey", ["", "name", "name+00000000+AQ==", "name+00000000+AgAA", "name+0+!"])
def test_a_malformed_key_is_refused(vkey: str) -> None:
    with pytest.raises(BadInput):
        Ed25519Verifier.from_vkey(vkey)


def test_a_key_with_another_id_is_refused() -> None:
    name, _, rest = SIGNER.verifier.vkey.partition("+")
    with pytest.raises(BadInput, match="vkey_malformed"):
        Ed25519Verifier.from_vkey(f"{name}x+{rest}")


CHECKPOINT = checkpoint.Checkpoint(ORIGIN, 5, sha256(b""), AT).text()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        CHECKPOINT + "more\n",
        CHECKPOINT.replace("\n5\n", "\n05\n"),
        CHECKPOINT.replace("\n5\n", "\n٥\n"),
        CHECKPOINT.replace("\n5\n", "\n-5\n"),
        CHECKPOINT.replace(ORIGIN, "two words"),
        CHECKPOINT.replace("=\n", "\n"),
        CHECKPOINT.replace("=\n", "!\n"),
        CHECKPOINT.replace("suite ", ""),
        CHECKPOINT.replace("at 2026", "2026"),
        CHECKPOINT.replace("000004Z", "4Z"),
        CHECKPOINT.replace("\nat ", "\nat about "),
    ],
)
def test_a_checkpoint_has_one_spelling_only(text: str) -> None:
    assert checkpoint.parse(CHECKPOINT).at == AT
    with pytest.raises(BadInput):
        checkpoint.parse(text)


def test_a_checkpoint_of_another_log_or_suite_is_refused() -> None:
    ours = checkpoint.sign(checkpoint.Checkpoint(ORIGIN, 1, sha256(b""), AT), SIGNER)
    assert checkpoint.open_checkpoint(ours, SIGNER.verifier, origin=ORIGIN).size == 1
    with pytest.raises(BadInput, match="checkpoint_of_another_log"):
        checkpoint.open_checkpoint(ours, SIGNER.verifier, origin="elsewhere")
    sm3 = checkpoint.sign(checkpoint.Checkpoint(ORIGIN, 1, sha256(b""), AT, "rfc6962-sm3-sm2"), SIGNER)
    with pytest.raises(BadInput, match="checkpoint_of_another_suite"):
        checkpoint.open_checkpoint(sm3, SIGNER.verifier, origin=ORIGIN)


@given(st.integers(0, 10**12), st.integers(0, 5), st.integers(1, 256))
def test_paths_are_those_of_the_specification(index: int, level: int, width: int) -> None:
    tile = tiles.Tile(level, index, width)
    partial = None if width == 256 else width
    assert tile.path == their_tiles.tile_path(level, index, partial)
    assert tile.bundle_path == their_tiles.entry_bundle_path(index, partial)


@given(st.integers(0, 200_000), st.integers(0, 200_000))
def test_tiles_of_a_grown_tree_are_the_old_full_ones_and_the_new_ones(one: int, two: int) -> None:
    old, new = sorted((one, two))
    full_before = {t for t in tiles.tiles_of(old) if t.width == tiles.WIDTH}
    assert full_before | set(tiles.tiles_of(new, since=old)) == set(tiles.tiles_of(new))


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_gives_back_its_entries(entries: list[bytes]) -> None:
    assert tiles.open_bundle(tiles.pack_bundle(entries)) == entries
    if entries:
        assert their_tiles.parse_entry_bundle(tiles.pack_bundle(entries)) == entries


def test_what_is_no_bundle_and_no_tile_is_refused() -> None:
    for data in (b"\x00", b"\x00\x05abc"):
        with pytest.raises(BadInput, match="bundle_malformed"):
            tiles.open_bundle(data)
    with pytest.raises(BadInput, match="tile_malformed"):
        tiles.open_tile(b"x" * 33)
    with pytest.raises(BadInput, match="entry_too_long"):
        tiles.pack_bundle([b"x" * 65_536])
    with pytest.raises(BadInput, match="tile_width"):
        _ = tiles.Tile(0, 0, 257).path
