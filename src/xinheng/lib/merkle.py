"""What is the root of an RFC 6962 tree over these leaves, and does this proof hold?

Leaves are leaf *hashes* of 32 bytes (`xinheng.lib.canonical.leaf_hash`). Proofs are made from a list, or from any
source of subtree hashes (`range_root`), so that a large log never loads whole. Verification follows RFC 9162 §2.1.3.2
and §2.1.4.2 and shares no code with the making of proofs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from xinheng.lib.canonical import node_hash, sha256
from xinheng.lib.errors import BadInput

EMPTY_ROOT = sha256(b"")
NodeAt = Callable[[int, int], bytes]  # (level, index) -> hash of the complete subtree over 2**level leaves


def root(leaves: Sequence[bytes]) -> bytes:
    """The tree's root: 32 bytes; the empty tree has SHA-256 of nothing."""
    if not leaves:
        return EMPTY_ROOT
    level = list(leaves)
    while len(level) > 1:
        above = [node_hash(left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
        if len(level) % 2:
            above.append(level[-1])
        level = above
    return level[0]


class Frontier:
    """The right edge of a growing tree: enough to append and to know the root, in O(log n) memory."""

    __slots__ = ("_peaks", "size")

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        """``peaks`` are the roots of the complete subtrees of a tree of ``size`` leaves, largest first."""
        if len(peaks) != size.bit_count():
            raise BadInput("peaks_do_not_fit", size=str(size), peaks=str(len(peaks)))
        self.size = size
        self._peaks = list(peaks)

    @property
    def peaks(self) -> tuple[bytes, ...]:
        """The roots of the complete subtrees, largest first."""
        return tuple(self._peaks)

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash at the right."""
        carried, full = leaf, self.size
        while full & 1:
            carried = node_hash(self._peaks.pop(), carried)
            full >>= 1
        self._peaks.append(carried)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes at the right, in order."""
        for leaf in leaves:
            self.append(leaf)

    def root(self) -> bytes:
        """The root of the tree so far."""
        return fold(self._peaks)


def fold(peaks: Sequence[bytes]) -> bytes:
    """One root from the roots of subtrees side by side, larger ones first and all but the last complete."""
    if not peaks:
        return EMPTY_ROOT
    folded = peaks[-1]
    for peak in reversed(peaks[:-1]):
        folded = node_hash(peak, folded)
    return folded


def _split(width: int) -> int:
    """The largest power of two smaller than ``width`` (at least 2)."""
    return 1 << ((width - 1).bit_length() - 1)


def inclusion_ranges(index: int, size: int) -> list[tuple[int, int]]:
    """The half-open leaf ranges whose roots make the inclusion proof of leaf ``index``, from the leaf upwards."""
    if not 0 <= index < size:
        raise BadInput("leaf_outside_tree", index=str(index), size=str(size))
    low, high = 0, size
    ranges: list[tuple[int, int]] = []
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            ranges.append((middle, high))
            high = middle
        else:
            ranges.append((low, middle))
            low = middle
    return ranges[::-1]


def consistency_ranges(old: int, new: int) -> list[tuple[int, int]]:
    """The leaf ranges whose roots prove that the tree of ``new`` leaves continues the tree of ``old`` leaves."""
    if not 0 <= old <= new:
        raise BadInput("sizes_out_of_order", old=str(old), new=str(new))
    if old in (0, new):
        return []
    low, high = 0, new
    known = True  # the verifier knows the root of [low, old) when it is the old tree itself
    ranges: list[tuple[int, int]] = []
    while high != old:
        middle = low + _split(high - low)
        if old <= middle:
            ranges.append((middle, high))
            high = middle
        else:
            ranges.append((low, middle))
            low, known = middle, False
    if not known:
        ranges.append((low, high))
    return ranges[::-1]


def range_root(low: int, high: int, node: NodeAt) -> bytes:
    """The root over leaves ``low`` to ``high``, where ``low`` is aligned as every range of a proof is."""
    if low == high:
        return EMPTY_ROOT
    peaks: list[bytes] = []
    while low < high:
        level = (high - low).bit_length() - 1
        if low % (1 << level):
            raise BadInput("range_not_aligned", low=str(low), high=str(high))
        peaks.append(node(level, low >> level))
        low += 1 << level
    return fold(peaks)


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes that lead from leaf ``index`` to the root."""
    return [root(leaves[low:high]) for low, high in inclusion_ranges(index, len(leaves))]


def consistency_proof(leaves: Sequence[bytes], old: int) -> list[bytes]:
    """The hashes that lead from the root of the first ``old`` leaves to the root of all."""
    return [root(leaves[low:high]) for low, high in consistency_ranges(old, len(leaves))]


def verify_inclusion(*, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether ``proof`` shows leaf hash ``leaf`` at ``index`` of the tree of ``size`` leaves with ``root``."""
    if not 0 <= index < size:
        return False
    node, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            found = node_hash(step, found)
            while node and not node & 1:
                node >>= 1
                last >>= 1
        else:
            found = node_hash(found, step)
        node >>= 1
        last >>= 1
    return last == 0 and found == root


def verify_consistency(*, old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether ``proof`` shows that the tree of ``new`` leaves only appended to the tree of ``old`` leaves."""
    if not 0 <= old <= new:
        return False
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    if old == new:
        return not proof and old_root == new_root
    steps = list(proof)
    if old & (old - 1) == 0:
        steps.insert(0, old_root)  # the old tree is itself a complete subtree and is left out of the proof
    if not steps:
        return False
    node, last = old - 1, new - 1
    while node & 1:
        node >>= 1
        last >>= 1
    found_old = found_new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            found_old = node_hash(step, found_old)
            found_new = node_hash(step, found_new)
            while node and not node & 1:
                node >>= 1
                last >>= 1
        else:
            found_new = node_hash(found_new, step)
        node >>= 1
        last >>= 1
    return last == 0 and found_old == old_root and found_new == new_root
