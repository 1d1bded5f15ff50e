"""Commands as they are really run: outside of any transaction but their own."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction

from tests import factories
from upstream.audit.models import PHIAccess
from upstream.audit.services import record_access
from upstream.core import tenancy
from upstream.operations.canaries import plant


def test_every_command_of_a_tenant_opens_its_own_transactions(transactional_db, settings, tmp_path, capsys):
    settings.REAL_DATA_MODE = True
    with tenancy.bind(factories.organization("hillside").pk):
        with transaction.atomic():
            factories.member("biller", email="dana@hillside.example")
            record_access(actor="user:1", action="open_claim", subject="claim:1")
        plant()
    people = ("--with-phi", "--actor", "dana@hillside.example", "--reason", "Appeal")
    for form in ("csv", "xlsx", "parquet"):
        for name in ("export_claims", "export_incidents"):
            call_command(name, "--tenant", "hillside", "--format", form, "--output", str(tmp_path / f"{name}.{form}"))
            call_command(name, *people, "--tenant", "hillside", "--format", form, "--output", str(tmp_path / "people"))
    call_command("export_audit", "--tenant", "hillside", "--output", str(tmp_path / "audit.zip"))
    for name in ("verify_phi", "rotate_phi_keys", "verify_audit_chain", "apply_retention", "work"):
        call_command(name, "--tenant", "hillside", "--json", *(["--once"] if name == "work" else []))
    assert "24 rows with identifying values" in capsys.readouterr().out


def test_a_refused_export_is_written_down_for_good(transactional_db, tmp_path):
    organization = factories.organization("hillside")
    nobody = ("--with-phi", "--actor", "nobody@hillside.example", "--reason", "curious")
    with pytest.raises(CommandError, match="may_not_see_phi"):
        call_command("export_claims", *nobody, "--tenant", "hillside", "--output", str(tmp_path / "claims.csv"))
    with tenancy.bind(organization.pk), transaction.atomic():
        assert PHIAccess.objects.get().outcome == "refused"
