"""The command line: which verb leads to which room?

Groups are imported only when they are used, so that law and codes are quick.
"""

from __future__ import annotations

import importlib
import json
import os
import sys

import click

from xinheng.lib.errors import XinhengError

# command -> module that holds a click command of that name
COMMANDS: dict[str, str] = {
    "demo": "xinheng.demo.commands",
    "serve": "xinheng.commands",
    "worker": "xinheng.commands",
    "migrate": "xinheng.commands",
    "doctor": "xinheng.commands",
    "bench": "xinheng.commands",
    "law": "xinheng.law.commands",
    "codes": "xinheng.codes_commands",
    "intake": "xinheng.records.commands",
    "query": "xinheng.disclosure.commands",
    "ledger": "xinheng.ledger.commands",
}
# These work on the tables of rooms: the database is ready before their module is imported.
ON_TABLES = frozenset({"intake", "query", "ledger"})


class Lazy(click.Group):
    """A group that imports a subcommand when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        if cmd_name in ON_TABLES:
            _make_ready(sys.argv[2:] if sys.argv[1:2] == [cmd_name] else ["--help"])
        command = getattr(importlib.import_module(module), cmd_name)
        assert isinstance(command, click.Command)
        return _taking_law(command) if cmd_name in ON_TABLES else command


def _make_ready(words: list[str]) -> None:
    """Prepare the database of the law that the words name, unless they only ask for help or a dry run."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinheng.settings")
    if {"-h", "--help"} & set(words):
        import django

        django.setup()
    elif "--dry-run" not in words:
        from xinheng.start import prepare

        prepare(_law_named(words))


def _law_named(words: list[str]) -> str | None:
    """The value of ``--law`` among the words of a command line."""
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word == "--law":
            return following
        if word.startswith("--law="):
            return word.removeprefix("--law=")
    return None


def _taking_law(command: click.Command) -> click.Command:
    """Let a command and its subcommands take ``--law``, which has been obeyed already."""
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            _taking_law(inner)
    elif all(param.name != "law" for param in command.params):
        command.params.append(
            click.Option(
                ["--law"], metavar="L", expose_value=False, help="法规包的代号或文件夹。 Law pack id or folder."
            )
        )
    return command


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
def xinheng() -> None:
    """信衡：城市公共信用信息平台。 The public-credit-information platform of a city."""


def main() -> None:
    """Run the command line; an error of the house is printed as one JSON line or one sentence, exit 1."""
    try:
        xinheng(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except XinhengError as error:
        sys.exit(_say(error))
    except BrokenPipeError:
        sys.exit(141)


def _say(error: XinhengError) -> int:
    """Print an error in the form that the caller asked for (``--json``) and give the exit code."""
    message = _sentence(error)
    if "--json" in sys.argv:
        body = {"code": error.code, "message": message}
        if error.article:
            body["article"] = error.article
        click.echo(json.dumps({"error": body}, ensure_ascii=False))
    else:
        click.echo(f"错误：{message}" + (f"（{error.article}）" if error.article else ""), err=True)
    return 1


def _sentence(error: XinhengError) -> str:
    """The error in Chinese. Errors of the machine bring their own words, for they may come before any setting."""
    own = getattr(error, "zh", None)
    if own:
        return str(own)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinheng.settings")
    from xinheng.ui.wording import plain

    return plain(error.code, error.params)
