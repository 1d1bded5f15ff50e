"""What `ingest` says of a payment that came before in another envelope."""

import json

import pytest
from django.core.management import call_command

from tests.factories import organization
from tests.ingestion.world import DENIED_835, PAID_835, x12


@pytest.mark.django_db(transaction=True)
def test_a_payment_wrapped_anew_is_a_duplicate_and_the_day_of_the_first_is_said(tmp_path, capsys):
    org = organization("hillside")
    first, again = tmp_path / "a.835", tmp_path / "b.835"
    first.write_bytes(x12(PAID_835, DENIED_835, amount="64"))
    again.write_bytes(x12(PAID_835, DENIED_835, amount="64", control="000000777"))
    call_command("ingest", str(first), str(again), tenant=org.slug, json=True)
    loaded, repeated = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (loaded["status"], loaded["already_received"]) == ("loaded", "")
    assert (repeated["status"], repeated["adjudications"]) == ("duplicate", 2)
    call_command("ingest", str(again), tenant=org.slug)
    day = repeated["already_received"][:10]
    assert capsys.readouterr().out.startswith(f"{again}: already received on {day}; nothing changed")
