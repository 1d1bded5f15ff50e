"""Rows of another database by a saved query, as a file of the canonical columns. Read only, from a watermark on.

The query may name `:watermark`: the largest value of the watermark column so far, kept once the rows have landed. Rows
that come twice, because a process was killed or the query looks back, update their claims and double nothing.
"""

import csv
import io
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from itertools import chain
from typing import Any

import sqlalchemy
from sqlalchemy import Connection, CursorResult, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from upstream.core.outbound import Unreachable
from upstream.ingestion.connectors.contract import CredentialsRefused, RemoteObject, Setup, WrongSettings
from upstream.ingestion.connectors.databases import DATABASES, code_of, place_in, was_distrusted, was_refused
from upstream.ingestion.connectors.sftp import port_of
from upstream.ingestion.formats.csv_header import BASE, KNOWN, MAY_BE_ABSENT
from upstream.ingestion.formats.csv_writer import cell_of

ROWS_AT_ONCE = 1000
PIECE = 1 << 16
QUESTION = re.compile(r"\s*(?:select|with)\b[^;]*", re.IGNORECASE)
WATERMARK = re.compile(r"(?<!:):watermark\b")
READERS: dict[str, Callable[[str], Any]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "number": Decimal,
    "text": str,
}


class Sql:
    """One connection; the query runs when it is listed, and its rows are read as they are fetched."""

    def __init__(self, engine: Engine, setup: Setup) -> None:
        self.engine = engine
        self.query = _question(setup.settings["query"])
        self.column = setup.settings.get("watermark", "").lower()
        self.reached = _read(setup.checkpoint) if setup.checkpoint else _first(setup.settings.get("start", ""))
        self.connection: Connection | None = None
        self.rows: CursorResult[Any] | None = None
        self.peeked: list[Any] = []

    def list(self) -> Iterator[RemoteObject]:
        """The rows as one object, or nothing when there is no row."""
        with _faults_in_words():
            self._ask()
        if self.peeked:
            yield RemoteObject("rows.csv", uuid.uuid4().hex)

    def _ask(self) -> CursorResult[Any]:
        """Run the query and read its first row."""
        self._forget()
        wants = WATERMARK.search(self.query) is not None
        if wants and self.reached is None:
            raise WrongSettings("no_start", "the query asks for :watermark: say from which value the first pull begins")
        self.connection = self.engine.connect().execution_options(stream_results=True, yield_per=ROWS_AT_ONCE)
        told = {"watermark": self.reached} if wants else {}
        rows = self.rows = self.connection.execute(sqlalchemy.text(self.query), told)
        if self.column and self.column not in [*map(str.lower, rows.keys())]:
            raise WrongSettings("no_watermark", "the query answers with no column of the watermark's name")
        first = rows.fetchone()
        self.peeked = [] if first is None else [first]
        return rows

    def fetch(self, found: RemoteObject) -> Iterator[bytes]:
        with _faults_in_words():
            rows = self.rows if self.rows is not None and self.peeked else self._ask()
            names = [*map(str.lower, rows.keys())]
            place = names.index(self.column) if self.column else None
            kept = [number for number, name in enumerate(names) if number != place or name in KNOWN]
            text = io.StringIO()
            lines = csv.writer(text, lineterminator="\n")
            absent = _absent(names)
            lines.writerow([*(names[number] for number in kept), *absent])
            for row in chain(self.peeked, rows):
                if place is not None and row[place] is not None:
                    self.reached = _larger(self.reached, row[place])
                lines.writerow([*(_text(row[number]) for number in kept), *([""] * len(absent))])
                if text.tell() > PIECE:
                    yield text.getvalue().encode()
                    text.seek(0)
                    text.truncate()
            self.peeked = []
            yield text.getvalue().encode()

    def acknowledge(self, found: RemoteObject) -> None:
        """A database that is read only is not told."""

    def checkpoint(self) -> dict[str, Any]:
        return _written(self.reached) if self.column and self.reached is not None else {}

    def _forget(self) -> None:
        if self.rows is not None:
            self.rows.close()
        if self.connection is not None:
            self.connection.close()
        self.connection, self.rows, self.peeked = None, None, []

    def close(self) -> None:
        try:
            with _faults_in_words():
                self._forget()
        finally:
            self.engine.dispose()


def connect(setup: Setup) -> Sql:
    """The database, whose address is judged and pinned; what is wrong with the login shows at the first listing."""
    database = DATABASES[setup.settings["database_kind"]]
    port = port_of(setup.settings.get("port") or str(database.port))
    place = place_in(setup, port)
    made = sqlalchemy.create_engine(
        f"{database.dialect}://", creator=partial(database.open, place, setup), poolclass=NullPool, hide_parameters=True
    )
    return Sql(made, setup)


def _question(query: str) -> str:
    text = query.strip().rstrip(";").rstrip()
    if not QUESTION.fullmatch(text):
        raise WrongSettings("bad_query", "the query must be one SELECT, without a semicolon in it")
    return text


def _absent(names: list[str]) -> list[str]:
    """Columns of the claims CSV that must stand there, though blank, when the query has its claims' numbers."""
    return [name for name in BASE if name not in names and name not in MAY_BE_ABSENT] if "claim_id" in names else []


def _text(value: Any) -> str:
    """Days without their hour, as the canonical columns have them."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return cell_of(value)


def _first(start: str) -> Any:
    """The value from which the first pull begins: a time, a day, a number, or text."""
    for kind in ("number", "date", "datetime"):
        try:
            return READERS[kind](start.strip())
        except (ValueError, ArithmeticError):
            continue
    return start or None


def _read(checkpoint: Any) -> Any:
    return READERS[checkpoint["kind"]](checkpoint["value"])


def _written(value: Any) -> dict[str, Any]:
    if isinstance(value, datetime):
        return {"kind": "datetime", "value": value.isoformat()}
    if isinstance(value, date):
        return {"kind": "date", "value": value.isoformat()}
    kind = "number" if isinstance(value, int | float | Decimal) else "text"
    return {"kind": kind, "value": str(value)}


def _larger(reached: Any, value: Any) -> Any:
    """The later of two values; the database's own where the two are of different kinds, as at the first pull."""
    try:
        return value if reached is None or value > reached else reached
    except TypeError:
        return value


@contextmanager
def _faults_in_words() -> Iterator[None]:
    try:
        yield
    except DBAPIError as exc:
        code = code_of(exc.orig)
        if was_distrusted(exc.orig):
            raise WrongSettings("certificate_refused", "the server's certificate is not trusted") from exc
        if was_refused(exc.orig):
            raise CredentialsRefused("credentials_refused", "the database does not take the user or password") from exc
        if isinstance(exc, sqlalchemy.exc.ProgrammingError | sqlalchemy.exc.DataError):
            raise WrongSettings("bad_query", f"the database refuses the query ({code or 'no code'})") from exc
        raise Unreachable("unreachable", "the database does not answer, or the connection broke off") from exc
    except (SQLAlchemyError, UnicodeError) as exc:
        raise WrongSettings("bad_query", "the query cannot be run as it stands") from exc
