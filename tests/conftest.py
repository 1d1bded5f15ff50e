"""One migrated database is made, and each test process works on its own copy of it, as the role that serves."""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as drawn

from tests import databases
from upstream.core import tenancy

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
RUN = os.getppid() if WORKER else os.getpid()
MINE = f"test_{RUN}_{WORKER or 'main'}"
SHARED = Path(os.environ.get("UPSTREAM_SHARED", Path(__file__).resolve().parents[2] / "shared"))


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_db_blocker: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    base = tmp_path_factory.getbasetemp()
    root = base.parent if WORKER else base
    with django_db_blocker.unblock():  # pytest-django's own fixture
        with (root / "database.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            databases.copy(MINE, databases.make_migrated(RUN))
        databases.use(MINE)
        yield
        databases.disconnect()


@pytest.fixture(scope="module")
def young_database(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """The module's tests have a database that nobody has filled or analysed before them."""
    with django_db_blocker.unblock():
        databases.copy(f"{MINE}_young", databases.migrated_name())
        databases.use(f"{MINE}_young")
    yield
    with django_db_blocker.unblock():
        databases.use(MINE)


# How long a draw takes says how busy the machine is, and nothing of the product.
drawn.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
drawn.load_profile("any machine")

KEPT = {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "claims_carcrule",
    "claims_remarkrule",
    "alerts_clock",
    "authorizations_decisionclock",
    "appeals_promptpayrate",
    "detection_sharedevent",
}


def _empty_tables(_test: TransactionTestCase) -> None:
    """Empty what a test with real commits has filled; as the owner, since the application may not truncate."""
    with databases.server(settings.DATABASES["default"]["NAME"]) as owner:
        found = owner.execute("SELECT relname FROM pg_stat_user_tables WHERE pg_relation_size(relid) > 0").fetchall()
        filled = sorted({row[0] for row in found} - KEPT)
        if filled:
            owner.execute("ALTER TABLE audit_phiaccess DISABLE TRIGGER append_only_all")
            owner.execute(f"TRUNCATE {', '.join(filled)} RESTART IDENTITY CASCADE")
            owner.execute("ALTER TABLE audit_phiaccess ENABLE TRIGGER append_only_all")


TransactionTestCase._fixture_teardown = _empty_tables  # Django's flush needs more rights


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Input files of public origin; where the folder is absent, the tests that need it are not collected."""
    return SHARED / "data"


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The process that began the run drops what is left of its databases."""
    if WORKER or "DATABASE_OWNER_URL" not in os.environ:
        return
    databases.drop_left(RUN)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if (SHARED / "data").is_dir():
        return
    needing = [item for item in items if "shared_data" in getattr(item, "fixturenames", ())]
    if needing:
        config.hook.pytest_deselected(items=needing)
        items[:] = [item for item in items if item not in needing]
        print(f"\nThe folder of shared input files is absent: {len(needing)} tests that read it are left out.")


@pytest.fixture(autouse=True)
def nothing_stays_bound(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that leaves a tenant bound fails itself, instead of others after it."""
    _unbind(f"was bound already when {request.node.nodeid} began")
    yield
    _unbind(f"is left bound by {request.node.nodeid}")


def _unbind(said: str) -> None:
    if not tenancy.is_empty():
        left = tenancy._scope.get()
        tenancy._scope.set(tenancy.UNBOUND)
        pytest.fail(f"{left} {said}")


@pytest.fixture(autouse=True)
def own_var(settings: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Files of a test stay in its own folder."""
    settings.VAR_DIR = tmp_path / "var"  # pytest-django's settings wrapper
    settings.MAIL_DIR = tmp_path / "var" / "mail"
    return tmp_path / "var"
