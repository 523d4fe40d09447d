"""What becomes of a row whose source says that the decision is no longer in force? (INV-2)

It makes no record. What is on file of the decision leaves publicity, sharing and use at once: such a row only takes
away, so no second person is waited for, and no fault in another cell holds it up.
"""

from __future__ import annotations

from dataclasses import replace

from xinheng.intake.rules.verdicts import REVOKED, WITHDREW, Finding, RowResult, Standing, Weight, verdict_of

_FOUND = {
    Standing.REVOKES: WITHDREW,
    Standing.REVOKED_BEFORE: "ended_before",
    Standing.REVOKES_ANOTHERS: "revoked_of_another",
}


def after_lookup(result: RowResult, how: Standing, article: str) -> RowResult:
    """The row with what is on file of its decision; a row for which nothing is on file stays returned.

    ``article`` is the item's: by it the record is withdrawn.
    """
    if how is Standing.REVOKED_IN_FILE:
        findings = (*result.findings, Finding("", "revoked_in_file"))
    elif how in _FOUND:
        others = (replace(one, weight=Weight.NOTE) for one in result.findings if one.code not in REVOKED)
        findings = (*others, Finding("", _FOUND[how], article=article))
    else:
        return result
    return replace(result, findings=findings, verdict=verdict_of(findings))
