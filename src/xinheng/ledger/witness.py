"""Where do checkpoints lie outside the database, so that its administrator cannot take the log back unseen?

Each folder of ``XINHENG_CHECKPOINT_DIR`` holds one file for each checkpoint, ``<size>.note``, in
subfolders by size, written once and read-only.
The first folder is the log's own; further ones are witnesses, best on another machine or under another administrator.
"""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings

from xinheng.lib.errors import Conflict

_SUFFIX = ".note"
_SHELF = 1_000_000  # sizes whose notes share a subfolder, so that no folder grows without end


def folders() -> list[Path]:
    """The witness folders, the log's own first."""
    return [Path(folder) for folder in settings.XINHENG_CHECKPOINT_DIR]


def _path(folder: Path, size: int) -> Path:
    return folder / f"{size // _SHELF:09d}" / f"{size:015d}{_SUFFIX}"


def _numbered(folder: Path, pattern: str) -> list[int]:
    """The numbers that name things in ``folder``, ascending; other names are passed over."""
    stems = (path.stem for path in folder.glob(pattern))
    return sorted(int(stem) for stem in stems if stem.isascii() and stem.isdigit())


def sizes(folder: Path) -> list[int]:
    """The tree sizes of which ``folder`` holds a checkpoint, ascending."""
    return _numbered(folder, f"*/*{_SUFFIX}")


def newest(folder: Path) -> str | None:
    """The note of the largest tree in ``folder``, found without listing all, or None."""
    for shelf in reversed(_numbered(folder, "*")):
        found = _numbered(folder / f"{shelf:09d}", f"*{_SUFFIX}")
        if found:
            return read(folder, found[-1])
    return None


def read(folder: Path, size: int) -> str | None:
    """The note kept for ``size``, or None."""
    try:
        return _path(folder, size).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def witnessed(size: int) -> str | None:
    """The note that some folder already holds for ``size``: a sealer that crashed after writing it left it there."""
    for folder in folders():
        note = read(folder, size)
        if note is not None:
            return note
    return None


def write(note: str, *, size: int) -> None:
    """Put ``note`` into every folder, durably; a new further witness first gets what the log's own folder holds.

    Raises Conflict ``checkpoint_contradicts_witness`` when a folder holds another note for this size.
    """
    own, *further = folders()
    for folder in further:
        if newest(folder) is None:
            for earlier in sizes(own):
                _keep(folder, earlier, read(own, earlier) or "")
    for folder in (own, *further):
        _keep(folder, size, note)


def _keep(folder: Path, size: int, note: str) -> None:
    """Write one file completely or not at all, and never over another."""
    target = _path(folder, size)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{size}.{os.getpid()}.draft")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    try:
        os.write(handle, note.encode())
        os.fchmod(handle, 0o444)
        os.fsync(handle)
    finally:
        os.close(handle)
    try:
        os.link(draft, target)  # fails when the name exists, unlike a rename
    except FileExistsError:
        if read(folder, size) != note:
            raise Conflict("checkpoint_contradicts_witness", size=str(size)) from None
    finally:
        draft.unlink()
    _sync(target.parent)
    _sync(folder)


def _sync(folder: Path) -> None:
    """Make the new names durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
