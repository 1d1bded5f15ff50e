"""The databases of a test run: one that is migrated, kept for later runs, and a copy of it for each test process."""

import hashlib
import os
from functools import cache
from pathlib import Path

import django
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

import upstream
from upstream.dev.names import TEMPLATE, with_database

PRODUCT = Path(upstream.__file__).parent
# What a migrated database is made of: the migrations, the operations of the wall, the files that migrations load.
SOURCES = ("**/migrations/*.py", "core/db/*.py", "**/*.csv", "**/*.json", "**/*.sql")


def server(database: str) -> psycopg.Connection:
    return psycopg.connect(with_database(os.environ["DATABASE_OWNER_URL"], database), autocommit=True)


def copy(database: str, template: str) -> None:
    drop(database)
    _do("CREATE DATABASE {} TEMPLATE {}", database, template)


def drop(database: str) -> None:
    _do("DROP DATABASE IF EXISTS {}", database)


def use(database: str) -> None:
    """From now on this process works in that database."""
    disconnect()
    for alias in ("default", "owner"):
        settings.DATABASES[alias]["NAME"] = database
        connections[alias].settings_dict["NAME"] = database


def disconnect() -> None:
    for alias in ("default", "owner"):
        connections[alias].close()


@cache
def migrated_name() -> str:
    """The name tells what the database was made of, so that one from other migrations is never taken."""
    told = hashlib.sha256(django.__version__.encode())
    for path in sorted({found for pattern in SOURCES for found in PRODUCT.glob(pattern)}):
        told.update(str(path.relative_to(PRODUCT)).encode() + b"\0" + path.read_bytes())
    return f"migrated_{told.hexdigest()[:16]}"


def make_migrated(run: int) -> str:
    """A migrated database stands under the name that is returned. One made of other migrations is dropped."""
    name, making = migrated_name(), f"test_{run}_migrated"
    with server("postgres") as at:
        kept = {row[0] for row in at.execute("SELECT datname FROM pg_database WHERE datname LIKE 'migrated_%'")}
    if name in kept:
        return name
    for other in kept:
        drop(other)
    copy(making, TEMPLATE)
    use(making)
    call_command("migrate", database="owner", verbosity=0)
    disconnect()
    try:
        _do("ALTER DATABASE {} RENAME TO {}", making, name)
    except psycopg.errors.DuplicateDatabase:  # another run was faster
        drop(making)
    return name


def drop_left(run: int) -> None:
    """Nothing is left of this run's databases, nor of runs that were killed."""
    disconnect()
    with server("postgres") as at:
        found = at.execute("SELECT datname FROM pg_database WHERE datname ~ '^test_[0-9]+_'").fetchall()
    for (database,) in found:
        owner = int(database.split("_")[1])
        if owner == run or not Path(f"/proc/{owner}").exists():
            drop(database)


def _do(statement: str, *names: str) -> None:
    with server("postgres") as at:
        at.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
