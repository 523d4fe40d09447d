"""Is each wrong pack refused with file, line and a sentence?"""

# ruff: noqa: E501  (one fault, one row)

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.law.packs import FILES, write
from xinheng.law.errors import PackError
from xinheng.law.loader import check, load
from xinheng.law.loader.strict import Mapping, Node, Scalar, Sequence, compose, plain

SECOND = """\
  - from: "{day}"
    until: null
    state: "{state}"
    conduct: {{zh: "处罚决定", en: "penalty"}}
    basis: ["条例"]
    adverse: true
    publicity: public
    sharing: [government]
    channel: [upload]
    frequency: {{count: "7", unit: working_day}}
    kinds: {{legal_person: public}}
    publicity_period: none
    retention: {{count: "5", unit: year}}
    article: "TT-2"
"""
WHOLE = 'until: null, count: "7"'
# the catch-all row of the pack, and the same row on with a local regulation where only a statute may found it
REST = FILES["measures.yaml"][FILES["measures.yaml"].index('state: "off"') :]
REST_ON = 'state: "on"\n      statute: "TT-3"\n' + REST.split("\n", 2)[2].replace("[law, regulation]", "[law]")
# the same row with a second value: from a later day than the first one ends, and before it ends
LAST = FILES["measures.yaml"][FILES["measures.yaml"].rindex("    - from") :]
LAST_GAP = LAST.replace("until: null", 'until: "2025-01-01"') + LAST.replace("2024-01-01", "2025-02-01")
LAST_OVERLAP = LAST.replace("until: null", 'until: "2025-01-01"') + LAST.replace("2024-01-01", "2024-12-31")
V1 = '{from: "2024-01-01", until: null, count: "7"'

