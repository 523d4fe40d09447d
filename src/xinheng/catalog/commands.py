"""The command ``catalog``: the items of a law pack, what differs between versions, exports. It touches no database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from xinheng.lib.errors import BadInput

if TYPE_CHECKING:
    from xinheng.law.items import ItemVersion
    from xinheng.law.pack import Amount, Pack

law_option = click.option("--law", "law_name", metavar="L", help="法规包的代号或文件夹。 Law pack id or folder.")
json_option = click.option("--json", "as_json", is_flag=True, help="每行一个JSON对象。 One JSON object a line.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def catalog() -> None:
    """目录：归集哪些信用信息，各版本有什么不同，导出给机器读。 What may be collected."""


def _shared(command: Callable[..., None]) -> Callable[..., None]:
    return law_option(json_option(command))


@catalog.command("list")
@_shared
def list_items(law_name: str | None, as_json: bool) -> None:
    """列出全部目录项的全部版本，草案单独标明。 Every version of every item."""
    from xinheng.catalog import rules

    pack = _pack(law_name)
    lines = rules.machine_list(pack, _today(pack))
    for line in lines:
        if as_json:
            _put(line)
        else:
            words = (
                line["item"],
                line["version"],
                _say(f"standing.{line['standing']}"),
                _say(f"level.{line['level']}"),
            )
            _put("\t".join((*words, _say(f"attribute.{line['publicity']}"), line["label"]["zh"])))
    if as_json:
        _put({"summary": {"law": pack.edition, "versions": len(lines)}})


@catalog.command("show")
@click.argument("code")
@click.option("--version", "first_day", metavar="D", help="版本施行的第一天，如2018-07-01；不写则为现行版本。")
@_shared
def show_item(code: str, first_day: str | None, law_name: str | None, as_json: bool) -> None:
    """一个目录项的全部属性和字段。 One item with all its attributes and fields."""
    from xinheng.catalog import rules
    from xinheng.law import plain

    pack = _pack(law_name)
    item = rules.item_of(pack, code)
    version = rules.version_of(item, first_day) if first_day else rules.present(item, _today(pack))
    if as_json:
        _put({**plain.version(version), "standing": rules.standing(version, _today(pack)).value, "law": pack.edition})
        return
    for line in _attributes(version, pack):
        _put(line)


def _attributes(version: ItemVersion, pack: Pack) -> Iterable[str]:
    from xinheng.catalog import rules
    from xinheng.law import saying
    from xinheng.law.enums import ChannelName

    to = Chinese(pack)
    yield f"{version.code} {version.label.zh} {version.version}"
    matters = saying.listed((label.zh for label in rules.matters_of(pack, version, _today(pack))), to)
    yield f"{_say('property.matters')}：{matters or _say('catalog.nothing')}"
    for name in SHOWN:
        yield f"{_say(f'property.{name}')}：{saying.value(getattr(version, name), to, name, version)}"
    for field in version.fields:
        seen = " ".join(f"{_say(f'column.{c}')}{_say(f'release.{field.disclosure[c]}')}" for c in ChannelName)
        told = (saying.type_of(field, to), saying.required(field, version, to), seen, _say(f"mask.{field.mask}"))
        yield "\t".join((field.code, field.label.zh, *told))


SHOWN = (
    *("level", "state", "conduct", "basis", "purpose", "publicity", "kinds", "person_statute", "sharing"),
    *(
        "providers",
        "channel",
        "category",
        "consent",
        "frequency",
        "retention",
        "retention_starts",
        "publicity_period",
        "adverse",
        "market",
        "article",
    ),
)


@catalog.command("compare")
@click.argument("code")
@click.argument("from_", metavar="FROM")
@click.argument("to", metavar="TO")
@_shared
def compare_versions(code: str, from_: str, to: str, law_name: str | None, as_json: bool) -> None:
    """两个版本逐项比较（FROM、TO是版本施行的第一天），并判断公开范围和旧文件。 Two versions, field by field."""
    from xinheng.catalog import rules
    from xinheng.law import plain, saying
    from xinheng.law.comparing import compare
    from xinheng.law.judging import Fit, Reach

    pack = _pack(law_name)
    item = rules.item_of(pack, code)
    found = compare(rules.version_of(item, from_), rules.version_of(item, to))
    speaker = Chinese(pack)
    for change in found.changes:
        if as_json:
            _put(plain.change(change))
            continue
        sides = " → ".join(saying.side(change, found, speaker, after=after) for after in (False, True))
        words = (change.field or code, saying.place(change, speaker), _say(f"what.change.{change.what}"), sides)
        _put("\t".join((*words, _say(f"reach.{change.reach}"), _say(f"fit.{change.files}"))))
    counts = {reach.value: len(found.reaching(reach)) for reach in Reach if found.reaching(reach)}
    if as_json:
        _put(
            {"summary": {"changes": len(found.changes), "disclosure": counts, "breaks": len(found.fitting(Fit.BREAKS))}}
        )
    elif not found.changes:
        _put("两个版本没有不同")


@catalog.command("export")
@click.option("--format", "form", type=click.Choice(["json-schema", "dcat"]), required=True, help="导出的格式。")
@click.option("--item", "code", metavar="CODE", help="只导出这一项；不写则导出全部生效的。")
@click.option("--base", metavar="URL", default="", help="平台的网址，写进各个链接；不写则用相对网址。")
@_shared
def export_catalog(form: str, code: str | None, base: str, law_name: str | None, as_json: bool) -> None:
    """导出生效的目录：每项一行的JSON Schema，或整个目录的DCAT。 The catalog in force for machines."""
    from xinheng.catalog import rules
    from xinheng.law.dcat import Addresses, dcat
    from xinheng.law.rowschema import json_schema

    pack = _pack(law_name)
    chosen = list(rules.in_force(pack, _today(pack)))
    if code is not None:
        chosen = [version for version in chosen if version.code == rules.item_of(pack, code).code]
    if form == "dcat":
        _put(dcat(pack, chosen, base), indent=None if as_json else 2)
        return
    if code is not None and not chosen:
        raise BadInput("catalog_item_not_in_force")
    at = Addresses(base.rstrip("/"))
    for version in chosen:
        _put(
            json_schema(version, address=at.schema(version) if base else None),
            indent=None if as_json or not code else 2,
        )


class Chinese:
    """Says the catalog in Chinese, without the framework of the pages."""

    english = False

    def __init__(self, pack: Pack) -> None:
        self._pack = pack

    def say(self, code: str, **params: str) -> str:
        return _say(code, **params)

    def amount(self, amount: Amount) -> str:
        units = {"working_day": "个工作日", "calendar_day": "天", "month": "个月", "year": "年"}
        return f"{amount.count}{units[amount.unit]}"

    def day(self, day: date) -> str:
        return f"{day.year}年{day.month}月{day.day}日"

    def cite(self, article: str) -> str:
        from xinheng.law.citation import cite

        return cite(self._pack, article)

    def labelled(self, attribute: str, code: str) -> str:
        from xinheng.law.saying import label_in

        return label_in(self._pack, attribute, code).zh


def _say(code: str, **params: str) -> str:
    from xinheng.law.catalog_words import WORDS

    return WORDS[code] % params if params else WORDS[code]


def _pack(name: str | None) -> Pack:
    from xinheng.law.loader import load
    from xinheng.machine.home import default_law, lawpacks

    return load(name or default_law(), root=lawpacks())


def _today(pack: Pack) -> date:
    from xinheng.lib import clock

    return clock.today(pack.zone)


def _put(line: str | dict[str, Any], *, indent: int | None = None) -> None:
    """Print one line to standard output; a mapping as JSON."""
    separators = None if indent else (",", ":")
    click.echo(
        line if isinstance(line, str) else json.dumps(line, ensure_ascii=False, indent=indent, separators=separators)
    )
