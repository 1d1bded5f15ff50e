"""`reconcile` and `quality` in text and as JSON."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.ingestion.world import DENIED_835, PAID_835, load, x12
from upstream.core import tenancy
from upstream.tenants.models import Organization

MARCH = ("--from", "2026-03-01", "--to", "2026-03-31", "--by", "month")


@pytest.fixture
def slug(practice: int) -> str:
    load(x12(PAID_835, DENIED_835, amount="50.5", plb="PLB*1234567893*20261231*WO:ICN9*14*L6*-0.5"))
    with tenancy.directory():
        return str(Organization.objects.get(pk=practice).slug)


def said(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_reconcile_prints_two_tables_that_tie(slug: str) -> None:
    text = said("reconcile", "--tenant", slug, *MARCH)
    rows = [line.split() for line in text.splitlines() if line.startswith("2026-03-01")]
    assert rows[0] == [
        "2026-03-01", "SUMMIT", "MUTUAL", "-", "1", "$50.50", "$64.00", "$13.50", "$0.00", "$64.00", "$0.00",
    ]  # fmt: skip
    assert rows[1] == ["2026-03-01", "SUMMIT", "MUTUAL", "2", "2", "1", "$1,000.00", "$64.00"]
    assert text.splitlines()[-1] == "No list of bank deposits was brought yet."


def test_reconcile_as_json_with_the_bank(slug: str, tmp_path: Path) -> None:
    (tmp_path / "bank.csv").write_text("date,amount,check\n2026-03-21,50.50,0CHK1\n")
    words = ("reconcile", "--tenant", slug, *MARCH, "--deposits", str(tmp_path / "bank.csv"), "--json")
    facts = json.loads(said(*words))
    assert (facts["total"]["amount"], facts["total"]["loaded"], facts["claims_total"]["paid"]) == (
        "50.50", "64.00", "64.00",
    )  # fmt: skip
    assert facts["deposits"] == {
        "matched": 1, "differs": 0, "no_deposit": 0, "no_payment": 0, "difference": "0.00",
    }  # fmt: skip


def test_impossible_days_end_the_command(slug: str) -> None:
    with pytest.raises(CommandError, match="--from 2026-03-02 is after --to 2026-03-01"):
        said("reconcile", "--tenant", slug, "--from", "2026-03-02", "--to", "2026-03-01")


def test_quality_looks_and_tells(slug: str) -> None:
    load(x12(PAID_835.replace("C1*", "C7*"), amount="60", check="CHK7"))
    lines = said("quality", "--tenant", slug).splitlines()
    assert lines == [
        "2 files looked at, 1 open findings, newest week's score 92 of 100.",
        "  fault: 1 of 1: payments that are not the sum of their claims and adjustments"
        " (SUMMIT MUTUAL, 2026-03-20 to 2026-03-20)",
    ]
    facts = json.loads(said("quality", "--tenant", slug, "--again", "--json"))
    assert (facts["files"], [row["check"] for row in facts["findings"]]) == (2, ["unbalanced_payments"])
