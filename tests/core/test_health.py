"""Alive knows of nobody; ready knows each part and waits for none of them long."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests import factories
from upstream.core import health
from upstream.core.phi.keyring import UnreadablePHI
from upstream.operations import views
from upstream.operations.keys import tenant_secret
from upstream.tenants import services


@pytest.fixture
def forgotten_keys() -> Iterator[None]:
    """Keys that were opened before are not remembered."""
    services._opened_keys.cache_clear()
    yield
    services._opened_keys.cache_clear()


def ready() -> tuple[int, dict[str, Any]]:
    views._states_in.cache_clear()
    response = Client().get("/readyz")
    return response.status_code, json.loads(response.content)


ALL_OK = {"database": "ok", "migrations": "ok", "redis": "ok", "storage": "ok", "keys": "ok"}


def test_alive_asks_nobody(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    response = Client().get("/livez")
    assert (response.status_code, json.loads(response.content)) == (200, {"status": "ok"})


@pytest.mark.django_db(transaction=True)
def test_ready_when_every_part_is_there(own_var: Any) -> None:
    factories.organization()
    assert ready() == (200, {"status": "ok", "checks": ALL_OK})
    assert list(own_var.iterdir()) == []


@pytest.mark.django_db(transaction=True)
def test_ready_before_the_first_tenant() -> None:
    assert ready() == (200, {"status": "ok", "checks": ALL_OK})


@pytest.mark.django_db(transaction=True)
def test_without_redis_or_disk_not_ready_and_no_reason_told(settings: Any, tmp_path: Any) -> None:
    settings.REDIS_URL = "redis://user:CANARY@127.0.0.1:1/0"
    settings.VAR_DIR = tmp_path / "file"
    settings.VAR_DIR.write_text("not a folder")
    checks = {**ALL_OK, "redis": "failed", "storage": "failed"}
    assert ready() == (503, {"status": "failed", "checks": checks})


@pytest.mark.django_db(transaction=True)
def test_with_other_keys_not_ready(settings: Any, forgotten_keys: None) -> None:
    factories.organization()
    settings.PHI_KEYS = dict.fromkeys(settings.PHI_KEYS, b"x" * 32)
    assert ready() == (503, {"status": "failed", "checks": {**ALL_OK, "keys": "failed"}})
    with pytest.raises(UnreadablePHI):
        tenant_secret()


@pytest.mark.django_db(transaction=True)
def test_with_a_migration_to_come_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    health._pending.cache_clear()
    monkeypatch.setattr("upstream.core.health.MigrationExecutor.migration_plan", lambda *_args: ["one"])
    assert ready()[1]["checks"] == {**ALL_OK, "migrations": "failed"}
    monkeypatch.undo()
    assert ready()[1]["checks"] == ALL_OK


def test_a_part_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "SECONDS", 0.2)
    started = time.monotonic()
    assert health.states_of({"quick": lambda: None, "stuck": lambda: time.sleep(2)}) == {"quick": "ok", "stuck": "slow"}
    assert time.monotonic() - started < 1.5


@pytest.mark.django_db(transaction=True)
def test_many_who_ask_at_once_are_given_one_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(health, "CHECKS", {"counted": lambda: asked.append(1)})
    monkeypatch.setattr(time, "monotonic", lambda: 1000.0)
    ready()
    for _ in range(5):
        Client().get("/readyz")
    assert asked == [1]


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_probes_take_nothing(path: str) -> None:
    assert Client().post(path).status_code == 405


@pytest.mark.django_db(transaction=True)
def test_checks_leave_no_connection_behind() -> None:
    def connections_of_ours() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
            return int(cursor.fetchone()[0])

    before = connections_of_ours()
    for _ in range(3):
        ready()
    time.sleep(0.2)
    assert connections_of_ours() == before
