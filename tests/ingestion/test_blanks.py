"""What a later file does not say goes on standing; an earlier one that comes late fills what nobody has said."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from tests.factories import organization
from tests.ingestion.world import load
from upstream.claims.models import Claim, ClaimRevision
from upstream.core import tenancy

FIRST = datetime(2026, 3, 3, 12, tzinfo=UTC)
BASE = (
    "claim_id,payer,procedure_code,diagnosis,location,submitted_date,decided_date,status,denial_reason,"
    "billed,allowed,paid"
)
ROW = "C1,Summit Mutual,{code},{diagnosis},{site},2026-02-02,,pending,,{billed},,"


def snapshot(code="99213", diagnosis="M54.5", site="Main", billed="100.00", **more: str) -> bytes:
    header = ",".join([BASE, *more])
    row = ",".join([ROW.format(code=code, diagnosis=diagnosis, site=site, billed=billed), *more.values()])
    return f"{header}\n{row}\n".encode()


RICH = snapshot(service_date="2026-01-30", rendering_npi="1234567893", frequency_code="7", payer_order="2")
PLAIN = snapshot(site="", diagnosis="", billed="120.00")


def facts(row: Claim | ClaimRevision) -> tuple[object, ...]:
    site = row.site.name if row.site else ""
    return (
        row.procedure_code, row.diagnosis, site, str(row.service_date), row.rendering_npi, row.frequency_code,
        row.payer_order, row.billed_cents,
    )  # fmt: skip


@pytest.mark.django_db
def test_absent_columns_and_blank_cells_of_a_later_file_change_nothing():
    with tenancy.bind(organization().pk):
        load(RICH, known_at=FIRST)
        load(PLAIN, known_at=FIRST + timedelta(days=7))
        standing, before = facts(Claim.objects.get()), facts(ClaimRevision.objects.get())
    assert standing == ("99213", "M54.5", "Main", "2026-01-30", "1234567893", "7", 2, 12_000)
    assert before == ("99213", "M54.5", "Main", "2026-01-30", "1234567893", "7", 2, 10_000)


@pytest.mark.django_db
def test_in_any_order_each_day_knows_the_latest_that_was_said_of_each_fact():
    said = [
        (snapshot(code="", site="North"), FIRST),
        (snapshot(code="73721", site="", diagnosis=""), FIRST + timedelta(days=7)),
        (snapshot(code="", site="", diagnosis="M25.5", service_date="2026-01-29"), FIRST + timedelta(days=14)),
    ]
    outcomes = set()
    for order in permutations(said):
        with tenancy.bind(organization().pk):
            for content, known_at in order:
                load(content, known_at=known_at)
            revisions = ClaimRevision.objects.order_by("known_from")
            outcomes.add((facts(Claim.objects.get()), *(facts(row) for row in revisions)))
    assert outcomes == {
        (
            ("73721", "M25.5", "North", "2026-01-29", "", "1", 1, 10_000),
            ("", "M54.5", "North", "None", "", "1", 1, 10_000),
            ("73721", "M54.5", "North", "None", "", "1", 1, 10_000),
        )
    }


@pytest.mark.django_db
def test_modifiers_that_a_later_file_leaves_out_go_on_standing_and_late_ones_fill_what_nobody_said():
    early, late = FIRST, FIRST + timedelta(days=7)
    told, blank, absent = snapshot(line_id="1", modifiers="25"), snapshot(line_id="1", modifiers=""), snapshot()
    outcomes = set()
    for files in (
        [(told, early), (blank, late)],
        [(told, early), (absent, late)],
        [(absent, late), (told, early)],
        [(blank, early), (told, late)],
    ):
        with tenancy.bind(organization().pk):
            for content, known_at in files:
                load(content, known_at=known_at)
            outcomes.add(Claim.objects.get().modifiers)
    assert outcomes == {"25"}
