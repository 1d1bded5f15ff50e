"""People in a file whose columns somebody matches, and matches wrongly: nobody is found outside of what is sealed."""

import io
import json
import os
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from tests import factories
from tests.isolation.searching import dump_of, files_of, leaks, redis_of
from upstream.core import tenancy
from upstream.dev.names import with_database
from upstream.ingestion import mapping, services
from upstream.ingestion.models import Batch, MappingProfile
from upstream.operations.canaries import CANARIES
from upstream.pipeline import run_to_end
from upstream.tenants.models import Organization
from upstream.tenants.services import create_api_client, tenant_keys

pytestmark = pytest.mark.django_db(transaction=True)

PERSON = ("claim_number", "last_name", "first_name", "birth_date", "member_id", "account")
ROW = ",".join([*(CANARIES[name] for name in PERSON), "Summit Mutual", "2026-02-02", "100.00", "80.00"])
EXPORT = f"Claim #,Surname,Given,Born,Member,Account,Payor,DOS,Charges,Paid\n{ROW}\n{ROW}\n".encode()
# A person stands where the titles should: the last resort of a file without any.
NO_TITLES = f"{CANARIES['last_name']},{CANARIES['first_name']},Summit Mutual\n{ROW}\n".encode()


@pytest.fixture
def practice(settings) -> Organization:
    settings.REAL_DATA_MODE = True
    settings.FIXED_NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)
    return factories.organization("hillside", "Hillside")


def match_wrongly(practice: Organization) -> None:
    """A member takes names for statuses, looks, checks, confirms under a name; a script asks and is refused."""
    with tenancy.bind(practice.pk):
        for content in (EXPORT, NO_TITLES):
            batch, _ = services.receive([content], name="export.csv", received_from="command:ingest")
            services.load(batch.pk)
        with transaction.atomic():
            member = factories.member("owner")
            paths = [f"/portal/data/{row}/columns/" for row in Batch.objects.values_list("public_id", flat=True)]
            client, secret = create_api_client(name="script", scopes=["read", "upload"])
    browser = Client(raise_request_exception=False)
    browser.force_login(member.user)
    said = {"column-claim_id": "0", "column-payer": "6", "column-service_date": "7", "column-billed": "8",
            "column-status": "1", "words_of": "1", "word-0": "paid", "submitted_from": "service_date",
            "undated": "on", "day_order": "mdy", "decimals": "us"}  # fmt: skip
    for path in paths:
        assert CANARIES["last_name"].encode() in browser.get(path).content
        browser.post(path, {**said, "check": "1"})
        browser.post(path, {**said, "confirm": "1", "name": "Export"})
    script = Client(raise_request_exception=False)
    token = json.loads(
        script.post("/api/v1/auth/token/", {"client_id": client.client_id, "client_secret": secret},
                    content_type="application/json").content
    )["access_token"]  # fmt: skip
    for path in paths:
        api = f"/api/v1/uploads/{path.split('/')[3]}/mapping/"
        body = json.dumps({"name": CANARIES["last_name"], "columns": {CANARIES["last_name"]: "no such column"}})
        headers = {"Authorization": f"Bearer {token}"}
        answer = script.get(api, headers=headers)
        assert not leaks(CANARIES, {"answer": answer.content})
        script.put(api, body, content_type="application/json", headers=headers)


def pages_of_a_clinician(practice: Organization) -> bytes:
    with tenancy.bind(practice.pk), transaction.atomic():
        member = factories.member("clinician")
        batches = [f"data/{row}/" for row in Batch.objects.values_list("public_id", flat=True)]
    browser = Client()
    browser.force_login(member.user)
    return b"".join(browser.get(f"/portal/{path}").content for path in ["data/", *batches])


def test_nobody_is_found_outside_of_what_is_sealed(practice, log, own_var, settings, capfd):
    match_wrongly(practice)
    with tenancy.bind(practice.pk):
        run_to_end()
        with transaction.atomic():
            profile = MappingProfile.objects.get().profile(tenant_keys())
            states = sorted(Batch.objects.values_list("state", flat=True))
            assert mapping.preview(Batch.objects.get(state="mapping"), tenant_keys()).table.titles
    assert profile.statuses == {CANARIES["last_name"].lower(): "paid"}
    assert states == ["analysed", "mapping"]
    out = io.StringIO()
    call_command("mapping", "list", "--tenant", "hillside", stdout=out)
    printed = capfd.readouterr()
    url = with_database(os.environ["DATABASE_UNWALLED_URL"], settings.DATABASES["default"]["NAME"])
    places = {
        "log": log.getvalue().encode(),
        "standard output": (printed.out + printed.err + out.getvalue()).encode(),
        "clinician": pages_of_a_clinician(practice),
        **dump_of(url),
        **redis_of(settings.REDIS_URL),
        **files_of(own_var),
    }
    assert leaks(CANARIES, places) == set()
