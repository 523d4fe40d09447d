"""Do the worked examples of a pack come out as their sentences say?

An example has a name, ``given`` and ``expect``; `answer` computes what the law says for ``given`` and each expected key
must have that value. Examples run in ``law check`` and as tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from xinheng.law import calendar, deadlines, lookup, measures, persons, publicity
from xinheng.law.decision import Decision, Refused
from xinheng.law.enums import SubjectKind
from xinheng.law.errors import Finding, NoValueInForce
from xinheng.law.lists import Relation
from xinheng.law.loader import strict
from xinheng.law.loader.layers import Layer
from xinheng.law.pack import Pack
from xinheng.lib.errors import BadInput

type Given = Mapping[str, Any]
type Answer = dict[str, Any]


def cases(layer: Layer) -> Iterator[tuple[str, strict.Node, Given]]:
    """Give each example of a layer: file as shown, its node, its content."""
    for name, source in sorted(layer.files.items()):
        if name.startswith("examples/") and isinstance(source.node, strict.Sequence):
            for node in source.node.nodes:
                yield source.file, node, strict.plain(node)


def faults(layer: Layer, pack: Pack) -> Iterator[Finding]:
    """Give a finding for each example that does not come out."""
    for file, node, case in cases(layer):
        problem = differs(case, pack)
        if problem is not None:
            key, said, found = problem
            line, column = strict.at(node, ("expect", key))
            name = case.get("name", "") if isinstance(case, dict) else ""
            text = f"示例“{name}”：{key}应为{_shown(said)}，实得{_shown(found)}"
            yield Finding(file, line, column, "example_differs", text)


def differs(case: Given, pack: Pack) -> tuple[str, Any, Any] | None:
    """Say which expected key does not have its value, None when all have."""
    if not isinstance(case, dict) or not {"name", "given", "expect"} <= case.keys():
        return "name", "name、given、expect", None
    try:
        found = answer(case["given"], pack)
    except NoValueInForce:
        found = {"error": "no_value"}
    except (BadInput, KeyError, ValueError, TypeError) as error:
        return "given", "可以计算的内容", str(error)
    for key, said in case["expect"].items():
        if key not in found or _plain(found[key]) != _plain(said):
            return key, said, found.get(key)
    return None


def answer(given: Given, pack: Pack) -> Answer:
    """Compute what the law says; the first known key of ``given`` tells what is asked."""
    for key, solve in SOLVERS.items():
        if key in given:
            return solve(given, _as_known(given, pack))
    raise KeyError("、".join(given))


def _as_known(given: Given, pack: Pack) -> Pack:
    """The pack as it stood when ``announced_until`` was the last announced year: an example of it stays one."""
    last = given.get("announced_until")
    return pack if last is None else calendar.as_known(pack, int(last))


def _deadline(given: Given, pack: Pack) -> Answer:
    found = deadlines.due(pack, given["deadline"], deadlines.receipt(pack, given["received"]))
    return {
        "due": found.due.isoformat(),
        "provisional": found.provisional,
        "article": found.article or None,
        "counted": [day.isoformat() for day in found.counted],
    }


def _workday(given: Given, pack: Pack) -> Answer:
    found = calendar.is_workday(pack, date.fromisoformat(given["workday"]))
    return {"is_workday": found.is_workday, "kind": found.kind.value, "provisional": found.provisional}


def _matter(given: Given, pack: Pack) -> Answer:
    found = lookup.matter(pack, given["matter"], date.fromisoformat(given["on"]))
    return {
        "article": found.article,
        "statute": found.statute,
        "case_number": found.case_number,
        "items": sorted(found.items),
        "askers": sorted(found.askers),
        "max_persons": found.max_persons,
    }


def _publicity(given: Given, pack: Pack) -> Answer:
    decided_on = date.fromisoformat(given["decided_on"])
    item = lookup.item(pack, given["publicity"], decided_on)
    found = publicity.publicity_period(
        pack,
        item,
        given.get("values") or {},
        decided_on,
        kind=SubjectKind(given.get("kind") or SubjectKind.LEGAL_PERSON),
        on=date.fromisoformat(given.get("on") or given["decided_on"]),
    )
    return {
        "severity": found.severity,
        "suggested": found.suggested,
        "public": found.public,
        "from": found.from_.isoformat() if found.from_ else None,
        "until": found.until.isoformat() if found.until else None,
        "earliest_repair": found.earliest_repair.isoformat() if found.earliest_repair else None,
        "article": found.article,
        "rule_set": found.rule_set,
        "unverified": found.unverified,
    }


def _person(given: Given, pack: Pack) -> Answer:
    person = given["person"]
    found = persons.admission(pack, born=date.fromisoformat(person["born"]), on=date.fromisoformat(person["on"]))
    return {"admitted": found.admitted.value, "article": found.article}


def _power(given: Given, pack: Pack) -> Answer:
    found = lookup.power(pack, given["power"], date.fromisoformat(given["on"]))
    held = given.get("sector") in found.holders or "any" in found.holders
    return {"held": held, "article": found.article, "level": found.level}


def _level(given: Given, pack: Pack) -> Answer:
    return {
        "allowed": given["catalog_level"] in pack.catalog_levels,
        "article": lookup.ground(pack, "catalog.levels", date.fromisoformat(given["on"])).article
        if given.get("on")
        else _last_ground(pack, "catalog.levels"),
    }


def _ground(given: Given, pack: Pack) -> Answer:
    found = lookup.ground(pack, given["ground"], date.fromisoformat(given["on"]))
    return {"article": found.article or None, "house": found.house}


def _measure(given: Given, pack: Pack) -> Answer:
    on = date.fromisoformat(given["on"])
    row = lookup.measure(pack, given["measure"], on)
    decision = measures.may_apply(
        pack,
        row,
        on=on,
        powers=frozenset(given["powers"]),
        target=SubjectKind(given["target"]),
        conduct=given["conduct"],
        until=date.fromisoformat(given["until"]) if given.get("until") else None,
        severity=int(given["severity"]) if given.get("severity") else None,
        reasons=given.get("reasons") or "",
        relation=Relation(given.get("relation") or Relation.SUBJECT),
        own_responsibility=given.get("own_responsibility") == "true",
        consent=given.get("consent") == "true",
    )
    return _decided(decision, row.article) | {"modality": row.modality.value}


def _omit(given: Given, pack: Pack) -> Answer:
    on = date.fromisoformat(given["on"])
    row = lookup.measure(pack, given["omit"], on)
    return _decided(measures.may_omit(pack, row, on=on, reasons=given.get("reasons") or ""), row.article)


def _severe(given: Given, pack: Pack) -> Answer:
    on = date.fromisoformat(given["on"])
    category = lookup.severe_category(pack, given["severe"], on)
    field = lookup.severe_field(pack, given["field"], on)
    powers, found = frozenset(given["powers"]), frozenset(given["found"])
    decision = measures.may_determine(pack, category, field, on=on, powers=powers, found=found)
    steps = [step.value for step in measures.steps_of(category, field)]
    return _decided(decision, category.article) | {"steps": steps}


def _decided(decision: Decision, article: str) -> Answer:
    """Whether it is allowed, and under which article; else the reason and the article that refuses."""
    if isinstance(decision, Refused):
        return {"allowed": False, "refused": decision.reason, "article": decision.article or None}
    return {"allowed": True, "article": article}


def _last_ground(pack: Pack, name: str) -> str:
    return pack.grounds[name].values[-1].article if name in pack.grounds else ""


SOLVERS: Mapping[str, Callable[[Given, Pack], Answer]] = {
    "deadline": _deadline,
    "workday": _workday,
    "matter": _matter,
    "publicity": _publicity,
    "person": _person,
    "power": _power,
    "catalog_level": _level,
    "ground": _ground,
    "measure": _measure,
    "omit": _omit,
    "severe": _severe,
}


def _plain(value: Any) -> Any:
    """Bring computed and written values to one form: booleans and yes/no as texts, lists in order."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value


def _shown(value: Any) -> str:
    return "null" if value is None else str(_plain(value))
