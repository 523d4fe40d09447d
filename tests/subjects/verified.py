"""Verifications for tests that are about something else."""

from __future__ import annotations

from datetime import datetime

from xinheng.accounts.identity import Verified
from xinheng.subjects import selectors


def proof(subject_id: int, at: datetime) -> Verified:
    """That the holder was verified as this subject."""
    subject, identifier = selectors.facts(subject_id), selectors.identifier_of(subject_id)
    return Verified("test", f"holder of {subject_id}", "uscc" if subject.code else "id", identifier, "", "high", at)
