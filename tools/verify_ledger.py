#!/usr/bin/env python3
"""Verify an exported xinheng ledger without trusting, or installing, any of its software.

    python3 verify_ledger.py DIR [--key VKEY_OR_FILE] [--witness DIR ...] [--proof FILE] [--promise FILE]

DIR is what `xinheng ledger export DIR` wrote: `checkpoint`, `key.vkey` and C2SP tiles under `tile/`. Only the Python
standard library is used. Checked, each on a line of its own:

  checkpoint  its Ed25519 signature, origin and suite
  entries     every entry hashes to its leaf in the tiles of level 0
  tiles       every higher tile follows from the one below, and no piece is missing or too long
  root        the tree over all leaves has the root that was signed
  witness     with --witness (repeatable): the tree continues every checkpoint kept there, and none is larger
  proof       with --proof: the output of `xinheng ledger prove ENTRY` leads to a signed root that this tree has
  promise     with --promise: an answer's promise was signed by this log and has been kept

Take the key from somewhere else than DIR (--key), else only the consistency of DIR with itself is shown.
Exit status: 0 everything holds, 1 the input cannot be read, 2 something does not hold.
"""

import argparse
import base64
import binascii
import hashlib
import json
import sys
import time
from pathlib import Path

WIDTH = 256
SUITE = "rfc6962-sha256-ed25519"


class Broken(Exception):
    """Something does not hold."""


# Ed25519 (RFC 8032), verification only ------------------------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


def decompress(data):
    number = int.from_bytes(data, "little")
    y = number & ((1 << 255) - 1)
    x = recover_x(y, number >> 255)
    return None if x is None else (x, y, 1, x * y % P)


def add(one, two):
    a = (one[1] - one[0]) * (two[1] - two[0]) % P
    b = (one[1] + one[0]) * (two[1] + two[0]) % P
    c = 2 * one[3] * two[3] * D % P
    d = 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def same(one, two):
    return (one[0] * two[2] - two[0] * one[2]) % P == 0 and (one[1] * two[2] - two[1] * one[2]) % P == 0


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (recover_x(BASE_Y, 0), BASE_Y, 1, recover_x(BASE_Y, 0) * BASE_Y % P)
IDENTITY = (0, 1, 1, 0)


