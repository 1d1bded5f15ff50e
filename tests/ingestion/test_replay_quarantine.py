"""The command that reads rows again."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from tests.factories import organization
from tests.ingestion.world import csv_of, load, paid, pending
from upstream.core import tenancy
from upstream.ingestion.models import Batch, Rejection, rejection_place
from upstream.tenants.services import tenant_keys

pytestmark = pytest.mark.django_db
BAD = pending("C2").replace("100.00", "1oo.00")


def run(*arguments: str) -> dict[str, int]:
    out = io.StringIO()
    call_command("replay_quarantine", "--tenant", "hillside", "--json", *arguments, stdout=out)
    found = json.loads(out.getvalue())
    return {"fixed": found["fixed"], "still_open": found["still_open"]}


def test_rows_that_can_be_read_now_are_loaded_and_the_rest_wait():
    with tenancy.bind(organization("hillside").pk), transaction.atomic():
        first = load(csv_of(paid("C1"), BAD))
        load(csv_of(paid("C3"), BAD.replace("C2", "C4")))
        row = Rejection.objects.get(batch=first)
        sealed = tenant_keys().seal(
            pending("C2").encode(), Rejection.TABLE, "sealed_correction", rejection_place(first.sha256, row.position)
        )
        Rejection.objects.filter(pk=row.pk).update(sealed_correction=sealed)
    assert run() == {"fixed": 1, "still_open": 1}
    assert run() == {"fixed": 0, "still_open": 1}
    assert run("--file", str(first.public_id)) == {"fixed": 0, "still_open": 0}
    with tenancy.bind(first.tenant_id):
        made = Batch.objects.get(corrects=first)
        assert (made.state, made.claims) == ("loaded", 1)


def test_an_unknown_file_is_named_as_such():
    organization("hillside")
    with pytest.raises(CommandError, match="no such file"):
        run("--file", "00000000-0000-4000-8000-000000000000")