# what is wrong: file, text replaced, by what, code, line of the finding (None: any)
WRONG: dict[str, tuple[str, str, str, str, int | None]] = {
    "duplicate key": ("pack.yaml", 'rank: city\nf', 'rank: city\nrank: city\nf', "duplicate_key", 10),
    "boolean trap yes": ("calendar/2026.yaml", "announced: true", "announced: yes", "boolean_trap", 2),
    "boolean trap off": ("repair.yaml", "outcome: annotate", "outcome: off", "boolean_trap", 13),
    "boolean trap no": ("catalog/TF.yaml", 'required: "no"', "required: no", "boolean_trap", None),
    "boolean trap True": ("calendar/2026.yaml", "announced: true", "announced: True", "boolean_trap", 2),
    "boolean trap key": ("articles.yaml", "asks: []", "on: [], asks: []", "boolean_trap", 1),
    "unquoted date": ("deadlines.yaml", 'from: "2024-01-01"', "from: 2024-01-01", "unquoted", 3),
    "unquoted decimal": ("pack.yaml", 'version: "2026.1"', "version: 2026.10", "unquoted", 2),
    "unquoted octal": ("pack.yaml", 'division: "990200"', "division: 0990200", "unquoted", 6),
    "empty value": ("deadlines.yaml", "until: null", "until: ", "null_form", 3),
    "anchor": ("pack.yaml", 'name: {zh: "玩具城"', 'name: &n {zh: "玩具城"', "anchor", 4),
    "alias": ("pack.yaml", "rank: city\nf", "rank: &r city\nnote: *r\nf", "anchor", 9),
    "tag": ("pack.yaml", 'division: "990200"', 'division: !!str "990200"', "tag", 6),
    "merge key": ("pack.yaml", 'name: {zh: "玩具城"', 'name: {<<: {}, zh: "玩具城"', "merge_key", 4),
    "two documents": ("articles.yaml", "- {id: \"TT-2\"", "---\n- {id: \"TT-2\"", "several_documents", 2),
    "bad syntax": ("matters.yaml", "askers: [state_organ]", "askers: [state_organ", "yaml_syntax", None),
    "tabulator": ("organs.yaml", "kinds:\n  -", "kinds:\n\t-", "yaml_syntax", 2),
    "unknown key": ("deadlines.yaml", "unit: working_day", "unit: working_day, weight: heavy", "unknown_key", 3),
    "missing key": ("deadlines.yaml", 'count: "7", ', "", "missing_key", 3),
    "missing until": ("deadlines.yaml", "until: null, ", "", "missing_key", 3),
    "value without article": ("deadlines.yaml", ', article: "TT-2"}', "}", "missing_key", 3),
    "article that does not exist": ("deadlines.yaml", 'article: "TT-2"', 'article: "TT-9"', "article_unknown", 3),
    "article item of a missing article": ("disclosure.yaml", "TT-2(1)", "TT-7(1)", "article_unknown", 1),
    "article number differs from its id": ("articles.yaml", 'number: "2"', 'number: "4"', "law_unknown", 2),
    "article of an unregistered law": ("articles.yaml", 'id: "TT-1"', 'id: "ZZ-1"', "law_unknown", 1),
    "article twice": ("articles.yaml", 'id: "TT-2", number: "2"', 'id: "TT-1", number: "1"', "duplicate_name", 2),
    "uncited article missing": ("articles.yaml", FILES["articles.yaml"].splitlines()[0] + "\n", "", "article_missing", 1),
    "article that is cited missing": ("articles.yaml", FILES["articles.yaml"].splitlines()[1] + "\n", "", "article_unknown", None),
    "gap between values": ("deadlines.yaml", V1, V1.replace("null", '"2026-05-01"'), "gap", 4),
    "overlap": ("deadlines.yaml", V1, V1.replace("null", '"2026-07-01"'), "overlap", 4),
    "two values from one day": ("deadlines.yaml", "2026-06-01", "2024-01-01", "overlap", 4),
    "period that ends before it begins": ("deadlines.yaml", V1, V1.replace("null", '"2023-01-01"'), "period_empty", 3),
    "deadline of no days": ("deadlines.yaml", 'count: "7"', 'count: "0"', "not_positive", 3),
    "count in words": ("deadlines.yaml", 'count: "7"', 'count: "seven"', "not_a_number", 3),
    "unknown unit": ("deadlines.yaml", "unit: working_day", "unit: fortnight", "not_in_vocabulary", 3),
    "impossible day": ("deadlines.yaml", '"2024-01-01"', '"2024-02-30"', "not_a_day", 3),
    "rank above the pack": ("deadlines.yaml", "unit: working_day", "unit: working_day, rank: national", "rank_violated", 3),
    "unknown power": ("matters.yaml", "[query.honours]", "[query.fame]", "power_unknown", 7),
    "unknown kind of organ": ("matters.yaml", "[state_organ]", "[secret_society]", "organ_kind_unknown", 6),
    "nothing to cite": ("matters.yaml", "statute: none", "statute: must_cite", "missing_key", None),
    "citation of another kind of law": ("matters.yaml", "statute: none", "statute: must_cite\n      statute_kinds: [law]\n      statutes: [TT-2]", "article_unknown", None),
    "unknown item": ("matters.yaml", "items: [TF]", "items: [TG]", "item_unknown", 10),
    "unknown sector": ("organs.yaml", "holders: [any]", "holders: [games]", "sector_unknown", 10),
    "matter without a limit of persons": ("matters.yaml", ', max_parties: "3"', "", "missing_key", 11),
    "name twice in one file": ("deadlines.yaml", "name: copy.make", "name: objection.decide", "duplicate_name", 5),
    "level the law does not know": ("pack.yaml", "[national, city]", "[national]", "level_not_allowed", None),
    "unknown kind of subject": ("pack.yaml", "legal_person]", "ghost]", "not_in_vocabulary", 7),
    "unknown zone": ("pack.yaml", "Asia/Shanghai", "Asia/Atlantis", "zone_unknown", 5),
    "layer above missing": ("pack.yaml", "extends: null", "extends: nowhere", "extends_unknown", 3),
    "layer above is the pack itself": ("pack.yaml", "extends: null", "extends: toytown", "extends_circle", 3),
    "make-up day on a weekday": ("calendar/2026.yaml", "2026-02-28", "2026-02-27", "makeup_on_weekday", 6),
    "day of another year": ("calendar/2026.yaml", "2026-02-28", "2025-02-08", "wrong_year", 6),
    "day twice": ("calendar/2026.yaml", '{date: "2026-02-28", kind: makeup}', '{date: "2026-01-01", kind: holiday}',
                  "duplicate_value", 6),
    "holidays of a year not announced": ("calendar/2026.yaml", "announced: true", "announced: false", "not_announced", 5),
    "year differs from the file": ("calendar/2026.yaml", 'year: "2026"', 'year: "2025"', "name_differs", 1),
    "persons public without a statute": ("catalog/TF.yaml", "natural_person: by_matter", "natural_person: public",
                                         "person_public", 14),
    "channel not named": ("catalog/TF.yaml", "public: full, government: full, ", "government: full, ", "missing_key", None),
    "masked without a mask": ("catalog/TF.yaml", "{public: withheld, government: full", "{public: masked, government: full",
                              "mask_missing", None),
    "unknown enumeration": ("catalog/TF.yaml", "{enum: CLASS}", "{enum: GLASS}", "enum_unknown", None),
    "value twice in an enumeration": ("catalog/TF.yaml", '["罚金"]', '["警告"]', "duplicate_value", None),
    "role of a field that is missing": ("catalog/TF.yaml", "decided_on: TF_DAY}", "decided_on: TF_DATE}", "field_unknown", None),
    "condition on a field that is missing": ("catalog/TF.yaml", "{field: TF_KIND, contains", "{field: TF_KING, contains",
                                             "field_unknown", None),
    "condition with two tests": ("catalog/TF.yaml", 'contains: "罚款"', 'contains: "罚款", empty: false', "condition", None),
    "condition with an expression": ("repair.yaml", '{field: TF_KIND, any_of: ["警告"], only: true}',
                                     '{expression: "sum > 3"}', "condition", None),
    "field twice": ("catalog/TF.yaml", "code: TF_SUM", "code: TF_KIND", "duplicate_name", None),
    "code differs from the file": ("catalog/TF.yaml", "code: TF\n", "code: TX\n", "name_differs", 1),
    "suggested class that is missing": ("repair.yaml", "class: minor", "class: tiny", "class_unknown", 15),
    "published class without a maximum": ("repair.yaml", ', max: {count: "3", unit: year}, evidence: seen}', ", evidence: seen}", "missing_key", 9),
    "rule sets with a gap": ("repair.yaml", 'until: "2026-04-01"', 'until: "2026-03-01"', "gap", None),
    "adverse item older than every rule set": ("catalog/TF.yaml", 'from: "2024-01-01"', 'from: "2023-01-01"', "gap", None),
    "unverified adverse rule that is on": ("catalog/TF.yaml", "    adverse: true", "    adverse: true\n    evidence: bg",
                                           "unverified_on", None),
    "text with blanks around it": ("pack.yaml", 'zh: "玩具城"', 'zh: " 玩具城"', "blank_around", 4),
    "empty text": ("pack.yaml", 'en: "Toytown"', 'en: ""', "empty_text", 4),
    "item linked to a matter that is missing": ("catalog/TF.yaml", "    adverse: true", "    matters: [honours, fame]\n    adverse: true", "matter_unknown", 9),
    "source with a power that is missing": ("catalog/TF.yaml", "    adverse: true", "    providers: [fame]\n    adverse: true", "power_unknown", 9),
    "draft with an end": ("catalog/TF.yaml", "    until: null", '    until: "2027-01-01"\n    state: draft', "draft_ends", 6),
    "two drafts": ("catalog/TF.yaml", "roles:", SECOND.format(day="2027-01-01", state="draft") + SECOND.format(day="2028-01-01", state="draft") + "roles:",
                   "duplicate_name", None),
    "draft for a day that is ruled": ("catalog/TF.yaml", "roles:", SECOND.format(day="2024-01-01", state="draft") + "roles:", "overlap", 18),
    "item without the code of the organ": ("catalog/TF.yaml", "authority_code: TF_ORG, ", "", "role_missing", None),
    "individual business whose operator nobody tells": ("catalog/TF.yaml", "kinds: {legal_person: public", "kinds: {individual_business: public, legal_person: public",
                                                        "role_missing", None),
    "adverse item whose document may be missing": ("catalog/TF.yaml", 'en: "number"}, type: string, required: always',
                                                   'en: "number"}, type: string, required: "no"', "document_optional", None),
    "block that no file has": ("catalog/TF.yaml", "natural_key:", "use: [ghost]\nnatural_key:", "block_unknown", None),
    "item without fields": ("catalog/TF.yaml", FILES["catalog/TF.yaml"][FILES["catalog/TF.yaml"].index("fields:"):], "", "missing_key", None),
    "example that does not come out": ("examples/objection.yaml", 'due: "2026-08-14"', 'due: "2026-08-13"',
                                       "example_differs", 3),
    "example that cannot be computed": ("examples/objection.yaml", "deadline: objection.decide", "wish: cake",
                                        "example_differs", None),
    # lists of measures and of serious dishonesty
    "state without quotation marks": ("measures.yaml", 'state: "on"', "state: on", "boolean_trap", 7),
    "row without modality": ("measures.yaml", "      modality: one_or_more\n", "", "missing_key", 5),
    "unknown modality": ("measures.yaml", "modality: one_or_more", "modality: perhaps", "not_in_vocabulary", 9),
    "power of a row that is missing": ("measures.yaml", "powers: [measure.apply]", "powers: [measure.wish]", "power_unknown", 10),
    "conduct of a row that is missing": ("measures.yaml", "conduct: [fined]", "conduct: [sneezed]", "conduct_unknown", 13),
    "punishment for good faith": ("measures.yaml", "conduct: [fined]", "conduct: [promise]", "conduct_side", 13),
    "incentive for bad faith": ("measures.yaml", "conduct: [prize, promise]", "conduct: [prize, fined]", "conduct_side", 31),
    "target that the law does not know": ("measures.yaml", "targets: [natural_person, legal_person]", "targets: [ghost]", "not_in_vocabulary", 11),
    "person in a row on livelihood": ("measures.yaml", "touches: [handling]", "touches: [handling, basic_services]", "livelihood", 11),
    "person in a row on points": ("measures.yaml", "touches: [handling]", "touches: [bid_points]", "person_scored", 11),
    "person in a row on classes of supervision": ("measures.yaml", "touches: [handling]", "touches: [supervision]", "person_scored", 11),
    "row that reaches relatives": ("measures.yaml", "      touches: [handling]", "      reaches: [subject, relative]\n      touches: [handling]", "relative", 12),
    "punishment without a longest duration": ("measures.yaml", '      longest: {count: "1", unit: month, house: true}\n', "", "longest_missing", 5),
    "duration in working days": ("measures.yaml", "unit: month", "unit: working_day", "not_in_vocabulary", 15),
    "severity beyond the scale": ("measures.yaml", 'severity_max: "1"', 'severity_max: "4"', "severity", 14),
    "punishment without severity": ("measures.yaml", '      severity_max: "1"\n', "", "missing_key", 5),
    "punishment without service": ("measures.yaml", "needs_service: true", "needs_service: false", "service_missing", 16),
    "row as a house rule": ("measures.yaml", 'article: "TT-2(1)"', "house: true", "house_rule", 17),
    "row that says nothing of its evidence": ("measures.yaml", '"TT-2(1)"\n      evidence: text\n', '"TT-2(1)"\n', "missing_key", 5),
    "adverse row on that was only seen": ("measures.yaml", "evidence: text", "evidence: seen", "unverified_on", 7),
    "row off without a reason": ("measures.yaml", 'state: "on"', 'state: "off"', "missing_key", 7),
    "reason on a row that is on": ("measures.yaml", '      modality: one_or_more', '      why_off: {zh: "无", en: "none"}\n      modality: one_or_more', "why_off", 9),
    "consumption restricted by another than the courts": ("measures.yaml", "touches: [handling]", "touches: [consumption]", "courts_only", 10),
    "market bar without a statute": ("measures.yaml", '      statute: "TT-3"\n', "", "statute_missing", 43),
    "market bar on its own article": ("measures.yaml", 'statute: "TT-3"', 'statute: "TT-2"', "statute_missing", 54),
    "statute that is missing": ("measures.yaml", 'statute: "TT-3"', 'statute: "TT-8"', "article_unknown", 54),
    "catch-all on without a statute": ("measures.yaml", 'state: "off"\n      why_off: {zh: "没有写明依据", en: "no statute is cited"}', 'state: "on"', "statute_missing", 63),
    "catch-all without founders": ("measures.yaml", "      founders: [law, regulation]\n", "", "missing_key", 61),
    "catch-all founded by another sort": ("measures.yaml", REST, REST_ON, "statute_kind", None),
    "points founded by a city": ("measures.yaml", "touches: [market_entry]", "touches: [grade]", "statute_kind", 54),
    "mandatory bar that only may": ("measures.yaml", "modality: shall", "modality: may", "bar_not_shall", 46),
    "person's incentive without an honour": ("measures.yaml", "      person_conduct: [prize]\n", "", "honour_missing", 29),
    "person's incentive on a promise": ("measures.yaml", "person_conduct: [prize]", "person_conduct: [promise]", "honour_missing", 29),
    "person's incentive without consent": ("measures.yaml", "      consent_of: [natural_person]\n", "", "consent_missing", 29),
    "list of another level": ("measures.yaml", "level: city", "level: national", "level_not_allowed", 3),
    "row twice": ("measures.yaml", "code: help", "code: talk", "duplicate_name", 19),
    "row that ends before it begins": ("measures.yaml", 'until: null\n      state: "on"\n      content: {zh: "优先', 'until: "2023-01-01"\n      state: "on"\n      content: {zh: "优先', "period_empty", 24),
    "row with a gap": ("measures.yaml", LAST, LAST_GAP, "gap", 78),
    "row with an overlap": ("measures.yaml", LAST, LAST_OVERLAP, "overlap", 78),
    "item of a conduct that is missing": ("conducts.yaml", "item: TF", "item: TG", "item_unknown", 1),
    "field of a conduct that is missing": ("conducts.yaml", "field: TF_KIND", "field: TF_KING", "field_unknown", 1),
    "adverse conduct without an item": ("conducts.yaml", 'item: TF, when: {field: TF_KIND, any_of: ["罚款"]}', "item: null", "missing_key", 1),
    "steps out of order": ("severe.yaml", "[notice, statement", "[statement, notice", "steps_order", 8),
    "determination without notice": ("severe.yaml", "[notice, statement", "[statement", "step_missing", 8),
    "category without elements": ("severe.yaml", FILES["severe.yaml"].splitlines()[6], "      elements: []", "missing_key", None),
    "element twice": ("severe.yaml", "code: grave", "code: harm", "duplicate_name", 7),
    "category on an unknown field": ("severe.yaml", "[toy_safety]", "[space]", "field_unknown", 10),
    "category on while its fields are off": ("severe_fields.yaml", 'state: "on"', 'state: "off", why_off: {zh: "未核对", en: "unverified"}', "fields_off", None),
    "field on that was only seen": ("severe_fields.yaml", "evidence: text", "evidence: seen", "unverified_on", 3),
    "row for serious dishonesty while its categories are off": ("severe.yaml", 'state: "on"', 'state: "off"\n      why_off: {zh: "未核对", en: "unverified"}', "conduct_off", None),
    "article of a field that is missing": ("severe_fields.yaml", 'article: "TT-2"', 'article: "TT-9"', "article_unknown", 3),
    # what an item may not say, whoever writes it
    "item of another level than its pack": ("catalog/TF.yaml", "level: city", "level: national", "level_differs", 3),
    "adverse record public until its retention ends": ("catalog/TF.yaml", "publicity_period: repair_rules", "publicity_period: retention", "publicity_uncapped", 15),
    "penalties that are said not to be adverse": ("catalog/TF.yaml", "adverse: true", "adverse: false", "adverse_denied", 9),
    "adverse record kept for ever": ("catalog/TF.yaml", 'retention: {count: "5"', 'retention: {count: "99"', "retention_too_long", 16),
    "retention beyond the calendar": ("catalog/TF.yaml", 'retention: {count: "5"', 'retention: {count: "99999999"', "retention_uncountable", 16),
    "retention in working days": ("catalog/TF.yaml", 'retention: {count: "5", unit: year}', 'retention: {count: "5", unit: working_day}', "retention_uncountable", 16),
    "person public by an invented statute": ("catalog/TF.yaml", "    kinds:", '    person_statute: "随便"\n    kinds:', "person_statute", 14),
    "person public by a local regulation": ("catalog/TF.yaml", "    kinds:", '    person_statute: "TT-2"\n    kinds:', "person_statute", 14),
    "order to publish that nobody read": ("articles.yaml", "states: conduct}", "states: conduct, orders_publication: true}", "unverified_on", 1),
    "item about nobody": ("catalog/TF.yaml", "kinds: {legal_person: public, natural_person: by_matter}", "kinds: {}", "kinds_missing", 14),
    "key on a part that the item lacks": ("catalog/TF.yaml", "natural_key: [document_number]", "natural_key: [document_number, NOPE]", "natural_key", 20),
    "key without the document": ("catalog/TF.yaml", "natural_key: [document_number]", "natural_key: [name]", "natural_key", 20),
    "two fields of one label": ("catalog/TF.yaml", '{zh: "金额"', '{zh: "日 期"', "header_twice", 32),
    "alias that is the code of another field": ("catalog/TF.yaml", "aliases: [TF_MC]", "aliases: [tf_day]", "header_twice", 25),
    "more places than digits": ("catalog/TF.yaml", '{digits: "18", places: "6"}', '{digits: "1", places: "18"}', "places_exceed", 30),
    "letters that nobody sees in a name": ("catalog/TF.yaml", 'zh: "玩具处罚"', 'zh: "玩具\u200b处罚"', "invisible_character", 2),
    "letters that turn the text around": ("catalog/TF.yaml", '{zh: "金额"', '{zh: "\u202e额金"', "invisible_character", 30),
    "identity number for everyone": ("catalog/TF.yaml", 'en: "number"}, type: string', 'en: "number"}, type: idnumber', "identity_shown", 38),
    "representative of a person public": ("catalog/TF.yaml", "mask: none, personal: false, aliases: []}\n  - {code: TF_ORG", "mask: none, personal: false, whose: representative, aliases: []}\n  - {code: TF_ORG", "person_shown", 38),
    "representative exported": ("catalog/TF.yaml", "mask: none, personal: false, aliases: []}\n  - {code: TF_ORG", "mask: none, personal: false, whose: representative, aliases: []}\n  - {code: TF_ORG", "person_exported", 38),
    "revocation by an unknown field": ("catalog/TF.yaml", "natural_key:", 'revocation: {field: TF_ZT, values: ["2"]}\nnatural_key:', "field_unknown", None),
    "revocation by an unknown value": ("catalog/TF.yaml", "natural_key:", 'revocation: {field: TF_NAME, values: ["2"]}\nnatural_key:', "revocation_value", None),
    "revocation by no value": ("catalog/TF.yaml", "natural_key:", "revocation: {field: TF_NAME, values: []}\nnatural_key:", "empty_list", None),
    "name of a person public": ("catalog/TF.yaml", "natural_person: {public: withheld, authorised", "natural_person: {authorised", "person_shown", 25),
    "livelihood as another good": ("measures.yaml", 'zh: "其他措施"', 'zh: "断水断电、停发低保"', "touch_denied", 69),
    "travel as another good": ("measures.yaml", 'zh: "其他措施"', 'zh: "禁止乘坐飞 机"', "touch_denied", 69),
    "high consumption as handling": ("measures.yaml", 'zh: "约谈"', 'zh: "限制高消费"', "touch_denied", 12),
    "another good without catch-all or statute": ("measures.yaml", "touches: [handling]", "touches: [other]", "touch_denied", 12),
    "measure for ever": ("measures.yaml", 'longest: {count: "1", unit: month', 'longest: {count: "99", unit: year', "longest_exceeded", 15),
    "limit that code does not know": ("limits.yaml", "name: measure.duration", "name: measure.size", "not_in_vocabulary", 4),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_pack_is_refused_with_file_line_and_sentence(wrong: str, tmp_path: Path) -> None:
    file, old, new, code, line = WRONG[wrong]
    folder = write(tmp_path, {file: (old, new)})
    findings = check(folder, root=tmp_path)
    found = [f for f in findings if f.code == code]
    assert found, [str(f) for f in findings]
    assert any(
        f.file.endswith(f"toytown/{file}")
        or code in {"article_unknown", "level_not_allowed", "fields_off", "conduct_off"}
        for f in found
    ), found
    assert line is None or line in {f.line for f in found}, [str(f) for f in findings]
    assert all(f.line >= 1 and f.column >= 1 and any(sign >= "\u4e00" for sign in f.message) for f in found)


def test_sound_pack_has_no_findings(tmp_path: Path) -> None:
    assert check(write(tmp_path), root=tmp_path) == ()


@pytest.mark.parametrize("wrong", [w for w in WRONG if not w.startswith("example")])
def test_wrong_pack_is_never_loaded(wrong: str, tmp_path: Path) -> None:
    file, old, new, code, _ = WRONG[wrong]
    write(tmp_path, {file: (old, new)})
    with pytest.raises(PackError) as refused:
        load("toytown", root=tmp_path)
    assert code in {finding.code for finding in refused.value.findings}


def test_a_matter_that_names_a_mere_draft_is_a_fault_at_the_matter(tmp_path: Path) -> None:
    folder = write(tmp_path, {"catalog/TF.yaml": ("    adverse: true", "    state: draft\n    adverse: true")})
    (found,) = check(folder, root=tmp_path)
    assert (found.file.endswith("toytown/matters.yaml"), found.line, found.code) == (True, 10, "item_unknown")


def test_an_unverified_adverse_rule_may_be_a_draft_or_off(tmp_path: Path) -> None:
    for number, state in enumerate(("draft", "off")):
        change = ("    adverse: true", f'    adverse: true\n    evidence: bg\n    state: "{state}"')
        folder = write(tmp_path / str(number), {"catalog/TF.yaml": change})
        assert "unverified_on" not in {fault.code for fault in check(folder, root=tmp_path / str(number))}


def test_a_version_that_is_switched_off_is_in_force_on_no_day(tmp_path: Path) -> None:
    write(tmp_path, {"catalog/TF.yaml": ("roles:", SECOND.format(day="2026-01-01", state="off") + "roles:")})
    item = load("toytown", root=tmp_path).items["TF"]
    before, after = item.on(date(2025, 12, 31)), item.on(date(2026, 1, 1))
    assert before is not None and before.until == date(2026, 1, 1)
    assert after is None


BLOCK = """\
- block: extra
  roles: {remark: TF_BZ}
  fields:
    - {code: TF_BZ, label: {zh: "备注", en: "remark"}, type: string, required: "no",
       disclosure: {public: withheld, government: full, authorised: full, own: full}, mask: none, personal: false, aliases: []}
"""
CATEGORIES = '- {code: fines, label: {zh: "处罚", en: "fines"}, evidence: bg}\n'


def with_blocks(root: Path, block: str = BLOCK, item: str = "use: [extra]\ncategory: fines") -> Path:
    """The sound pack with a block of fields and a category that its item uses."""
    folder = write(root, {"catalog/TF.yaml": ("natural_key:", f"{item}\nnatural_key:")})
    (folder / "fields.yaml").write_text(block, encoding="utf-8")
    (folder / "categories.yaml").write_text(CATEGORIES, encoding="utf-8")
    return folder


def test_a_block_gives_an_item_its_fields_roles_and_another_hash(tmp_path: Path) -> None:
    folder = with_blocks(tmp_path)
    assert check(folder, root=tmp_path) == ()
    version = load("toytown", root=tmp_path).items["TF"].versions[0]
    assert [field.code for field in version.fields][:2] == ["TF_BZ", "TF_NAME"]
    assert version.role("remark") == "TF_BZ"
    assert version.category == "fines"
    (folder / "fields.yaml").write_text(BLOCK.replace("government: full", "government: withheld"), encoding="utf-8")
    assert load("toytown", root=tmp_path).items["TF"].versions[0].sha256 != version.sha256


@pytest.mark.parametrize(
    ("block", "item", "file", "code", "line"),
    [
        (BLOCK.replace("TF_BZ", "TF_NAME"), "use: [extra]\ncategory: fines", "catalog/TF.yaml", "duplicate_name", 20),
        (BLOCK + BLOCK, "use: [extra]\ncategory: fines", "fields.yaml", "duplicate_name", 6),
        (
            BLOCK.replace("own: full", "own: some"),
            "use: [extra]\ncategory: fines",
            "fields.yaml",
            "not_in_vocabulary",
            5,
        ),
        (BLOCK.replace("  roles:", "  rolls:"), "use: [extra]\ncategory: fines", "fields.yaml", "unknown_key", 2),
        (BLOCK, "category: gifts", "catalog/TF.yaml", "category_unknown", 20),
        (BLOCK, "use: [extra]", "catalog/TF.yaml", "category_unknown", 1),
    ],
)
def test_a_fault_of_a_block_or_category_has_its_place(
    tmp_path: Path, block: str, item: str, file: str, code: str, line: int
) -> None:
    folder = with_blocks(tmp_path, block, item)
    found = [fault for fault in check(folder, root=tmp_path) if fault.code == code]
    assert [(fault.file.endswith(f"toytown/{file}"), fault.line) for fault in found] == [(True, line)]
    with pytest.raises(PackError):
        load("toytown", root=tmp_path)


def test_lower_layer_cannot_redefine_a_value_of_a_higher_one(tmp_path: Path) -> None:
    above = write(tmp_path, id="nation")
    head = (above / "pack.yaml").read_text(encoding="utf-8").replace("id: toytown", "id: nation")
    head = head.replace("rank: city", "rank: national")
    (above / "pack.yaml").write_text(head, encoding="utf-8")
    item = (above / "catalog" / "TF.yaml").read_text(encoding="utf-8")
    (above / "catalog" / "TF.yaml").write_text(item.replace("level: city", "level: national"), encoding="utf-8")
    rows = (above / "measures.yaml").read_text(encoding="utf-8")
    (above / "measures.yaml").write_text(rows.replace("level: city", "level: national"), encoding="utf-8")
    city = tmp_path / "city"
    city.mkdir()
    own = head.replace("id: nation", "id: city").replace("extends: null", "extends: nation")
    own = own[: own.index("person:")].replace("rank: national", "rank: city")
    (city / "pack.yaml").write_text(own, encoding="utf-8")
    assert load("city", root=tmp_path).deadlines["objection.decide"].values[0].rank == "national"
    (city / "deadlines.yaml").write_text(FILES["deadlines.yaml"], encoding="utf-8")
    findings = check(city, root=tmp_path)
    assert {f.code for f in findings} == {"rank_violated"}
    assert all(f.file.endswith("city/deadlines.yaml") for f in findings)


def test_file_that_belongs_to_no_pack_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "fees.yaml").write_text("a: b\n", encoding="utf-8")
    assert [f.code for f in check(folder, root=tmp_path)] == ["unknown_file"]


