"""Commands of the product as processes of their own, on the database and the folder of the test."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings
from django.db import connection

from upstream.dev.names import with_database

ROOT = Path(__file__).resolve().parents[2]
KILLED = -signal.SIGKILL


def environment(**changes: str) -> dict[str, str]:
    """The test's environment, with its own database and folder."""
    database = settings.DATABASES["default"]["NAME"]
    urls = {name: url for name, url in os.environ.items() if name.startswith("DATABASE_")}
    return {
        **os.environ,
        **{name: with_database(url, database) for name, url in urls.items()},
        "DJANGO_SETTINGS_MODULE": "upstream.settings.dev",
        "STORAGE_URL": f"file://{settings.VAR_DIR}",
        **changes,
    }


def begin(*arguments: str, **changes: str) -> subprocess.Popen:
    """`manage.py` with these arguments and changes of the environment."""
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(**changes),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen, *expected: int) -> str:
    """What the process printed, once it has ended in one of the expected ways (0 unless told)."""
    out, err = process.communicate(timeout=120)
    assert process.returncode in (expected or (0,)), (out + err)[-2000:]
    return out


def wait_until_gone() -> None:
    """The server has seen that every killed process is gone: nobody holds a row in this test's database any more."""
    until = time.monotonic() + 30
    while _locks():
        assert time.monotonic() < until, "a row is held after its worker is gone"
        time.sleep(0.05)


def _locks() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database "
            "WHERE locktype = 'advisory' AND datname = current_database() AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])