def ed25519_verifies(public, text, signature):
    """Whether `signature` (64 bytes) over `text` is by `public` (32 bytes). Weak keys (small order) never verify."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, commitment = decompress(public), decompress(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or scalar >= ORDER or same(multiply(8, key), IDENTITY):
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + text).digest(), "little") % ORDER
    return same(multiply(scalar, BASE), add(commitment, multiply(challenge, key)))


# Signed notes and checkpoints (C2SP) --------------------------------------------------------------------------------


def unbase64(text, what):
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Broken(f"{what}: not base64") from None
    if base64.b64encode(data).decode() != text:
        raise Broken(f"{what}: base64 in another spelling")
    return data


class Key:
    """A verifier key: <name>+<key id in hex>+<base64(1, public key)>."""

    def __init__(self, vkey):
        self.name, _, rest = vkey.strip().partition("+")
        key_id, _, material = rest.partition("+")
        data = unbase64(material, "key")
        self.public = data[1:]
        self.id = hashlib.sha256(self.name.encode() + b"\n" + data).digest()[:4]
        if data[:1] != b"\x01" or len(self.public) != 32 or self.id.hex() != key_id:
            raise Broken("key: malformed, or its id does not fit")

    def open(self, note, what):
        """The text of a note that this key signed."""
        text, separator, tail = note.rpartition("\n\n")
        text += "\n"
        lines = tail[:-1].split("\n")
        if not separator or not tail.endswith("\n"):
            raise Broken(f"{what}: no signed note")
        ours = []
        for line in lines:
            dash, _, rest = line.partition(" ")
            name, _, blob = rest.partition(" ")
            data = unbase64(blob, what)
            if dash != "—" or not name:
                raise Broken(f"{what}: malformed signature line")
            if name == self.name and data[:4] == self.id:
                ours.append(data[4:])
        if len(ours) != 1:
            raise Broken(f"{what}: not signed once by {self.name}")
        if not ed25519_verifies(self.public, text.encode(), ours[0]):
            raise Broken(f"{what}: the signature does not fit")
        return text


def open_checkpoint(note, key, what):
    """(size, root) of a checkpoint of the log that `key` names."""
    lines = key.open(note, what).split("\n")
    if len(lines) != 6 or lines[5] or lines[3] != f"suite {SUITE}" or not lines[4].startswith("at "):
        raise Broken(f"{what}: not a checkpoint of suite {SUITE}")
    origin, size, root = lines[0], lines[1], unbase64(lines[2], what)
    if origin != key.name:
        raise Broken(f"{what}: of another log, {origin}")
    if not (size.isascii() and size.isdigit() and str(int(size)) == size) or len(root) != 32:
        raise Broken(f"{what}: malformed size or root")
    return int(size), root


# The tree (RFC 6962) ------------------------------------------------------------------------------------------------


def sha256(data):
    return hashlib.sha256(data).digest()


def node_hash(left, right):
    return sha256(b"\x01" + left + right)


class Tree:
    """A growing tree that tells its root at the sizes asked for."""

    def __init__(self):
        self.size, self.peaks = 0, []

    def append(self, leaf):
        full = self.size
        while full & 1:
            leaf = node_hash(self.peaks.pop(), leaf)
            full >>= 1
        self.peaks.append(leaf)
        self.size += 1

    def root(self):
        if not self.peaks:
            return sha256(b"")
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def root_of(hashes):
    tree = Tree()
    for one in hashes:
        tree.append(one)
    return tree.root()


def proof_leads_to(leaf, index, size, proof, root):
    """Whether the inclusion proof holds (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last = index, size - 1
    for step in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            leaf = node_hash(step, leaf)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            leaf = node_hash(leaf, step)
        node, last = node >> 1, last >> 1
    return last == 0 and leaf == root


# The exported folder ------------------------------------------------------------------------------------------------


def tile_path(level, index, width):
    groups = [f"{index % 1000:03d}"]
    while index := index // 1000:
        groups.append(f"x{index % 1000:03d}")
    tail = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/" + "/".join(reversed(groups)) + tail


def read_piece(folder, path):
    try:
        return (folder / path).read_bytes()
    except OSError:
        raise Broken(f"{path}: missing") from None


def read_hashes(folder, level, index, width):
    path = tile_path(level, index, width)
    data = read_piece(folder, path)
    if len(data) != width * 32:
        raise Broken(f"{path}: {len(data)} bytes instead of {width * 32}")
    return [data[at : at + 32] for at in range(0, len(data), 32)]


def read_entries(folder, index, width):
    path = tile_path("entries", index, width)
    data = read_piece(folder, path)
    entries, at = [], 0
    while at < len(data):
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        if start > len(data) or at > len(data):
            raise Broken(f"{path}: ends inside an entry")
        entries.append(data[start:at])
    if len(entries) != width:
        raise Broken(f"{path}: {len(entries)} entries instead of {width}")
    return entries


def grow(folder, size, wanted, find):
    """Read every entry and tile up to `size`; give the roots at the sizes `wanted` and where `find` stand."""
    tree, roots, places, seen = Tree(), {}, {}, set()
    if 0 in wanted:
        roots[0] = tree.root()
    level_hashes = []
    for index in range(-(-size // WIDTH)):
        width = min(WIDTH, size - index * WIDTH)
        tile = read_hashes(folder, 0, index, width)
        for at, entry in enumerate(read_entries(folder, index, width)):
            leaf, position = sha256(b"\x00" + entry), index * WIDTH + at
            if leaf != tile[at]:
                raise Broken(f"{tile_path('entries', index, width)}: entry {position} is not the one that was hashed")
            read_entry(entry, position, seen)
            if leaf in find:
                places[leaf] = position
            tree.append(leaf)
            if tree.size in wanted:
                roots[tree.size] = tree.root()
        if width == WIDTH:
            level_hashes.append(root_of(tile))
    level = 1
    while level_hashes:
        above = []
        for start in range(0, len(level_hashes), WIDTH):
            part = level_hashes[start : start + WIDTH]
            if read_hashes(folder, level, start // WIDTH, len(part)) != part:
                raise Broken(f"{tile_path(level, start // WIDTH, len(part))}: does not follow from the level below")
            if len(part) == WIDTH:
                above.append(root_of(part))
        level, level_hashes = level + 1, above
    return roots, places


def read_entry(entry, position, seen):
    """An entry is canonical JSON with a commitment, and no id comes twice."""
    try:
        facts = json.loads(entry)
        spelled = json.dumps(facts, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
        fits = set(facts) == {"act", "at", "commit", "id", "law", "v"} and len(bytes.fromhex(facts["commit"])) == 32
    except (ValueError, TypeError, KeyError):
        raise Broken(f"entry {position}: unreadable") from None
    if spelled != entry or not fits:
        raise Broken(f"entry {position}: not in canonical form")
    if facts["id"] in seen:
        raise Broken(f"entry {position}: id {facts['id']} comes twice")
    seen.add(facts["id"])


# The checks ---------------------------------------------------------------------------------------------------------


def witnessed(folders, key):
    """(file, size, root) of every note that witnesses keep."""
    found = []
    for folder in folders:
        notes = sorted(Path(folder).rglob("*.note"))
        if not notes:
            raise Broken(f"witness {folder}: holds no checkpoint")
        found += [(path, *open_checkpoint(path.read_text(encoding="utf-8"), key, f"witness {path}")) for path in notes]
    return found


def open_promise(text, key):
    lines = key.open(unbase64(text.strip(), "promise").decode("utf-8", "replace"), "promise").split("\n")
    if len(lines) != 7 or lines[0] != "xinheng promise v1" or lines[1] != key.name:
        raise Broken("promise: not a promise of this log")
    return lines[2], bytes.fromhex(lines[3]), lines[5]


def verify(options, say):
    folder = Path(options.folder)
    given = options.key or str(folder / "key.vkey")
    key = Key(Path(given).read_text(encoding="utf-8") if "+" not in given or Path(given).is_file() else given)
    size, root = open_checkpoint((folder / "checkpoint").read_text(encoding="utf-8"), key, "checkpoint")
    whose = "" if options.key else " (a key from the same folder: compare it with one you got elsewhere)"
    say("checkpoint", f"signed by {key.name}{whose}, {size} entries, root {root.hex()}")
    kept = witnessed(options.witness, key)
    proof = json.loads(Path(options.proof).read_text(encoding="utf-8")) if options.proof else None
    promised = open_promise(Path(options.promise).read_text(encoding="utf-8"), key) if options.promise else None
    wanted = {size} | {one[1] for one in kept} | (set() if proof is None else {proof["tree_size"]})
    roots, places = grow(folder, size, wanted, {promised[1]} if promised else set())
    say("entries", f"{size} entries are the ones that were hashed")
    say("tiles", "every tile follows from the one below")
    if roots.get(size) != root:
        raise Broken(f"root: the tree has {roots[size].hex()}, signed was {root.hex()}")
    say("root", "the tree has the signed root")
    for path, at_size, at_root in kept:
        if at_size > size:
            raise Broken(f"witness {path}: knew {at_size} entries, this log has {size}: truncated, or an old copy")
        if roots[at_size] != at_root:
            raise Broken(f"witness {path}: the first {at_size} entries are not those that were witnessed")
    if kept:
        say("witness", f"continues {len(kept)} witnessed checkpoints, the largest of {max(one[1] for one in kept)}")
    if proof is not None:
        at_size, at_root = open_checkpoint(proof["checkpoint"], key, "proof")
        steps = [unbase64(step, "proof") for step in proof["proof"]]
        leaf = bytes.fromhex(proof["leaf"])
        holds = at_size == proof["tree_size"] and proof_leads_to(leaf, proof["index"], at_size, steps, at_root)
        if not holds or roots.get(at_size) != at_root:
            raise Broken(f"proof: entry {proof['entry']} is not shown to be in this log")
        say("proof", f"entry {proof['entry']} is leaf {proof['index']}")
    if promised:
        if promised[1] not in places:
            raise Broken(f"promise: entry {promised[0]} should have been sealed by {promised[2]} and is not")
        say("promise", f"kept: entry {promised[0]} is leaf {places[promised[1]]}")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", metavar="DIR")
    parser.add_argument("--key", help="the log's key as text or in a file; default DIR/key.vkey")
    parser.add_argument("--witness", action="append", default=[], metavar="DIR", help="a folder with *.note files")
    parser.add_argument("--proof", metavar="FILE")
    parser.add_argument("--promise", metavar="FILE")
    options = parser.parse_args(arguments)
    started = time.perf_counter()

    def say(check, sentence):
        print(f"ok      {check:<11} {sentence}")

    try:
        verify(options, say)
    except Broken as broken:
        print(f"BROKEN  {broken}")
        return 2
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        print(f"ERROR   cannot read the input: {type(error).__name__}: {error}")
        return 1
    print(f"ok      everything holds ({time.perf_counter() - started:.1f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
