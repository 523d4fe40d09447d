"""What follows when a record ends, and what does the ledger's verification look at?

The one place where rooms above fill what rooms below own: the tuple of consequences of an ended record, the list of
checks of `ledger verify`, and what the city's own supplement adds to its law (decision 0010). They are filled at
start-up; a test lists them. Nothing else calls upward.
"""

from __future__ import annotations

from django.apps import AppConfig


class WiringConfig(AppConfig):
    """The project's own app: it has no tables, it connects."""

    name = "xinheng.wiring"
    path = __file__.rsplit("/", 1)[0]
    label = "wiring"

    def ready(self) -> None:
        from xinheng.accounts.checks import check_factors, check_powers
        from xinheng.casework.checks import check_clocks
        from xinheng.catalog.checks import check_norms
        from xinheng.catalog.selectors import supplemented
        from xinheng.disclosure.checks import check_query_lines, check_questions
        from xinheng.ledger import verify
        from xinheng.norms.checks import check_procedures
        from xinheng.records.checks import check_batches, check_records, check_spellings, check_subjects
        from xinheng.ui import city

        city.supplemented_by(supplemented)
        verify.extend(
            check_records,
            check_batches,
            check_subjects,
            check_spellings,
            check_norms,
            check_procedures,
            check_powers,
            check_factors,
            check_clocks,
            check_query_lines,
            check_questions,
        )
