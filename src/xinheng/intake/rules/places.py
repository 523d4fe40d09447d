"""To which place is each sealed piece bound, so that none can be moved to another?"""

from __future__ import annotations


def chunk_place(batch_id: int, n: int) -> bytes:
    """The place of the ``n``-th piece of a file."""
    return f"intake_chunk/{batch_id}/{n}".encode()


def row_place(row_id: int) -> bytes:
    """The place of what a row said."""
    return f"intake_row_content/{row_id}".encode()


def finding_place(finding_id: int) -> bytes:
    """The place of what fills the sentence of a finding."""
    return f"intake_finding/{finding_id}".encode()