def test_file_in_another_encoding_is_refused_at_its_line(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "grounds.yaml").write_bytes("# ok\n- {name: a, label: {zh: 罚".encode("gb18030"))
    found = [f for f in check(folder, root=tmp_path) if f.code == "not_utf8"]
    assert [(f.line, f.column > 1) for f in found] == [(2, True)]


def test_control_character_is_refused_at_its_line(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "grounds.yaml").write_text("# ok\n- {name: a\x01}\n", encoding="utf-8")
    assert [f.line for f in check(folder, root=tmp_path) if f.code == "control_character"] == [2]


def test_head_that_cannot_be_read_is_refused_at_its_line(tmp_path: Path) -> None:
    folder = write(tmp_path, {"pack.yaml": ('zone: "Asia', 'zone: ["Asia')})
    found = check(folder, root=tmp_path)
    assert [(f.file.endswith("pack.yaml"), f.code) for f in found] == [(True, "yaml_syntax")]


def test_very_deep_nesting_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "grounds.yaml").write_text("[" * 5000, encoding="utf-8")
    assert "too_deep" in {f.code for f in check(folder, root=tmp_path)}


def _parse(text: str) -> tuple[Node | None, list[tuple[int, int, str, str]]]:
    found: list[tuple[int, int, str, str]] = []
    return compose(text.encode(), lambda *fault: found.append(fault)), found


def test_every_scalar_is_text_with_its_place() -> None:
    node, faults = _parse('a: "007"\nb: [1, "1.10", true]\nc: null\n')
    assert faults == []
    assert node is not None
    assert plain(node) == {"a": "007", "b": ["1", "1.10", "true"], "c": None}
    assert isinstance(node, Mapping)
    assert isinstance(node.nodes["b"], Sequence)
    second = node.nodes["b"].nodes[1]
    assert isinstance(second, Scalar)
    assert (second.line, second.column) == (2, 8)


def test_windows_line_ends_and_byte_order_mark_are_read() -> None:
    node, faults = _parse("\ufeffa: b\r\nc: d\r\n")
    assert faults == []
    assert node is not None
    assert plain(node) == {"a": "b", "c": "d"}
