"""Where a look cannot be written down, nobody looks: the log's table takes no more rows here."""

import os
from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.test import Client

from tests import factories
from upstream.claims.models import Claim, ClaimIdentity
from upstream.claims.models.identity import packed
from upstream.core import tenancy
from upstream.dev.names import with_database
from upstream.tenants.models import Membership
from upstream.tenants.services import tenant_keys

NUMBER = "C-77120-QX"


@pytest.fixture
def manager(transactional_db) -> Membership:
    """The manager of a practice with one claim, whose number is sealed."""
    with tenancy.bind(factories.organization("hillside").pk), transaction.atomic():
        claim = factories.claim(factories.payer(), NUMBER)
        row = bytes(claim.number_bidx)
        sealed = tenant_keys().seal(packed(NUMBER, "", "", ""), ClaimIdentity.TABLE, "sealed", row)
        ClaimIdentity.objects.create(claim=claim, number_bidx=row, fingerprint=row, sealed=sealed)
        return factories.member("manager", email="dana@hillside.example")


@pytest.fixture
def full_log() -> Iterator[None]:
    url = with_database(os.environ["DATABASE_OWNER_URL"], settings.DATABASES["default"]["NAME"])
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("CREATE TRIGGER full_log BEFORE INSERT ON audit_phiaccess EXECUTE FUNCTION append_only()")
        yield
        owner.execute("DROP TRIGGER full_log ON audit_phiaccess")


def page_with_the_number(manager: Membership):
    browser = Client(raise_request_exception=False)
    browser.force_login(manager.user)
    with tenancy.bind(manager.tenant_id), transaction.atomic():
        claim = Claim.objects.get()
    return browser.post(f"/portal/claims/{claim.public_id}/number/")


def test_with_the_log_the_number_is_shown(manager):
    assert NUMBER in page_with_the_number(manager).content.decode()


def test_without_the_log_the_page_fails_and_shows_nothing(manager, full_log):
    response = page_with_the_number(manager)
    assert response.status_code == 500
    assert NUMBER not in response.content.decode()


def test_without_the_log_nothing_is_exported(manager, full_log, tmp_path):
    person = ("--with-phi", "--actor", "dana@hillside.example", "--reason", "Appeal")
    with pytest.raises(DatabaseError, match="only added to"):
        call_command("export_claims", *person, "--tenant", "hillside", "--output", str(tmp_path / "claims.csv"))
    assert list(tmp_path.glob("*claims*")) == []
