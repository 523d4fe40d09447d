"""The tree agrees with RFC 6962's own definition and with an independent library, and no altered proof holds."""

from __future__ import annotations

import aics_tlog
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.lib import merkle
from xinheng.lib.canonical import leaf_hash, node_hash
from xinheng.lib.errors import BadInput

pytestmark = pytest.mark.req("INV-8", kind="rule")

# Roots of the reference inputs in the Certificate Transparency test vectors.
CT_INPUTS = [bytes.fromhex(h) for h in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

sizes = st.integers(0, 70)


def leaves(size: int) -> list[bytes]:
    return [leaf_hash(bytes([n & 255, n >> 8])) for n in range(size)]


def by_definition(items: list[bytes]) -> bytes:
    if not items:
        return merkle.EMPTY_ROOT
    if len(items) == 1:
        return items[0]
    middle = 1
    while middle * 2 < len(items):
        middle *= 2
    return node_hash(by_definition(items[:middle]), by_definition(items[middle:]))


def test_roots_equal_the_published_test_vectors() -> None:
    hashes = [leaf_hash(data) for data in CT_INPUTS]
    assert [merkle.root(hashes[: n + 1]).hex() for n in range(8)] == CT_ROOTS


@given(sizes)
def test_root_equals_the_recursive_definition(size: int) -> None:
    assert merkle.root(leaves(size)) == by_definition(leaves(size))


@given(sizes, sizes)
def test_a_frontier_grown_in_two_steps_has_the_same_root(first: int, second: int) -> None:
    frontier = merkle.Frontier()
    frontier.extend(leaves(first))
    assert frontier.root() == merkle.root(leaves(first))
    frontier.extend(leaves(first + second)[first:])
    assert frontier.size == first + second
    assert frontier.root() == merkle.root(leaves(first + second))


def test_a_frontier_refuses_peaks_that_do_not_fit_its_size() -> None:
    with pytest.raises(BadInput, match="peaks_do_not_fit"):
        merkle.Frontier(3, [b"x" * 32])


@given(st.data())
def test_every_inclusion_proof_holds_and_no_altered_one(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 70))
    index = data.draw(st.integers(0, size - 1))
    all_leaves = leaves(size)
    root, proof = merkle.root(all_leaves), merkle.inclusion_proof(all_leaves, index)

    def holds(**changed: object) -> bool:
        facts: dict[str, object] = {
            "leaf": all_leaves[index], "index": index, "size": size, "proof": proof, "root": root, **changed,
        }  # fmt: skip
        return merkle.verify_inclusion(**facts)  # type: ignore[arg-type]

    assert holds()
    assert aics_tlog.verify_inclusion(all_leaves[index], index, size, proof, root)
    assert not holds(leaf=leaf_hash(b"another"))
    assert not holds(root=leaf_hash(b"another"))
    assert not holds(proof=[*proof, b"x" * 32])
    assert not holds(index=size)
    assert not holds(index=-1)
    if proof:
        assert not holds(proof=proof[:-1])
        at = data.draw(st.integers(0, len(proof) - 1))
        flipped = bytes([proof[at][0] ^ 1]) + proof[at][1:]
        assert not holds(proof=[*proof[:at], flipped, *proof[at + 1 :]])
        assert not holds(index=index ^ 1)


@given(st.data())
def test_every_consistency_proof_holds_and_no_altered_one(data: st.DataObject) -> None:
    new = data.draw(st.integers(0, 70))
    old = data.draw(st.integers(0, new))
    old_root, new_root = merkle.root(leaves(old)), merkle.root(leaves(new))
    proof = merkle.consistency_proof(leaves(new), old)

    def holds(**changed: object) -> bool:
        facts: dict[str, object] = {
            "old": old, "new": new, "old_root": old_root, "new_root": new_root, "proof": proof, **changed,
        }  # fmt: skip
        return merkle.verify_consistency(**facts)  # type: ignore[arg-type]

    assert holds()
    assert aics_tlog.verify_consistency(old, new, old_root, new_root, proof)
    assert not holds(old_root=leaf_hash(b"another"))
    assert not holds(proof=[*proof, b"x" * 32])
    if old:
        assert not holds(new_root=leaf_hash(b"another"))
    if proof:
        assert not holds(proof=proof[:-1])
        assert not holds(proof=[])
        at = data.draw(st.integers(0, len(proof) - 1))
        flipped = bytes([proof[at][0] ^ 1]) + proof[at][1:]
        assert not holds(proof=[*proof[:at], flipped, *proof[at + 1 :]])


@given(st.data())
def test_ranges_can_be_computed_from_stored_subtrees(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 300))
    index = data.draw(st.integers(0, size - 1))
    all_leaves = leaves(size)

    def node(level: int, at: int) -> bytes:
        return merkle.root(all_leaves[at << level : (at + 1) << level])

    found = [merkle.range_root(low, high, node) for low, high in merkle.inclusion_ranges(index, size)]
    assert found == merkle.inclusion_proof(all_leaves, index)
    assert merkle.range_root(0, size, node) == merkle.root(all_leaves)
    assert merkle.range_root(0, 0, node) == merkle.EMPTY_ROOT


def test_impossible_questions_are_refused() -> None:
    with pytest.raises(BadInput, match="leaf_outside_tree"):
        merkle.inclusion_proof(leaves(3), 3)
    with pytest.raises(BadInput, match="sizes_out_of_order"):
        merkle.consistency_proof(leaves(3), 4)
    with pytest.raises(BadInput, match="range_not_aligned"):
        merkle.range_root(1, 5, lambda level, at: b"")
    assert not merkle.verify_consistency(old=4, new=3, old_root=b"", new_root=b"", proof=[])
