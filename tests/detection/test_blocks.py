"""Blocks say what the claims say, whatever came, was corrected, came again, or was killed in between."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from tests.alerts.remits import FRIDAY, billed, paid_loop, remitted
from tests.factories import organization
from tests.ingestion.world import csv_of, denied, load, paid, pending
from upstream.claims.choices import Outcome
from upstream.claims.models import Adjudication, Claim, ClaimRevision, Remittance
from upstream.core import tenancy
from upstream.core.clock import monday_of
from upstream.detection import blocks, services
from upstream.detection.claimrows import FAR, Claims
from upstream.detection.layout import NEVER, NOBODY
from upstream.detection.models import ClaimBlock
from upstream.tenants.models import Site

ZONE = "America/Chicago"
EVER = date.min
Version = tuple[object, ...]


@pytest.fixture
def practice(db: None) -> Iterator[int]:
    """Bound; its id."""
    made = organization()
    with tenancy.bind(made.pk):
        yield made.pk


def week_of(moment: datetime | None) -> date | None:
    return moment and monday_of(moment.astimezone(ZoneInfo(ZONE)).date())


def as_they_stand() -> list[Version]:
    """Every version of every counted claim, read from the rows one by one."""
    places = dict(Site.objects.values_list("pk", "name"))
    found = []
    for claim in Claim.objects.all():
        earlier = list(ClaimRevision.objects.filter(claim=claim).order_by("known_from"))
        last = max((week_of(one.known_until) for one in earlier), default=None)
        versions = [(claim, last or EVER, None)]
        versions += [(one, week_of(one.known_from), week_of(one.known_until)) for one in earlier]
        for facts, since, until in versions:
            if bytes(facts.family_key) == bytes(claim.number_bidx) and facts.payer_order == 1:
                found.append(version(claim, facts, places.get(facts.site_id, ""), since, until))
    return sorted(found, key=repr)


def version(claim: Claim, facts: Claim | ClaimRevision, place: str, since: object, until: object) -> Version:
    refused = claim.outcome in (Outcome.DENIED, Outcome.PARTIAL)
    reason = f"{claim.denial_group}-{claim.denial_carc}" if claim.denial_carc else ""
    return (
        claim.pk, facts.payer_id, facts.procedure_code, place, facts.submitted_date, monday_of(facts.submitted_date),
        week_of(claim.known_at), facts.billed_cents, week_of(claim.decision_known_at), claim.decided_date,
        int(claim.outcome), reason if refused else None, claim.allowed_cents, claim.paid_cents, since, until,
        facts.place_of_service, facts.batch_id, facts.raw_payer_id or NOBODY, *answered(claim),
    )  # fmt: skip


def answered(claim: Claim) -> tuple[int, int]:
    """The file and the payment of its first answer."""
    first = Adjudication.objects.filter(claim=claim, known_at=claim.decision_known_at).order_by("pk").first()
    if first is None:
        return NOBODY, NOBODY
    same = Remittance.objects.filter(batch_id=first.batch_id, check_number=first.check_number)
    payment = same.order_by("pk").first() if first.check_number else None
    return first.batch_id, payment.pk if payment else NOBODY


def as_read(claims: Claims) -> list[Version]:
    def days(values: np.ndarray) -> list[date | None]:
        never = {FAR: None, np.datetime64(-NEVER, "D"): EVER}
        return [never[v] if v in never else v.astype(date) for v in values]

    names = claims.labels
    return sorted(zip(
        claims.claim.tolist(), claims.payer.tolist(), [names.procedures[i] for i in claims.procedure],
        [names.locations[i] for i in claims.location], days(claims.submitted_date), days(claims.submitted_week),
        days(claims.known_week), claims.billed.tolist(), days(claims.decision_week), days(claims.decided_date),
        claims.outcome.tolist(), [None if i < 0 else names.reasons[i] for i in claims.reason],
        claims.allowed.tolist(), claims.paid.tolist(), days(claims.since), days(claims.until),
        [names.service_places[i] for i in claims.service_place], claims.batch.tolist(), claims.raw.tolist(),
        claims.answer_batch.tolist(), claims.payment.tolist(), strict=True,
    ), key=repr)  # fmt: skip


def row(rng: random.Random, number: int, day: date) -> str:
    """One claim as some file tells of it: another code, place, charge, day or answer each time."""
    submitted = date(2026, 1, 5) + timedelta(days=rng.randrange(60))
    decided = submitted + timedelta(days=rng.randrange(40))
    status, reason, allowed, decided_on = rng.choice([
        ("paid", "", "80.00", decided), ("denied", "CO-197", "", decided), ("denied", "CO-16;CO-45", "", decided),
        ("partial", "CO-50", "40.00", decided), ("pending", "", "", None), ("reversed", "", "", decided),
    ])  # fmt: skip
    if decided_on is None or decided_on > day:
        status, reason, allowed, decided_on = "pending", "", "", None
    return (
        f"C{number},{rng.choice(['Summit Mutual', 'Civic Care'])},{rng.choice(['99213', '73721', ''])},M54.50,"
        f"{rng.choice(['Main', 'North', ''])},{submitted},{decided_on or ''},{status},{reason},"
        f"{rng.choice(['100.00', '250.00'])},{allowed},{allowed or ('0.00' if decided_on else '')}"
    )


@pytest.mark.parametrize("seed", range(4))
def test_after_every_file_blocks_are_what_a_full_read_gives(practice: int, seed: int) -> None:
    rng = random.Random(seed)
    day, sent = date(2026, 1, 26), ""
    for number in range(7):
        day += timedelta(days=rng.randrange(12))
        numbers = rng.sample(range(25), 9)
        content = sent if sent and number == 4 else csv_of(*(row(rng, n, day) for n in numbers))
        known = datetime(day.year, day.month, day.day, rng.randrange(24), tzinfo=UTC) - timedelta(
            days=20 * (number == 5)
        )
        load(content + "\n" * (number == 4), known, f"{number}.csv")
        sent = content
        kept = blocks.claims(time_zone=ZONE)
        assert as_read(kept) == as_they_stand()
        ClaimBlock.objects.all().delete()
        anew = blocks.claims(time_zone=ZONE)
        assert list(anew.content()) == list(kept.content())
        assert anew.claim.tolist() == kept.claim.tolist()
    assert ClaimRevision.objects.exists()


def test_only_the_weeks_of_a_file_are_made_anew(
    practice: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    load(csv_of(pending("C1", "2026-03-02"), pending("C2", "2026-03-09"), pending("C3", "2026-03-16")))
    blocks.claims(time_zone=ZONE)
    before = dict(ClaimBlock.objects.values_list("week", "changes"))
    with django_assert_num_queries(3):
        blocks.claims(time_zone=ZONE)
    load(csv_of(denied("C2", "2026-03-09")))
    blocks.claims(time_zone=ZONE)
    after = dict(ClaimBlock.objects.values_list("week", "changes"))
    assert [week for week in after if after[week] != before[week]] == [date(2026, 3, 9)]


def test_a_claim_that_moved_to_another_week_is_where_it_is_now(practice: int) -> None:
    early, late = (datetime(2026, 4, day, 12, tzinfo=UTC) for day in (1, 20))
    load(csv_of(pending("C1", "2026-03-02"), pending("C2", "2026-03-02"), pending("C3", "2026-03-30")), early)
    then = view(date(2026, 4, 6))
    load(csv_of(pending("C2", "2026-03-30")), late)
    assert view(date(2026, 4, 6)) == then
    assert as_read(blocks.claims(time_zone=ZONE)) == as_they_stand()


def view(week: date) -> str:
    return services.load_world(services.bound_organization(), only=week).at(np.datetime64(week, "D")).fingerprint()


def test_an_answer_stands_with_its_file_and_its_payment(practice: int) -> None:
    billed(["A1", "A2"], "99213", 100, FRIDAY - timedelta(days=20))
    remitted([paid_loop("A1", "99213", 100, 80)], FRIDAY, paid=80)
    claims = blocks.claims(time_zone=ZONE)
    assert sorted(claims.payment.tolist()) == [NOBODY, Remittance.objects.get().pk]
    assert as_read(claims) == as_they_stand()


def test_later_claims_move_no_row_of_an_earlier_week(practice: int) -> None:
    """What is told of a claim later would sort it elsewhere: among claims that are alike by then it does not."""
    known = datetime(2026, 3, 20, 12, tzinfo=UTC)
    load(csv_of(*(pending(f"C{n}", "2026-03-02") for n in range(6)), paid("C7", "2026-03-02")), known)
    before = view(date(2026, 3, 16))
    load(csv_of(*(paid(f"C{n}", "2026-03-02") for n in (1, 4))), known + timedelta(days=14))
    load(csv_of(denied("C3", "2026-03-02", "2026-04-01")), known + timedelta(days=21))
    assert view(date(2026, 3, 16)) == before


def test_only_what_a_week_can_see_is_read(practice: int) -> None:
    load(csv_of(pending("C1", "2023-01-02"), pending("C2", "2026-03-02"), pending("C3", "2026-03-16")))
    seen = blocks.claims(time_zone=ZONE, first=date(2024, 1, 1), last=date(2026, 3, 2))
    assert len(seen.claim) == 3
    seen = blocks.claims(time_zone=ZONE, first=date(2024, 1, 1), last=date(2026, 3, 2))
    assert [str(day) for day in seen.submitted_date] == ["2026-03-02"]


def test_another_time_zone_makes_them_anew(practice: int) -> None:
    sunday_night = datetime(2026, 3, 9, 3, tzinfo=UTC)
    load(csv_of(pending("C1", "2026-03-02")), sunday_night)
    assert [str(week) for week in blocks.claims(time_zone=ZONE).known_week] == ["2026-03-02"]
    assert [str(week) for week in blocks.claims(time_zone="UTC").known_week] == ["2026-03-09"]


def test_no_tenant_reads_anothers_blocks(db: None) -> None:
    one, other = organization(), organization()
    with tenancy.bind(one.pk), transaction.atomic():
        load(csv_of(pending("C1", "2026-03-02")))
        assert len(blocks.claims(time_zone=ZONE).claim) == 1
    with tenancy.bind(other.pk), transaction.atomic():
        assert len(blocks.claims(time_zone=ZONE).claim) == 0
        assert not ClaimBlock.objects.exists()


def test_row_order_and_splitting_change_nothing(db: None) -> None:
    rng = random.Random(7)
    rows = [row(rng, number, date(2026, 5, 1)) for number in range(60)]
    known = datetime(2026, 5, 1, 12, tzinfo=UTC)
    one = told([csv_of(*rows)], known)
    first, rest = rows[:12], rows[12:]
    rng.shuffle(rest)
    assert told([csv_of(*first, *rest[:7]), csv_of(*rest[7:8]), csv_of(*rest[8:])], known) == one
    assert len(b"".join(one)) > 1000


def told(files: list[str], known: datetime) -> list[bytes]:
    """What judging reads of a practice that was sent these files, with payers numbered from 0."""
    made = organization()
    with tenancy.bind(made.pk), transaction.atomic():
        for number, content in enumerate(files):
            load(content, known, f"{number}.csv")
        claims = blocks.claims(time_zone=ZONE).known_by(np.datetime64("2026-05-04", "D"))
    return list(replace(claims, payer=np.unique(claims.payer, return_inverse=True)[1]).content())
