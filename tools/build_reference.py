"""Write the reference pages that are generated from the code: settings, commands, pages, tables, states, glossary.

tools/build_reference.py          write docs/reference/*.md
tools/build_reference.py --check  fail when a committed page differs
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "reference"
sys.path.insert(0, str(ROOT / "src"))


def table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]] | list[tuple[str, ...]]) -> list[str]:
    """A Markdown table."""
    out = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return out + ["| " + " | ".join(cell.replace("|", "/").replace("\n", " ") for cell in row) + " |" for row in rows]


def settings() -> list[str]:
    from xinheng.machine.environment import SETTINGS

    return [
        "# Settings",
        "",
        "Environment variables, read once at start.",
        "",
        *table(("name", "default", "meaning", "含义"), [(f"`{s.name}`", s.default, s.en, s.zh) for s in SETTINGS]),
    ]


def commands() -> list[str]:
    import click

    from xinheng.cli import xinheng

    rows: list[tuple[str, ...]] = []

    def walk(group: click.Group, path: str) -> None:
        context = click.Context(group)
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            if isinstance(command, click.Group):
                walk(command, f"{path} {name}")
                continue
            words = " ".join(p.make_metavar(context) for p in command.params if isinstance(p, click.Argument))
            options = " ".join(f"[{p.opts[0]}]" for p in command.params if isinstance(p, click.Option))
            rows.append((f"`{path} {name} {words} {options}`".replace("  ", " "), command.get_short_help_str(200)))

    walk(xinheng, "xinheng")
    return [
        "# Commands",
        "",
        "Outputs and exit codes: one JSON object a line with `--json`; 1 on an error.",
        "",
        *table(("command", "用途"), rows),
    ]


def pages() -> list[str]:
    from xinheng.ui.pages import PAGES

    return [
        "# Pages",
        "",
        "Every address with who may open it and what an outsider gets; an unlisted address fails the tests.",
        "",
        *table(
            ("name", "path", "roles", "outsider", "methods"),
            [
                (p.name, f"`{p.path}`", ", ".join(p.roles) or "everyone", str(p.outsider), ", ".join(p.methods))
                for p in PAGES
            ],
        ),
    ]


def tables() -> list[str]:
    from xinheng.store.kinds import PRIVILEGES, REGISTRY

    rows = [
        (
            f"`{k.table}`",
            k.model.__module__.split(".")[1],
            k.keeping,
            k.placement,
            ", ".join(sorted(PRIVILEGES[k.keeping])),
            (k.model.__doc__ or "").strip().split("\n")[0],
        )
        for k in sorted(REGISTRY.values(), key=lambda k: k.table)
    ]
    return [
        "# Tables",
        "",
        "What the application role may do is computed from this registry.",
        "",
        *table(("table", "room", "keeping", "placement", "application may", "holds"), rows),
    ]


def states() -> list[str]:
    from xinheng.intake import rules as intake

    from xinheng.records import rules as records

    out = ["# States", ""]
    for title, transitions in (("Row in intake", intake.TRANSITIONS), ("Record", records.TRANSITIONS)):
        out += [f"## {title}", "", "```mermaid", "stateDiagram-v2"]
        out += [f"    {a} --> {b}" for a, following in transitions.items() for b in sorted(following)]
        out += ["```", ""]
    return out[:-1]


def glossary() -> list[str]:
    from xinheng.law.loader import load

    pack = load("cn-national", root=ROOT / "lawpacks")
    return [
        "# Glossary",
        "",
        "One word for one thing, in the law, the code and on the screen.",
        "",
        *table(("中文", "English"), [(term.zh, term.en) for term in pack.terms.values()]),
    ]


PAGES_OF_REFERENCE: dict[str, Callable[[], list[str]]] = {
    "settings.md": settings,
    "commands.md": commands,
    "pages.md": pages,
    "tables.md": tables,
    "states.md": states,
    "glossary.md": glossary,
}


def main(arguments: list[str]) -> int:
    """Write or compare; 1 when a committed page differs."""
    os.environ.setdefault("XINHENG_MODE", "test")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinheng.settings")
    import django

    django.setup()
    stale = []
    for name, make in PAGES_OF_REFERENCE.items():
        text = "\n".join(make()) + "\n"
        path = FOLDER / name
        if "--check" in arguments:
            if not path.exists() or path.read_text() != text:
                stale.append(name)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for name in stale:
        print(f"docs/reference/{name} is out of date: run tools/build_reference.py")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
