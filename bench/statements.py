"""What does one official query ask of the database, and how does pgbench ask exactly that?

The statements are not written down here: they are taken from a real request while it runs, so the floor of the line
can't be easier or harder than what the platform does. Only the values that differ from request to request become
variables: the subject, its place in the ledger, the number of the entry.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

_PATIENCE = re.compile(r"('lock_timeout', )'\w+'")
_MARK = re.compile(r"%\((\w+)\)[sb]|%[sb]|%%")
_ORDERS = ("BEGIN", "COMMIT")
KEY = "bench."  # subjects can be found under keys of this kind, so that pgbench can name one by a number


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as it was sent: text with ``%s`` or ``%(name)s``, and its values."""

    sql: str
    values: Sequence[Any] | Mapping[str, Any]

    def has(self, words: str) -> bool:
        """Whether the text holds ``words``."""
        return words in self.sql


@dataclass(frozen=True, slots=True)
class Script:
    """A pgbench script and the values of its constants (``-D``)."""

    text: str
    constants: Mapping[str, str]

    def arguments(self, folder: Path) -> list[str]:
        """The script written to ``folder``, as arguments of pgbench."""
        file = folder / "floor.sql"
        file.write_text(self.text)
        return ["-f", str(file), *(f"-D{name}={value}" for name, value in self.constants.items())]


@contextmanager
def captured() -> Iterator[list[Statement]]:
    """Every statement, BEGIN and COMMIT that Django sends while the block runs, in order."""
    from django import db

    connection: Any = db.connection
    found: list[Statement] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        found.append(Statement(str(sql), params or ()))
        return execute(sql, params, many, context)

    def begin(_wrapped: Callable[..., Any] = connection.set_autocommit) -> Callable[..., None]:
        def ordered(autocommit: bool, *args: Any, **kwargs: Any) -> None:
            if not autocommit:
                found.append(Statement("BEGIN", ()))
            _wrapped(autocommit, *args, **kwargs)

        return ordered

    def commit(_wrapped: Callable[..., Any] = connection._commit) -> Callable[[], None]:
        def ordered() -> None:
            _wrapped()
            found.append(Statement("COMMIT", ()))

        return ordered

    with connection.execute_wrapper(note):
        connection.set_autocommit, connection._commit = begin(), commit()
        try:
            yield found
        finally:
            del connection.set_autocommit, connection._commit


def script(statements: Sequence[Statement], *, subjects: int) -> Script:
    """The statements as a pgbench script over ``subjects`` numbered subjects.

    Raises ValueError when the request is not what this floor stands for: one transaction that locks a subject, reads
    its records, locks its head and writes the entry.
    """
    lines, constants = [f"\\set n random(0, {subjects - 1})", "\\set counted :counted + 1"], {"counted": "0"}
    lines.append("\\set entry :first + :client_id * 1000000 + :counted")
    seen: list[str] = []
    for number, statement in enumerate(statements):
        part = part_of(statement)
        seen.append(part)
        text = _replaced(statement, part, number, constants)
        match part:
            case "subject":
                lines += [text, "\\aset s_"]  # the subject is found by two keys: two rows, alike but for the key
            case "head":
                lines += [text, "\\gset h_", "\\set seq :h_last_seq + 1"]
            case _:
                lines.append(text + ";")
    wanted = ["begin", "subject", "records", "head", "entry", "asked", "commit"]
    if seen[-len(wanted) :] != wanted or set(seen[: -len(wanted)]) != {"read"}:
        raise ValueError(f"the official query now sends {seen}: look at its floor again")
    return Script("\n".join(lines) + "\n", constants)


def part_of(statement: Statement) -> str:
    """The part that a statement plays in the official query."""
    if statement.sql in _ORDERS:
        return statement.sql.lower()
    if statement.has("FROM subject_key") and statement.has("FOR NO KEY UPDATE"):
        return "subject"
    if statement.has("FROM record ") or statement.has('FROM "record"'):
        return "records"
    if statement.has("FROM ledger_head") and statement.has("FOR UPDATE"):
        return "head"
    if statement.has("INSERT INTO ledger_entry"):
        return "entry"
    if statement.has("INSERT INTO asked_question"):
        return "asked"
    return "read" if statement.sql.lstrip().startswith("SELECT") else "other"


def _replaced(statement: Statement, part: str, number: int, constants: dict[str, str]) -> str:
    """The text with pgbench's variables for its values; what never changes is kept in ``constants``."""
    values, position = statement.values, iter(range(1000))

    def variable(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        place: Any = found[1] or next(position)
        value = values[place]
        moving = _moving(part, place, value)
        if moving is not None:
            return moving
        name = f"v{number}_{place}"
        constants[name] = _text(value)
        return f":{name}"

    text = " ".join(_MARK.sub(variable, statement.sql).split())
    return _PATIENCE.sub(r"\g<1>'0'", text)  # pgbench has nobody to go alone in its place


def _moving(part: str, place: Any, value: Any) -> str | None:
    """The expression for a value that differs from request to request, None for one that does not."""
    if part == "subject":
        kinds = [str(key).partition(":")[0] for key in value]
        return "ARRAY[" + ", ".join(f"'{KEY}{kind}.' || :n::text" for kind in kinds) + "]"
    if part == "records" and place == 1:
        return "ARRAY[:s_id::bigint]"
    if part == "head":
        return ":s_tag"
    if part == "entry":
        return {"id": ":entry", "tag": ":s_tag", "seq": ":seq"}.get(place)
    if part == "asked":
        return {0: ":entry", 9: "ARRAY[:entry::bigint]", 10: "NULL"}.get(place)
    return None


def _text(value: Any) -> str:
    """A value in PostgreSQL's text form."""
    match value:
        case bool():
            return "t" if value else "f"
        case bytes() | memoryview():
            return "\\x" + bytes(value).hex()
        case datetime() | date():
            return value.isoformat()
        case list() | tuple():
            return "{" + ",".join(f'"{_text(one)}"' for one in value) + "}"
        case _:
            return str(value)
