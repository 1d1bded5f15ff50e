"""What runs in the cage: views over the facts, the doors shut one after another, then one statement."""

import json
import os
import resource
import sys
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb

from upstream.explore.cage import syscalls
from upstream.explore.cage.shelf import FactsShelf
from upstream.explore.cage.statement import LONGEST, Refused, judge

MB = 1 << 20
CELL = 2_000  # letters of one value that are told
AT_ONCE = 500
SPACE = 1536  # megabytes of addresses beyond what DuckDB may use: its code, Python's, and stacks
CLOSED = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false",
    "allow_community_extensions": "false", "allow_persistent_secrets": "false", "python_enable_replacements": "false",
    "temp_directory": "", "preserve_insertion_order": "true"}  # fmt: skip
SHUT = (
    "SET disabled_filesystems = 'LocalFileSystem'",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)
WORDS: tuple[tuple[type[Exception], str, str], ...] = (
    (duckdb.OutOfMemoryException, "memory", "The question needs more memory than one may have: ask for less at once."),
    (duckdb.ParserException, "bad_sql", ""),
    (duckdb.BinderException, "bad_sql", ""),
    (duckdb.CatalogException, "bad_sql", ""),
    (duckdb.ConversionException, "bad_value", "A value is not of the kind that the question takes it for."),
    (duckdb.PermissionException, "not_allowed", "This is not available here."),
    (duckdb.InterruptException, "time", "The question took too long: ask for less at once."),
)


def main() -> None:
    """Answers the one question of standard input, and ends without anything that Python would do at its end."""
    asked = json.load(sys.stdin)
    try:
        answer = _answer(asked)
    except Refused as exc:
        answer = {"refused": exc.code, "words": exc.words}
    except syscalls.NoCage as exc:
        answer = {"refused": "no_cage", "words": str(exc)}
    except (MemoryError, duckdb.Error) as exc:
        answer = _told(exc)
    sys.stdout.write(json.dumps(answer))
    sys.stdout.flush()
    os._exit(0)


def _answer(asked: dict[str, Any]) -> dict[str, Any]:
    limits = asked["limits"]
    _limit(limits)
    engine = duckdb.connect(
        ":memory:", config={**CLOSED, "threads": limits["threads"], "memory_limit": f"{limits['memory_mb']}MB"}
    )
    _shelve(engine, asked["tables"])
    for statement in SHUT:
        engine.execute(statement)
    syscalls.close()
    if asked["judge"]:
        _judge(engine, asked["sql"], frozenset(asked["tables"]))
    return _rows(engine.execute(asked["sql"], asked["values"]), limits["rows"], limits["bytes"])


def _limit(limits: dict[str, int]) -> None:
    """What the kernel holds the process to, whatever DuckDB does."""
    space = (limits["memory_mb"] + SPACE) * MB
    for what, most in (
        (resource.RLIMIT_AS, space),
        (resource.RLIMIT_CPU, limits["seconds"] * limits["threads"] + 2),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, limits["files"]),
    ):
        resource.setrlimit(what, (most, most))


def _shelve(engine: duckdb.DuckDBPyConnection, tables: dict[str, dict[str, Any]]) -> None:
    """Each table is a view over its files, which alone can be read from then on."""
    open_files = {f"{name}/{n}": fd for name, table in tables.items() for n, fd in enumerate(table["files"])}
    engine.register_filesystem(FactsShelf(open_files))
    paths = []
    for name, table in tables.items():
        mine = [f"'facts://{name}/{number}'" for number in range(len(table["files"]))]
        paths += mine
        source = f"SELECT * FROM read_parquet([{', '.join(mine)}])" if mine else _empty(table["columns"])
        engine.execute(f"CREATE VIEW {name} AS {source}")
    if paths:
        engine.execute(f"SET allowed_paths = [{', '.join(paths)}]")


def _empty(columns: dict[str, str]) -> str:
    cells = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in columns.items())
    return f"SELECT {cells} WHERE false"


def _judge(engine: duckdb.DuckDBPyConnection, sql: str, tables: frozenset[str]) -> None:
    if len(sql) > LONGEST or any(ord(letter) < 32 and letter not in "\t\n\r" for letter in sql):
        raise Refused("bad_sql", "The question is too long, or has letters that no text has.")
    statements = engine.extract_statements(sql)
    if len(statements) != 1:
        raise Refused("one_statement", "Ask one question at a time: one SELECT.")
    if statements[0].type != duckdb.StatementType.SELECT:
        raise Refused("not_a_select", "Only a SELECT can be asked here: nothing can be changed.")
    if statements[0].named_parameters:
        raise Refused("bad_sql", "Parameters cannot be filled in here: write the values themselves.")
    found = engine.execute("SELECT json_serialize_sql(?)", [sql]).fetchone()
    judge(json.loads(found[0]) if found else {"error": True}, tables)


def _rows(found: duckdb.DuckDBPyConnection, most: int, most_bytes: int) -> dict[str, Any]:
    """Rows up to the limits; `more` when there were more."""
    columns = [[column[0], str(column[1])] for column in found.description or ()]
    rows: list[list[Any]] = []
    size = 0
    while batch := found.fetchmany(min(AT_ONCE, most + 1 - len(rows)) or 1):
        for row in batch:
            told = [_plain(value) for value in row]
            size += sum(len(cell) if isinstance(cell, str) else 8 for cell in told) + len(told)
            if len(rows) == most or size > most_bytes:
                return {"columns": columns, "rows": rows, "more": True}
            rows.append(told)
    return {"columns": columns, "rows": rows, "more": False}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else str(value)
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)[:CELL]


def _told(exc: Exception) -> dict[str, Any]:
    for kind, code, words in WORDS:
        if isinstance(exc, kind):
            return {"refused": code, "words": words or str(exc).partition("\n")[0][:300]}
    if isinstance(exc, MemoryError) or "bad_alloc" in str(exc) or "llocat" in str(exc):
        return {"refused": "memory", "words": WORDS[0][2]}
    return {"refused": "failed", "words": "The question could not be answered."}
