"""Invented packs for tests: a small sound one, and copies of it with one thing wrong."""

# ruff: noqa: E501  (rows of a pack read better on one line)

from __future__ import annotations

from pathlib import Path

PACK = """\
id: toytown
version: "2026.1"
extends: null
name: {zh: "玩具城", en: "Toytown"}
zone: "Asia/Shanghai"
division: "990200"
subject_kinds: [natural_person, legal_person]
catalog_levels: [national, city]
rank: city
fictional: true
person:
  - {from: "2024-01-01", until: null, value: {admits: full_capacity, full_capacity_from: "18"}, article: "TT-3"}
laws:
  - prefix: TT
    title: {zh: "玩具城信用条例", en: "Toytown Credit Regulation"}
    short: {zh: "《条例》", en: "Regulation"}
    kind: local_regulation
    rank: city
    in_force: {from: "2024-01-01", until: null, evidence: text}
"""
ARTICLES = """\
- {id: "TT-1", number: "1", chapter: "1", from: "2024-01-01", summary: {zh: "目的", en: "purpose"}, asks: [], states: conduct}
- {id: "TT-2", number: "2", chapter: "1", from: "2024-01-01", summary: {zh: "异议", en: "objection"}, asks: [OBJ-1], states: software}
- {id: "TT-3", number: "3", chapter: "1", from: "2024-01-01", summary: {zh: "主体", en: "subjects"}, asks: [SUB-1], states: software}
"""
DEADLINES = """\
- name: objection.decide
  values:
    - {from: "2024-01-01", until: null, count: "7", unit: working_day, starts: day_after_receipt, article: "TT-2"}
    - {from: "2026-06-01", until: null, count: "5", unit: working_day, starts: day_after_receipt, article: "TT-2"}
- name: copy.make
  values:
    - {from: "2024-01-01", until: "2025-01-01", count: "1", unit: month, starts: day_after_receipt, article: "TT-2"}
"""
MATTERS = """\
- code: honours
  label: {zh: "表彰", en: "honours"}
  values:
    - from: "2024-01-01"
      until: null
      askers: [state_organ]
      powers: [query.honours]
      case_number: required
      statute: none
      items: [TF]
      persons: {admitted: true, max_parties: "3", house: true}
      organisations: {max: "10", house: true}
      article: "TT-2"
"""
ORGANS = """\
kinds:
  - {code: state_organ, label: {zh: "国家机关", en: "state organ"}, information: [public], article: "TT-3"}
sectors:
  - {code: court, label: {zh: "法院", en: "courts"}, organ: {zh: "法院", en: "court"}, article: "TT-3"}
  - {code: toys, label: {zh: "玩具", en: "toys"}, organ: {zh: "玩具局", en: "toy office"}, article: "TT-3"}
powers:
  - code: query.honours
    label: {zh: "表彰查询", en: "query for honours"}
    level: any
    holders: [any]
    kinds: [state_organ]
    values: [{from: "2024-01-01", until: null, article: "TT-2"}]
  - {code: measure.apply, label: {zh: "采取措施", en: "measures"}, level: any, holders: [any], kinds: [state_organ], values: [{from: "2024-01-01", until: null, article: "TT-2"}]}
  - {code: consumption.restrict, label: {zh: "限制高消费", en: "consumption"}, level: any, holders: [court], kinds: [state_organ], values: [{from: "2024-01-01", until: null, article: "TT-2"}]}
provides:
  public: {kinds: [state_organ], open: false, article: "TT-3"}
  market: {kinds: [state_organ], open: true, article: "TT-3"}
"""
CALENDAR = """\
year: "2026"
announced: true
source: "测试"
days:
  - {date: "2026-01-01", kind: holiday, name: {zh: "元旦", en: "New Year"}}
  - {date: "2026-02-28", kind: makeup}
"""
REPAIR = """\
- rule_set: old
  from: "2024-01-01"
  until: "2026-04-01"
  article: "TT-2"
  evidence: seen
  transition: {value: by_decision_date, running: easier_or_shorter, evidence: U}
  classes:
    minor: {publish: false, evidence: seen}
    general: {publish: true, min: {count: "3", unit: month}, max: {count: "3", unit: year}, evidence: seen}
    serious: {publish: true, min: {count: "1", unit: year}, max: {count: "3", unit: year}, evidence: seen}
  unset_class: general
  default: general
  outcome: annotate
  ends: [publicity, use]
  suggest: [{when: {field: TF_KIND, any_of: ["警告"], only: true}, class: minor, evidence: seen}]
- rule_set: new
  from: "2026-04-01"
  until: null
  article: "TT-3"
  evidence: seen
  transition: {value: by_decision_date, running: easier_or_shorter, evidence: U}
  classes:
    minor: {publish: false, max: {count: "3", unit: month}, evidence: seen}
    general: {publish: true, min: {count: "3", unit: month}, max: {count: "1", unit: year}, evidence: seen}
    serious: {publish: true, min: {count: "6", unit: month}, max: {count: "3", unit: year}, evidence: seen}
  unset_class: general
  default: general
  outcome: annotate
  ends: [publicity, use]
  suggest:
    - {when: {field: TF_KIND, any_of: ["吊销"]}, class: serious, evidence: seen}
    - {when: {field: TF_KIND, any_of: ["警告"], only: true}, class: minor, evidence: seen}
"""
CATALOG = """\
code: TF
label: {zh: "玩具处罚", en: "toy fines"}
level: city
versions:
  - from: "2024-01-01"
    until: null
    conduct: {zh: "处罚决定", en: "penalty"}
    basis: ["条例"]
    adverse: true
    publicity: public
    sharing: [government]
    channel: [upload]
    frequency: {count: "7", unit: working_day}
    kinds: {legal_person: public, natural_person: by_matter}
    publicity_period: repair_rules
    retention: {count: "5", unit: year}
    article: "TT-2"
roles: {name: TF_NAME, kind: TF_LB, document_number: TF_NO, authority_code: TF_ORG, penalty_kinds: TF_KIND, severity: TF_CLASS, decided_on: TF_DAY}
kinds_map: {"法人": legal_person}
natural_key: [document_number]
enums:
  KIND: {values: [{value: "警告", en: "warning", aliases: []}, {value: "罚款", en: "fine", aliases: ["罚金"]}, {value: "吊销", en: "revocation", aliases: []}], open_prefix: "其他-", separator: ";"}
  CLASS: {values: [{value: "轻微", en: "minor", aliases: []}, {value: "一般", en: "general", aliases: []}, {value: "严重", en: "serious", aliases: []}], open_prefix: none}
fields:
  - {code: TF_NAME, "n": "1", label: {zh: "名称(全称)", en: "name"}, type: string, length: "50", required: always,
     disclosure: {public: full, government: full, authorised: full, own: full},
     disclosure_for: {natural_person: {public: withheld, authorised: {release: masked, mask: surname}}}, mask: none, personal: false, aliases: [TF_MC]}
  - {code: TF_KIND, "n": "2", label: {zh: "种类", en: "kind"}, type: {multi_enum: KIND}, required: always,
     disclosure: {public: full, government: full, authorised: full, own: full}, mask: none, personal: false, aliases: []}
  - {code: TF_SUM, "n": "3", label: {zh: "金额", en: "sum"}, type: {decimal: {digits: "18", places: "6"}}, required: {when: {field: TF_KIND, contains: "罚款"}},
     disclosure: {public: full, government: full, authorised: full, own: full}, mask: none, personal: false, aliases: []}
  - {code: TF_DAY, "n": "4", label: {zh: "日期", en: "day"}, type: date, required: always,
     disclosure: {public: full, government: full, authorised: full, own: full}, mask: none, personal: false, aliases: []}
  - {code: TF_CLASS, "n": "5", label: {zh: "程度", en: "class"}, type: {enum: CLASS}, required: "no",
     disclosure: {public: withheld, government: full, authorised: full, own: full}, mask: none, personal: false, aliases: [], platform: true}
  - {code: TF_LB, "n": "6", label: {zh: "类别", en: "kind of subject"}, type: string, required: always,
     disclosure: {public: full, government: full, authorised: full, own: full}, mask: none, personal: false, aliases: []}
  - {code: TF_NO, "n": "7", label: {zh: "文号", en: "number"}, type: string, required: always,
     disclosure: {public: full, government: full, authorised: full, own: full}, mask: none, personal: false, aliases: []}
  - {code: TF_ORG, "n": "8", label: {zh: "机关代码", en: "code of the office"}, type: string, required: always,
     disclosure: {public: full, government: full, authorised: full, own: full}, mask: none, personal: false, aliases: []}
"""
GROUNDS = """\
- {name: query.own, label: {zh: "本人查询", en: "own file"}, values: [{from: "2024-01-01", until: null, article: "TT-2"}]}
- {name: query.log, label: {zh: "查询记录", en: "log"}, values: [{from: "2024-01-01", until: null, house: true}]}
"""
DISCLOSURE = """\
- {reason: matter_not_listed, label: {zh: "事项不在列", en: "not listed"}, values: [{from: "2024-01-01", until: null, article: "TT-2(1)"}]}
"""
EXAMPLES = """\
- name: "星期五收到，下星期五到期"
  given: {deadline: objection.decide, received: "2026-08-07T09:00:00+08:00"}
  expect: {due: "2026-08-14", provisional: false, article: "TT-2"}
"""
CONDUCTS = """\
- {code: fined, label: {zh: "受到罚款", en: "fined"}, side: adverse, values: [{from: "2024-01-01", until: null, item: TF, when: {field: TF_KIND, any_of: ["罚款"]}, article: "TT-2", evidence: text}]}
- {code: prize, label: {zh: "受到表彰", en: "a prize"}, side: good_faith, honour: true, values: [{from: "2024-01-01", until: null, item: null, article: "TT-2", evidence: text}]}
- {code: promise, label: {zh: "履行承诺", en: "a promise kept"}, side: good_faith, values: [{from: "2024-01-01", until: null, item: null, article: "TT-2", evidence: text}]}
"""
MEASURES = """\
- code: talk
  side: punishment
  level: city
  values:
    - from: "2024-01-01"
      until: null
      state: "on"
      content: {zh: "约谈", en: "a talk"}
      modality: one_or_more
      powers: [measure.apply]
      targets: [natural_person, legal_person]
      touches: [handling]
      conduct: [fined]
      severity_max: "1"
      longest: {count: "1", unit: month, house: true}
      needs_service: true
      article: "TT-2(1)"
      evidence: text
- code: help
  side: incentive
  level: city
  values:
    - from: "2024-01-01"
      until: null
      state: "on"
      content: {zh: "优先办理", en: "priority"}
      modality: may
      powers: [measure.apply]
      targets: [natural_person, legal_person]
      touches: [handling]
      conduct: [prize, promise]
      person_conduct: [prize]
      consent_of: [natural_person]
      needs_service: false
      article: "TT-2(2)"
      evidence: text
- code: bar
  side: severe
  level: city
  values:
    - from: "2024-01-01"
      until: null
      state: "on"
      content: {zh: "禁止入市", en: "bar from the market"}
      modality: shall
      bar: mandatory
      powers: [measure.apply]
      targets: [legal_person]
      touches: [market_entry]
      conduct: [danger]
      severity_max: "3"
      longest: {count: "3", unit: year, house: true}
      needs_service: true
      statute: "TT-3"
      article: "TT-2(3)"
      evidence: text
- code: rest
  side: punishment
  level: city
  values:
    - from: "2024-01-01"
      until: null
      state: "off"
      why_off: {zh: "没有写明依据", en: "no statute is cited"}
      content: {zh: "其他措施", en: "other measures"}
      modality: may
      powers: [measure.apply]
      targets: [legal_person]
      touches: [other]
      conduct: [fined]
      severity_max: "1"
      longest: {count: "1", unit: year, house: true}
      needs_service: true
      catch_all: true
      founders: [law, regulation]
      article: "TT-2(4)"
      evidence: text
"""
SEVERE = """\
- code: danger
  label: {zh: "危害健康", en: "danger to health"}
  values:
    - from: "2024-01-01"
      until: null
      state: "on"
      elements: [{code: harm, label: {zh: "危害健康", en: "health endangered"}}, {code: grave, label: {zh: "情节严重", en: "gravely"}}]
      steps: [notice, statement, reply, decision, service, listing, publication_if_ordered, exit]
      powers: [measure.apply]
      founded_by: [toy_safety]
      article: "TT-2(5)"
      evidence: text
"""
SEVERE_FIELDS = """\
- code: toy_safety
  label: {zh: "玩具安全", en: "toy safety"}
  values: [{from: "2024-01-01", until: null, state: "on", authority: {zh: "玩具局", en: "toy office"}, basis: {zh: "《条例》第二条", en: "Regulation, Article 2"}, published: true, article: "TT-2", evidence: text}]
"""
LIMITS = """\
- name: adverse.retention
  label: {zh: "不利信息最长保存期", en: "longest retention"}
  values: [{from: "2024-01-01", until: null, longest: {count: "5", unit: year}, house: true}]
- name: measure.duration
  label: {zh: "惩戒措施最长期限", en: "longest duration"}
  values: [{from: "2024-01-01", until: null, longest: {count: "3", unit: year}, house: true}]
"""
FILES = {
    "pack.yaml": PACK,
    "articles.yaml": ARTICLES,
    "deadlines.yaml": DEADLINES,
    "matters.yaml": MATTERS,
    "organs.yaml": ORGANS,
    "repair.yaml": REPAIR,
    "grounds.yaml": GROUNDS,
    "disclosure.yaml": DISCLOSURE,
    "calendar/2026.yaml": CALENDAR,
    "catalog/TF.yaml": CATALOG,
    "conducts.yaml": CONDUCTS,
    "measures.yaml": MEASURES,
    "severe.yaml": SEVERE,
    "severe_fields.yaml": SEVERE_FIELDS,
    "limits.yaml": LIMITS,
    "examples/objection.yaml": EXAMPLES,
}


def write(root: Path, changes: dict[str, tuple[str, str]] | None = None, *, id: str = "toytown") -> Path:
    """Write the pack under ``root``; each change replaces one text of one file, which must be there."""
    folder = root / id
    for name, text in FILES.items():
        old, new = (changes or {}).get(name, ("", ""))
        assert old in text, f"{name} does not contain {old!r}"
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")
    return folder
