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
    "catalog": "xinheng.catalog.commands",
    "codes": "xinheng.codes_commands",
    "intake": "xinheng.records.commands",
    "names": "xinheng.records.commands",
    "quality": "xinheng.intake.commands",
    "query": "xinheng.disclosure.commands",
    "log": "xinheng.disclosure.commands",
    "ledger": "xinheng.ledger.commands",
    "found": "xinheng.accounts.commands",
}
# These work on the tables of rooms: the database is ready before their module is imported.
ON_TABLES = frozenset({"intake", "names", "quality", "query", "log", "ledger", "found"})


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
    for place, word in enumerate(words):
        if word == "--law":
            return words[place + 1] if place + 1 < len(words) else None
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


USAGE = 1  # exit code of every error; 2 is damage found by `ledger verify`, 3 a file refused whole


def main() -> None:
    """Run the command line; an error of the house is one JSON line or one sentence, exit 1."""
    try:
        for word in sys.argv:
            word.encode()
        xinheng(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        sys.exit(130)
    except UnicodeEncodeError:
        sys.exit(_say("arguments_unreadable", "命令行里有读不出的字符，请用UTF-8输入。"))
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(USAGE)
    except click.ClickException as error:
        sys.exit(_say("usage", _usage(error)))
    except XinhengError as error:
        sys.exit(_say(error.code, _sentence(error), error.article))
    except BrokenPipeError:
        sys.exit(141)
    except OSError as error:
        sys.exit(_say("file_not_usable", f"文件或文件夹不能用：{error.filename or ''} {error.strerror or error}"))


def _usage(error: click.ClickException) -> str:
    """What is wrong with the words of the command, in Chinese; the rest of what click says stays in English."""
    match error:
        case click.NoSuchOption():
            return f"没有选项{error.option_name}"
        case click.MissingParameter():
            return f"缺少{_place(error)}"
        case click.BadParameter():
            return f"{_place(error)}不对：{error.message}"
        case click.UsageError() if error.message.startswith("No such command"):
            return f"没有这个命令：{error.message.split()[-1].strip(chr(39) + '.')}"
        case _:
            return error.format_message()


def _place(error: click.BadParameter) -> str:
    """The parameter that an error is about, as it is typed."""
    parameter = error.param
    if parameter is None:
        return str(error.param_hint or "")
    return parameter.opts[0] if isinstance(parameter, click.Option) else (parameter.human_readable_name or "")


def _say(code: str, message: str, article: str | None = None) -> int:
    """Print an error in the form that the caller asked for and give the exit code.

    JSON where ``--json`` was said, and for the two verbs of the ledger that always speak it.
    """
    if "--json" in sys.argv or sys.argv[1:3] in (["ledger", "verify"], ["ledger", "prove"]):
        body = {"code": code, "message": message}
        if article:
            body["article"] = article
        click.echo(json.dumps({"error": body}, ensure_ascii=False))
    else:
        click.echo(f"错误：{message}" + (f"（{article}）" if article else ""), err=True)
    return USAGE


def _sentence(error: XinhengError) -> str:
    """The error in Chinese. Errors of the machine bring their own words, for they may come before any setting."""
    own = getattr(error, "zh", None)
    if own:
        return str(own)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinheng.settings")
    from xinheng.ui.wording import plain

    return plain(error.code, error.params)
