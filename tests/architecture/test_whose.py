"""Is every page placed in the access matrix? A page that nobody placed is a page that nobody tries as an outsider."""

from __future__ import annotations

from tests.conftest import ROOT
from tests.journeys.matrix import FAMILIES, GROUNDED
from xinheng.ui.pages import PAGES
from xinheng.ui.whose import WHOSE, Whose


def test_every_page_says_whose_data_it_shows() -> None:
    missing = sorted({page.name for page in PAGES} - WHOSE.keys())
    assert not missing, (
        f"not in the access matrix: {', '.join(missing)}. Say in src/xinheng/ui/whose.py whose data each shows "
        "(public, own, organisation, case, all, none)."
    )
    assert WHOSE.keys() - {page.name for page in PAGES} == set(), "no such page: take it out of whose.py"


def test_whose_data_a_page_shows_fits_who_may_open_it() -> None:
    for page in PAGES:
        guarded = bool(page.roles or page.scope)
        assert (page.shows in {Whose.PUBLIC, Whose.NONE}) != guarded, f"{page.name}: {page.shows} and roles disagree"
        assert ("subject" in page.roles) == (page.shows is Whose.OWN), page.name


def test_every_page_on_a_stated_ground_is_played_by_grounds() -> None:
    families = {family.name for family in FAMILIES}
    missing = sorted({page.name for page in PAGES if page.shows is Whose.CASE} - GROUNDED.keys())
    assert not missing, (
        f"opened on a stated ground, and no test plays its grounds: {', '.join(missing)}. Name in GROUNDED of "
        "tests/journeys/matrix.py the family of the matrix that does, or the file of tests."
    )
    for name, proof in GROUNDED.items():
        assert proof in families or (ROOT / proof).is_file(), name


def test_the_table_of_the_matrix_forgets_no_cell_and_holds_no_idle_line() -> None:
    for family in FAMILIES:
        used = set()
        for cell in family.cells():
            then = family.expected(cell)
            used.add(next(n for n, line in enumerate(family.lines) if line.fits(cell)))
            assert then.status or cell["door"] == "command line", cell
        idle = [line.why for n, line in enumerate(family.lines) if n not in used]
        assert idle == [], f"{family.name}: {idle}"
