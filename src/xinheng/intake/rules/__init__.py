"""Reading and judging a file that a provider sends: pure, without database, clock or network."""

from __future__ import annotations

from xinheng.intake.rules.provider import ProviderFacts, item_to_report, provider_in_pack
from xinheng.intake.rules.reader import FileRefused
from xinheng.intake.rules.roles import Roles, full_values, roles_of
from xinheng.intake.rules.verdicts import Finding, RowResult, RowState, Standing, Verdict

__all__ = [
    "FileRefused",
    "Finding",
    "ProviderFacts",
    "Roles",
    "RowResult",
    "RowState",
    "Standing",
    "Verdict",
    "full_values",
    "item_to_report",
    "provider_in_pack",
    "roles_of",
]
