"""Which pages are there, who may open them, and what does an outsider get?

Every URL name of the project stands here once; a test fails for one that does not. From this list the tests open
every page in both languages for each role, send an outsider to each door, and let a browser look at each page on a
phone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from xinheng.ui.whose import WHOSE, Whose

LANGUAGES = ("zh-hans", "en")


class Outsider(StrEnum):
    """What somebody gets who may not see the page.

    ``open``: there is no outsider. ``sign_in``: a visitor is led to the sign-in page and an account without the role
    gets 403. ``not_found``: the address answers 404 to a visitor. ``forbidden``: 403. ``no_token``: 401 to everybody
    who shows no token, whoever is signed in.
    """

    OPEN = "open"
    SIGN_IN = "sign_in"
    NOT_FOUND = "not_found"
    FORBIDDEN = "forbidden"
    NO_TOKEN = "no_token"  # noqa: S105 - a word of this list


@dataclass(frozen=True, slots=True)
class Page:
    """``example`` is an address that answers; ``{organisation}`` and the like are filled by the test's world.

    ``roles`` are values of ``accounts.rules.Role``, empty for a page that is open to everyone. ``kind`` is page for
    what people read, file for downloads and machine answers, act for addresses that only take a form (POST). To a page
    that ``takes_files`` its roles may send as much as ``XINHENG_MAX_UPLOAD_MB``; to any other, a form. ``scope`` (a
    value of ``accounts.rules.Scope``): a door for machines, which a token with that scope opens and no session; the
    door looks at the token before it reads the body.
    """

    name: str
    example: str
    roles: tuple[str, ...] = ()
    outsider: Outsider = Outsider.OPEN
    kind: str = "page"
    languages: tuple[str, ...] = LANGUAGES
    takes_files: bool = False
    scope: str = ""

    @property
    def shows(self) -> Whose:
        """Whose data the page shows. Raises KeyError when `whose.py` does not say it."""
        return WHOSE[self.name]


_STAFF = ("collector", "reviewer", "querier", "operator", "auditor", "administrator", "supervisor")
_SIGNED_IN = (*_STAFF, "subject")
_COMPETENT = ("operator", "supervisor")
_OVERSIGHT = ("auditor", "supervisor")
_NORMS = ("operator", "reviewer", "supervisor")

PAGES: tuple[Page, ...] = (
    # the hall
    Page("ui:language", "/language", kind="act"),
    Page("ui:text_size", "/text-size", kind="act"),
    Page("ui:city_css", "/city.css", kind="file"),
    Page("ui:city_hero", "/city/hills.svg", kind="file"),
    Page("ui:healthz", "/healthz", kind="file"),
    Page("ui:gallery", "/gallery"),
    # open to everyone
    Page("portal:home", "/"),
    Page("portal:search", "/search"),
    Page("portal:subject", "/subjects/{organisation}"),
    Page("portal:subject_export", "/subjects/{organisation}/export.{format}", kind="file"),
    Page("portal:record", "/subjects/{organisation}/records/{record}"),
    Page("portal:record_json", "/subjects/{organisation}/records/{record}.json", kind="file"),
    Page("portal:published", "/publicity"),
    Page("portal:publicity", "/publicity/CF"),
    Page("portal:publicity_export", "/publicity/CF/export.{format}", kind="file"),
    Page("portal:law", "/law"),
    Page("portal:date", "/law/date?deadline=objection.decide&received=2026-02-14"),
    Page("portal:lists", "/lists"),
    Page("portal:ledger", "/ledger"),
    Page("portal:receipt", "/ledger/receipt"),
    Page("portal:receipt_json", "/ledger/receipt.json?entry=1&leaf=" + "0" * 64, kind="file"),
    Page("portal:ledger_checkpoint", "/ledger/checkpoint", kind="file"),
    Page("portal:ledger_key", "/ledger/key.vkey", kind="file"),
    Page("portal:notice", "/notice"),
    Page("portal:service", "/service"),
    Page("portal:accessibility", "/accessibility"),
    Page("norms:consultations", "/consultations"),
    Page("norms:consultation", "/consultations/{consultation}"),
    Page("catalog:draft_changes", "/consultations/{consultation}/changes"),
    Page("catalog:catalog", "/catalog"),
    Page("catalog:list", "/catalog.json", kind="file"),
    Page("catalog:dcat", "/catalog/dcat.jsonld", kind="file"),
    Page("catalog:item", "/catalog/CF"),
    Page("catalog:compare", "/catalog/CF/compare"),
    Page("catalog:version", "/catalog/CF/2018-07-01"),
    Page("catalog:schema", "/catalog/CF/2018-07-01/schema.json", kind="file"),
    Page("records:public_template", "/catalog/CF/2018-07-01/template.xlsx", kind="file"),
    # sign-in
    Page("accounts:sign_in", "/sign-in"),
    Page("accounts:sign_out", "/sign-out", kind="act"),
    Page("subjects:verify", "/sign-in/verify"),
    # an account's own
    Page("accounts:sign_in_code", "/sign-in/code", roles=_SIGNED_IN, outsider=Outsider.SIGN_IN),
    Page("accounts:sessions", "/account/sessions", roles=_SIGNED_IN, outsider=Outsider.SIGN_IN),
    Page("accounts:notices", "/account/notices", roles=_SIGNED_IN, outsider=Outsider.SIGN_IN),
    Page("accounts:password", "/account/password", roles=_SIGNED_IN, outsider=Outsider.SIGN_IN),
    Page("accounts:factor", "/account/factor", roles=_SIGNED_IN, outsider=Outsider.SIGN_IN),
    # a subject's own
    Page("disclosure:own", "/my", roles=("subject",), outsider=Outsider.SIGN_IN),
    Page("disclosure:own_file", "/my/file", roles=("subject",), outsider=Outsider.SIGN_IN),
    Page("disclosure:own_looks", "/my/looks", roles=("subject",), outsider=Outsider.SIGN_IN),
    Page("disclosure:own_looks_json", "/my/looks.json", roles=("subject",), outsider=Outsider.SIGN_IN, kind="file"),
    Page("disclosure:own_looks_csv", "/my/looks.csv", roles=("subject",), outsider=Outsider.SIGN_IN, kind="file"),
    Page("disclosure:own_notice", "/my/notice", roles=("subject",), outsider=Outsider.SIGN_IN),
    Page("disclosure:own_copy", "/my/copy", roles=("subject",), outsider=Outsider.SIGN_IN),
    Page("disclosure:own_copy_json", "/my/copy.json", roles=("subject",), outsider=Outsider.SIGN_IN, kind="file"),
    Page("disclosure:own_copy_csv", "/my/copy.csv", roles=("subject",), outsider=Outsider.SIGN_IN, kind="file"),
    Page("subjects:standing", "/my/standing", roles=("subject",), outsider=Outsider.SIGN_IN),
    # desks
    Page("desk:home", "/desk", roles=_STAFF, outsider=Outsider.SIGN_IN),
    Page("disclosure:query", "/desk/query", roles=("querier",), outsider=Outsider.SIGN_IN),
    Page("disclosure:batch", "/desk/query/batch", roles=("querier",), outsider=Outsider.SIGN_IN, takes_files=True),
    Page("disclosure:receipts", "/desk/query/receipts", roles=("querier",), outsider=Outsider.SIGN_IN),
    Page("disclosure:kept_receipt", "/desk/query/receipts/{receipt}", ("querier",), outsider=Outsider.SIGN_IN),
    Page("disclosure:kept_receipt_text", "/desk/query/receipts/{receipt}.txt", ("querier",), Outsider.SIGN_IN, "file"),
    Page("records:intake", "/desk/intake", roles=("collector",), outsider=Outsider.SIGN_IN, takes_files=True),
    Page("records:batch", "/desk/intake/{batch}", roles=("collector", "reviewer"), outsider=Outsider.SIGN_IN),
    Page("records:returned", "/desk/intake/{batch}/returned.xlsx", ("collector", "reviewer"), Outsider.SIGN_IN, "file"),
    Page("records:templates", "/desk/intake/templates", roles=("collector",), outsider=Outsider.SIGN_IN),
    Page("records:template", "/desk/intake/templates/CF.xlsx", ("collector",), Outsider.SIGN_IN, "file"),
    Page("records:receipt", "/desk/intake/{batch}/receipt", ("collector", "reviewer"), outsider=Outsider.SIGN_IN),
    Page("records:withdrawal", "/desk/intake/{batch}/withdrawal", ("collector", "reviewer"), outsider=Outsider.SIGN_IN),
    Page("records:review", "/desk/review", roles=("reviewer",), outsider=Outsider.SIGN_IN),
    Page("intake:quality", "/desk/quality", roles=("collector", "reviewer"), outsider=Outsider.SIGN_IN),
    Page("intake:providers", "/desk/quality/providers", roles=_COMPETENT, outsider=Outsider.SIGN_IN),
    Page("intake:providers_csv", "/desk/quality/providers.csv", _COMPETENT, outsider=Outsider.SIGN_IN, kind="file"),
    Page("norms:norms", "/desk/norms", roles=_NORMS, outsider=Outsider.SIGN_IN),
    Page("norms:draft", "/desk/norms/new", roles=("operator",), outsider=Outsider.SIGN_IN),
    Page("norms:norm", "/desk/norms/{norm}", roles=_NORMS, outsider=Outsider.SIGN_IN),
    Page("norms:text", "/desk/norms/{norm}/text", roles=("operator",), outsider=Outsider.SIGN_IN),
    Page("norms:field_new", "/desk/norms/{norm}/fields", roles=("operator",), outsider=Outsider.SIGN_IN),
    Page("norms:field", "/desk/norms/{norm}/fields/{field}", roles=("operator",), outsider=Outsider.SIGN_IN),
    Page("catalog:publish", "/desk/norms/{norm}/publish", roles=("operator",), outsider=Outsider.SIGN_IN, kind="act"),
    Page("oversight:log", "/desk/log", roles=_OVERSIGHT, outsider=Outsider.SIGN_IN),
    Page("oversight:log_csv", "/desk/log.csv", roles=_OVERSIGHT, outsider=Outsider.SIGN_IN, kind="file"),
    Page("oversight:log_entry", "/desk/log/{query}", roles=_OVERSIGHT, outsider=Outsider.SIGN_IN),
    Page("accounts:accounts", "/desk/accounts", roles=("administrator",), outsider=Outsider.SIGN_IN),
    Page("accounts:account_new", "/desk/accounts/new", roles=("administrator",), outsider=Outsider.SIGN_IN),
    Page("accounts:account", "/desk/accounts/{account}", roles=("administrator",), outsider=Outsider.SIGN_IN),
    Page("accounts:organisations", "/desk/organisations", roles=("administrator",), outsider=Outsider.SIGN_IN),
    Page("accounts:organisation_new", "/desk/organisations/new", roles=("administrator",), outsider=Outsider.SIGN_IN),
    Page("accounts:organisation", "/desk/organisations/scjgj", roles=("administrator",), outsider=Outsider.SIGN_IN),
    Page("accounts:grants", "/desk/grants", roles=("administrator",), outsider=Outsider.SIGN_IN),
    Page("subjects:links", "/desk/links", roles=("administrator",), outsider=Outsider.SIGN_IN),
    Page("accounts:clients", "/desk/clients", roles=("administrator",), outsider=Outsider.SIGN_IN),
    Page("accounts:client_grant", "/desk/clients/1/grant", ("administrator",), outsider=Outsider.SIGN_IN, kind="act"),
    Page("accounts:client_revoke", "/desk/clients/1/revoke", ("administrator",), outsider=Outsider.SIGN_IN, kind="act"),
    # machines
    Page("accounts:token", "/oauth/token", kind="act"),
    Page("accounts:token_revoke", "/oauth/revoke", kind="act"),
    Page("records:api_description", "/api/v1/intake/openapi.json", kind="file"),
    Page("records:api_items", "/api/v1/intake/items", outsider=Outsider.NO_TOKEN, kind="file", scope="intake.read"),
    Page(
        "records:api_batch",
        "/api/v1/intake/batches/{batch}",
        outsider=Outsider.NO_TOKEN,
        kind="file",
        scope="intake.read",
    ),
    Page(
        "records:api_rows",
        "/api/v1/intake/batches/{batch}/rows",
        outsider=Outsider.NO_TOKEN,
        kind="file",
        scope="intake.read",
    ),
    Page(
        "records:api_report",
        "/api/v1/intake/CF",
        outsider=Outsider.NO_TOKEN,
        kind="act",
        takes_files=True,
        scope="intake.report",
    ),
)


def page(name: str) -> Page:
    """The entry of a URL name; KeyError when it is not listed."""
    return {one.name: one for one in PAGES}[name]
