import io
import json
from datetime import date

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from structlog.testing import capture_logs

from tests import factories
from upstream.core import tenancy
from upstream.core.crash import POINTS
from upstream.reports.services import request_run
from upstream.tenants.models import Organization


def said(name: str, *arguments: str) -> str:
    out = io.StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


def practice_with_a_report_due(slug: str) -> None:
    with tenancy.bind(factories.organization(slug).pk):
        factories.member()
        request_run(kind="weekly", as_of=date(2026, 3, 1), actor="user:1")


def test_work_takes_everything_of_every_tenant_to_its_end(db, mailoutbox):
    for slug in ("hillside", "lakeview"):
        practice_with_a_report_due(slug)
    # of each a report, its mail, and the first look for what fails
    assert said("work", "--once") == "6 rows taken to their end\n"
    assert len(mailoutbox) == 2
    assert json.loads(said("work", "--once", "--json")) == {"taken": 0}


def test_work_can_be_for_one_tenant(db, mailoutbox):
    for slug in ("hillside", "lakeview"):
        practice_with_a_report_due(slug)
    assert json.loads(said("work", "--once", "--tenant", "hillside", "--json")) == {"taken": 3}
    assert len(mailoutbox) == 1


def test_work_for_a_tenant_that_is_not_there_is_refused(db):
    with pytest.raises(CommandError, match=r"there is no tenant 'nobody'.*\(unknown_tenant\)"):
        said("work", "--once", "--tenant", "nobody")


def test_work_goes_on_with_the_other_tenants_when_one_fails(transactional_db, mailoutbox):
    for slug in ("hillside", "lakeview"):
        with transaction.atomic():
            practice_with_a_report_due(slug)
    with tenancy.directory(), transaction.atomic():
        Organization.objects.filter(slug="hillside").update(time_zone="Mars/Olympus")
    with capture_logs() as lines, pytest.raises(CommandError, match="1 of 2 practices failed"):
        said("work", "--once")
    assert len(mailoutbox) == 1
    failed = [line for line in lines if line["event"] == "tenant_failed"]
    assert [(line["error"], line["code"]) for line in failed] == [("ZoneInfoNotFoundError", "")]


def test_every_crash_point_is_listed_with_its_meaning():
    lines = said("crash_points").splitlines()
    assert len(lines) == len(POINTS)
    assert lines[0].split(maxsplit=1) == list(next(iter(POINTS.items())))
