"""Does every page of refusal say why, under which article or rule, and what to do instead?"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils import translation

from tests.conftest import PACKS, load_pack
from tests.ui.test_wording import calls
from xinheng.disclosure.rules import Reason
from xinheng.law import lookup
from xinheng.law.pack import Pack
from xinheng.lib import clock, errors
from xinheng.ui import responses, wording
from xinheng.ui.responses import RULED, error_response, status_of

ROOMS = {
    "accounts",
    "subjects",
    "casework",
    "norms",
    "catalog",
    "intake",
    "records",
    "disclosure",
    "portal",
    "desk",
    "ui",
}
OWN_REMEDY = {"accounts", "disclosure"}  # their codes are refusals that a person meets: each has a remedy of its own
REFUSALS = [one.value for one in Reason if list(Reason).index(one) <= list(Reason).index(Reason.STATUTE_UNKNOWN)]
KINDS: dict[str, Any] = {
    "NotFound": errors.NotFound,
    "NotAllowed": errors.NotAllowed,
    "Conflict": errors.Conflict,
    "BadInput": errors.BadInput,
    "RefusedByLaw": errors.NotAllowed,
    "Refused": errors.NotAllowed,  # what a rule refuses becomes NotAllowed or RefusedByLaw: 403 both
}


def reachable() -> dict[str, tuple[str, int]]:
    """Code -> (room, status) of every error of a room that a browser can meet: command lines speak for themselves."""
    found = dict.fromkeys(REFUSALS, ("disclosure", 403)) | {"name_differs": ("disclosure", 403)}
    for place, name, node in calls():
        if name in KINDS and place.parts[0] in ROOMS and place.name != "commands.py" and node.args:
            code = getattr(node.args[0], "value", None)
            if isinstance(code, str):
                found[code] = (place.parts[0], int(status_of(KINDS[name](code))))
    found |= {code: ("ui", int(status)) for code, status in responses.STATUS_OF_CODE.items()}
    return found


def shown(code: str, status: int, article: str | None = None) -> str:
    """The page that tells a visitor of an error."""
    request = RequestFactory().get("/desk/query")
    return error_response(request, code=code, status=responses.HTTPStatus(status), article=article).content.decode()


def words(page: str) -> str:
    return re.sub(r"<[^>]+>", "", page)


def test_refusals_of_the_decision_come_before_the_other_reasons() -> None:
    assert REFUSALS[0] == "ground_missing" and "not_own" in REFUSALS and "not_linked" not in REFUSALS


@pytest.mark.req("QRY-5", "ORG-1", kind="rule")
def test_every_code_that_reaches_a_page_has_words_and_a_remedy() -> None:
    found = reachable()
    assert {"matter_not_for_you", "batch_of_persons", "role_missing", "nothing_public"} <= found.keys()
    assert {code: place for code, place in found.items() if not wording.known(code)} == {}
    own = {code for code, (room, _) in found.items() if room in OWN_REMEDY}
    assert {code for code in own if code not in wording.INSTEAD} == set()
    technical = set(responses.STATUS_OF_CODE)
    remedy = {
        code: wording.instead(code, {}) or wording.instead(f"status.{status}", {})
        for code, (_, status) in found.items()
    }
    speaks = {code for code in technical if "请" in wording.WORDS[code] or "可以用" in wording.WORDS[code]}
    api_only = {"idempotency_key_missing", "idempotency_key_unreadable", "content_coding_unknown", "body_cut_short"}
    assert {code for code, said in remedy.items() if not said} - speaks - api_only == set()


@pytest.mark.req("QRY-5", kind="refusal")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_error_page_says_why_on_what_ground_and_what_instead(language: str) -> None:
    wrong = []
    with translation.override(language):
        rule = words(translation.gettext("平台规则"))
        for code, (_, status) in reachable().items():
            page = words(shown(code, status))
            said = wording.say(code, {}).rstrip("。.")
            remedy = wording.instead(code, {}) or wording.instead(f"status.{status}", {})
            plain = (
                page.replace("&#x27;", "'")
                .replace("&quot;", '"')
                .replace("&amp;", "&")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
            )
            if said not in plain:
                wrong.append(f"{code}: not said")
            if remedy not in plain:
                wrong.append(f"{code}: no remedy")
            if (rule in plain) != (status in RULED):
                wrong.append(f"{code}: {status} and the rule of the platform")
    assert wrong == []


@pytest.mark.req("QRY-5", "QRY-1", kind="refusal")
@pytest.mark.parametrize("law", PACKS)
@pytest.mark.django_db
def test_the_article_of_a_refusal_leads_to_its_own_place_on_the_law_page(law: str, settings: Any) -> None:
    settings.XINHENG_LAW = law
    pack: Pack = load_pack(law)
    page = Client().get("/law").content.decode()
    places = set(re.findall(r'id="([^"]+)"', page))
    today = clock.today(pack.zone)
    articles = {lookup.reason_article(pack, reason, today) for reason in pack.reasons} - {""}
    assert len(articles) >= 3
    for article in sorted(articles):
        told = shown("power_missing", 403, article)
        leads = set(re.findall(r'href="/law#([^"]+)"', told))
        assert len(leads) == 1, (article, leads)
        assert leads <= places, article
        assert 'href="/law"' not in told.partition("<h1>")[2].partition("</ul>")[0]
