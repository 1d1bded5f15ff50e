"""Each of the two tenant walls is taken away in turn, and the other one holds alone."""

import json
import subprocess
import sys

import pytest
from django.db import transaction

from tests import factories
from tests.faults.commands import ROOT, begin, ended, environment
from tests.isolation.attempts import ATTEMPTS
from upstream.core import tenancy

NAMES = {attempt.__name__ for attempt in ATTEMPTS}


@pytest.fixture
def arguments(transactional_db) -> str:
    """Practice alpha with a manager, practice beta with a claim, as arguments of `attempts.main`."""
    alpha, beta = factories.organization("alpha"), factories.organization("beta")
    with tenancy.bind(alpha.pk), transaction.atomic():
        manager = factories.member("manager")
        factories.claim(factories.payer("alpha payer"))
    with tenancy.bind(beta.pk), transaction.atomic():
        factories.member("manager")
        theirs = factories.claim(factories.payer("beta payer"))
    return f"{alpha.pk}, {beta.pk}, {theirs.pk}, '{theirs.public_id}', {manager.user_id}"


def attempts_without(wall: str, arguments: str) -> dict:
    code = f"from tests.isolation.attempts import main; main({arguments})"
    out = ended(begin("shell", "--no-imports", "-c", code, UPSTREAM_DISABLE_WALL=wall, LOG_LEVEL="ERROR"))
    found: dict = json.loads(out.splitlines()[-1])
    return found


def test_the_orm_holds_alone(arguments):
    found = attempts_without("rls", arguments)
    assert found["seen by SQL"] == 1
    assert found["filtered by the ORM"]
    assert found["portal"] == [200, 404]
    writes = {"by_a_row_of_theirs", "by_a_saved_row"}
    assert found["bound"] == {name: "refused by the ORM" if name in writes else 0 for name in NAMES}
    assert found["unbound"] == dict.fromkeys(NAMES, "refused by the ORM")


def test_the_database_holds_alone(arguments):
    found = attempts_without("orm", arguments)
    assert found["seen by SQL"] == 0
    assert not found["filtered by the ORM"]
    assert found["portal"] == [200, 404]
    writes = {"by_a_row_of_theirs", "by_a_saved_row"}
    expected = {name: "refused by the database" if name in writes else 0 for name in NAMES}
    assert (found["bound"], found["unbound"]) == (expected, expected)


@pytest.mark.parametrize(
    "switch",
    [
        {"UPSTREAM_DISABLE_WALL": "rls"},
        {"UPSTREAM_DISABLE_WALL": "orm"},
        {"UPSTREAM_CRASH_AT": "after_claim"},
        {"UPSTREAM_NOW": "2026-03-02T12:00:00+00:00"},
    ],
    ids=lambda switch: "-".join(switch.values())[:20],
)
def test_real_data_refuses_every_switch(switch):
    values = {"REAL_DATA_MODE": "on", "DJANGO_SETTINGS_MODULE": "upstream.settings.base", **switch}
    command = [sys.executable, "-c", "import upstream.settings.base"]
    found = subprocess.run(command, cwd=ROOT, env=environment(**values), capture_output=True, text=True, check=False)
    assert found.returncode == 1
    assert "REAL_DATA_MODE refuses UPSTREAM_DISABLE_WALL, UPSTREAM_CRASH_AT and UPSTREAM_NOW" in found.stderr


def test_an_unknown_wall_is_refused():
    command = [sys.executable, "-c", "import upstream.settings.base"]
    values = environment(UPSTREAM_DISABLE_WALL="both", DJANGO_SETTINGS_MODULE="upstream.settings.base")
    found = subprocess.run(command, cwd=ROOT, env=values, capture_output=True, text=True, check=False)
    assert "UPSTREAM_DISABLE_WALL must be rls or orm" in found.stderr
