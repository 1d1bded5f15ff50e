"""Real servers of the tests' own, started and removed here; never those that the rest of the suite works on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from upstream.dev import servers
from upstream.dev.environment import ensure
from upstream.dev.folder import Folder
from upstream.dev.keys import keys_of
from upstream.dev.postgres import Postgres


@contextmanager
def new_folder() -> Iterator[Folder]:
    """A folder that the server's user may enter, as that of a checkout usually is; pytest's own are closed to it."""
    with TemporaryDirectory() as path:
        Path(path).chmod(0o755)
        folder = Folder(Path(path) / "dev")
        yield folder
        servers.destroy(folder)


@pytest.fixture
def folder() -> Iterator[Folder]:
    """A folder with nothing in it; what a test starts there is stopped and removed."""
    with new_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def shared_folder() -> Iterator[Folder]:
    """A folder whose servers are up, for tests that leave them as they are."""
    with new_folder() as folder:
        ensure({}, folder)
        yield folder


@pytest.fixture(scope="session")
def environment(shared_folder: Folder) -> dict[str, str]:
    return ensure({}, shared_folder)


@pytest.fixture(scope="session")
def admin_url(shared_folder: Folder) -> str:
    """The superuser's URL on the shared server."""
    return Postgres(shared_folder).url("postgres", keys_of(shared_folder).superuser_password, "postgres")


def ask(url: str, query: str) -> list[tuple[object, ...]]:
    """The rows of one statement, committed."""
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(query.encode())
        return cursor.fetchall() if cursor.description else []
