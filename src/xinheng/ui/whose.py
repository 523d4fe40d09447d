"""Whose data does a page show?

Every page of `pages.PAGES` stands here with one word. From it the access matrix (`tests/journeys/matrix.py`) knows what
a visitor, an account without the role and the same role in another organisation may find on it; a page that is not
here fails a test.
"""

from __future__ import annotations

from enum import StrEnum


class Whose(StrEnum):
    """``public``: what everybody may see of organisations and of the law in force. ``own``: the subject's own file.
    ``organisation``: what one's own organisation sent, drafts or has to do. ``case``: records on a stated ground.
    ``all``: more than one's own organisation (logs, accounts, all providers). ``none``: nobody's data.
    """

    PUBLIC = "public"
    OWN = "own"
    ORGANISATION = "organisation"
    CASE = "case"
    ALL = "all"
    NONE = "none"


WHOSE: dict[str, Whose] = {
    # the hall
    "ui:language": Whose.NONE,
    "ui:text_size": Whose.NONE,
    "ui:city_css": Whose.NONE,
    "ui:city_hero": Whose.NONE,
    "ui:healthz": Whose.NONE,
    "ui:gallery": Whose.NONE,
    # open to everyone
    "portal:home": Whose.PUBLIC,
    "portal:search": Whose.PUBLIC,
    "portal:subject": Whose.PUBLIC,
    "portal:record": Whose.PUBLIC,
    "portal:record_json": Whose.PUBLIC,
    "portal:published": Whose.PUBLIC,
    "portal:receipt": Whose.NONE,
    "portal:receipt_json": Whose.NONE,
    "portal:notice": Whose.PUBLIC,
    "portal:subject_export": Whose.PUBLIC,
    "portal:publicity": Whose.PUBLIC,
    "portal:publicity_export": Whose.PUBLIC,
    "portal:law": Whose.NONE,
    "portal:date": Whose.NONE,
    "portal:lists": Whose.NONE,
    "portal:ledger": Whose.NONE,
    "portal:ledger_checkpoint": Whose.NONE,
    "portal:ledger_key": Whose.NONE,
    "portal:service": Whose.NONE,
    "portal:accessibility": Whose.NONE,
    "norms:consultations": Whose.PUBLIC,
    "norms:consultation": Whose.PUBLIC,
    "catalog:draft_changes": Whose.PUBLIC,
    "catalog:catalog": Whose.NONE,
    "catalog:list": Whose.NONE,
    "catalog:dcat": Whose.NONE,
    "catalog:item": Whose.NONE,
    "catalog:compare": Whose.NONE,
    "catalog:version": Whose.NONE,
    "catalog:schema": Whose.NONE,
    "records:public_template": Whose.NONE,
    # sign-in
    "accounts:sign_in": Whose.NONE,
    "accounts:sign_out": Whose.NONE,
    "accounts:sign_in_code": Whose.OWN,
    "accounts:sessions": Whose.OWN,
    "accounts:notices": Whose.OWN,
    "accounts:password": Whose.OWN,
    "accounts:factor": Whose.OWN,
    "subjects:verify": Whose.NONE,
    # a subject's own
    "disclosure:own": Whose.OWN,
    "disclosure:own_file": Whose.OWN,
    "disclosure:own_looks_json": Whose.OWN,
    "disclosure:own_looks_csv": Whose.OWN,
    "disclosure:own_notice": Whose.OWN,
    "disclosure:own_copy": Whose.OWN,
    "disclosure:own_looks": Whose.OWN,
    "disclosure:own_copy_json": Whose.OWN,
    "disclosure:own_copy_csv": Whose.OWN,
    "subjects:standing": Whose.OWN,
    # desks
    "desk:home": Whose.ORGANISATION,
    "disclosure:query": Whose.CASE,
    "disclosure:batch": Whose.CASE,
    "disclosure:receipts": Whose.ORGANISATION,
    "disclosure:kept_receipt": Whose.ORGANISATION,
    "disclosure:kept_receipt_text": Whose.ORGANISATION,
    "records:intake": Whose.ORGANISATION,
    "records:batch": Whose.ORGANISATION,
    "records:returned": Whose.ORGANISATION,
    "records:templates": Whose.ORGANISATION,
    "records:template": Whose.ORGANISATION,
    "records:receipt": Whose.ORGANISATION,
    "records:withdrawal": Whose.ORGANISATION,
    "records:review": Whose.ORGANISATION,
    "intake:quality": Whose.ORGANISATION,
    "intake:providers": Whose.ALL,
    "intake:providers_csv": Whose.ALL,
    "norms:norms": Whose.ORGANISATION,
    "norms:draft": Whose.ORGANISATION,
    "norms:norm": Whose.ORGANISATION,
    "norms:text": Whose.ORGANISATION,
    "norms:field_new": Whose.ORGANISATION,
    "norms:field": Whose.ORGANISATION,
    "catalog:publish": Whose.ORGANISATION,
    "oversight:log": Whose.ALL,
    "oversight:log_csv": Whose.ALL,
    "oversight:log_entry": Whose.ALL,
    "accounts:accounts": Whose.ALL,
    "accounts:account_new": Whose.ALL,
    "accounts:account": Whose.ALL,
    "accounts:organisations": Whose.ALL,
    "accounts:organisation_new": Whose.ALL,
    "accounts:organisation": Whose.ALL,
    "accounts:grants": Whose.ALL,
    "subjects:links": Whose.ALL,
    "accounts:clients": Whose.ALL,
    "accounts:client_grant": Whose.ALL,
    "accounts:client_revoke": Whose.ALL,
    # machines
    "accounts:token": Whose.NONE,
    "accounts:token_revoke": Whose.NONE,
    "records:api_description": Whose.NONE,
    "records:api_items": Whose.ORGANISATION,
    "records:api_batch": Whose.ORGANISATION,
    "records:api_rows": Whose.ORGANISATION,
    "records:api_report": Whose.ORGANISATION,
}
