"""What was known at a week stays what it was, whatever comes later."""

from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from tests.factories import batch, claim
from tests.factories.worlds import FIRST, LAST_SUNDAY, WEEKS, World, add_weeks, noon, recount
from upstream.claims.choices import Outcome
from upstream.claims.models import Claim, ClaimRevision, PayerWeek, ProcedureWeek, SiteWeek
from upstream.claims.models.rollup import TriangleCell
from upstream.detection import services
from upstream.detection.triangle import Rows, Triangle, build
from upstream.detection.world import View

NOW = np.datetime64(LAST_SUNDAY - timedelta(days=6), "D")
EARLIER = NOW - np.timedelta64(70, "D")


def view(world: World, week: np.datetime64 = EARLIER) -> View:
    return services.load_world(world.organization).at(week)


def test_later_weeks_change_no_earlier_view(changed: World) -> None:
    before = view(changed, NOW).fingerprint()
    add_weeks(changed, WEEKS, WEEKS + 2)
    assert view(changed, NOW).fingerprint() == before
    assert view(changed, NOW + np.timedelta64(14, "D")).fingerprint() != before


def test_new_codes_reasons_and_payers_change_no_earlier_view(changed: World) -> None:
    before = view(changed).fingerprint()
    late = noon(LAST_SUNDAY)
    claim(
        changed.civic, procedure_code="00100", submitted_date=date(2025, 8, 4), known_at=late, outcome=Outcome.DENIED,
        denial_group="CO", denial_carc="11", decision_known_at=late, decided_date=LAST_SUNDAY,
    )  # fmt: skip
    recount(changed.organization)
    assert view(changed).fingerprint() == before


def correct(world: World, made: Claim, known: datetime, **facts: object) -> None:
    """What merging a correction leaves: the old facts in a revision, the new ones on the claim."""
    names = [f.name for f in ClaimRevision._meta.fields if f.name not in ("id", "tenant", "claim")]
    kept = {name: getattr(made, name) for name in names if hasattr(made, name)}
    ClaimRevision.objects.create(claim=made, known_from=made.known_at, known_until=known, **kept)
    Claim.objects.filter(pk=made.pk).update(facts_known_at=known, batch_id=batch().pk, **facts)
    recount(world.organization)


def test_a_correction_counts_from_when_it_became_known(changed: World) -> None:
    made = Claim.objects.filter(payer=changed.summit, procedure_code="99213", submitted_date=FIRST).first()
    assert made is not None
    before, now = view(changed).fingerprint(), counted(changed, NOW, "procedure", "73721")
    correct(changed, made, noon(LAST_SUNDAY), procedure_code="73721", billed_cents=98_000)
    assert view(changed).fingerprint() == before
    assert counted(changed, NOW, "procedure", "73721") == now + 1


def test_a_correction_to_another_payer_moves_the_claim(changed: World) -> None:
    made = Claim.objects.filter(payer=changed.summit, submitted_date=FIRST).first()
    assert made is not None
    then, now = counted(changed, EARLIER, "payer", ""), counted(changed, NOW, "payer", "")
    correct(changed, made, noon(LAST_SUNDAY), payer=changed.civic)
    assert (counted(changed, EARLIER, "payer", ""), counted(changed, NOW, "payer", "")) == (then, now - 1)


def counted(world: World, week: np.datetime64, level: str, key: str) -> int:
    """Summit Mutual's claims of a series as known at a week."""
    found = next(made for made in view(world, week).triangles if made.level == level)
    return int(found.submitted[found.keys.index((world.summit.pk, key))].sum())


def test_what_detection_counts_is_what_the_pages_count(changed: World) -> None:
    triangles = {made.level: made for made in view(changed, NOW).triangles}
    assert same(build("payer", rows(PayerWeek, ("",), lambda _: ""), NOW), triangles["payer"])
    codes = ("73721", "99213")
    assert same(build("procedure", rows(ProcedureWeek, codes, lambda c: c.procedure_code), NOW), triangles["procedure"])
    places = tuple(site.name for site in changed.sites)
    named = {site.pk: site.name for site in changed.sites}
    assert same(build("location", rows(SiteWeek, places, lambda c: named[c.site_id]), NOW), triangles["location"])


def rows(level: type[TriangleCell], labels: tuple[str, ...], key: Callable[[Any], str]) -> Rows:
    """The cells that are kept for pages."""
    cells = list(level.objects.all())
    numbers = [
        np.array([getattr(cell, name) for cell in cells], dtype=np.int64)
        for name in ("outcome", "claims", "billed_cents", "allowed_cents", "paid_cents")
    ]
    weeks = [
        np.array([getattr(cell, name) for cell in cells], dtype="datetime64[D]")
        for name in ("submitted_week", "known_week")
    ]
    payers = np.array([cell.payer_id for cell in cells], dtype=np.int64)
    return Rows(payers, np.array([labels.index(key(cell)) for cell in cells]), labels, *weeks, *numbers)


def same(one: Triangle, two: Triangle) -> bool:
    """Both are equal to the last cell."""
    return one.keys == two.keys and all(
        np.array_equal(getattr(one, f.name), getattr(two, f.name))
        for f in fields(one)
        if isinstance(getattr(one, f.name), np.ndarray)
    )


def test_corrected_versions_of_a_claim_never_count_twice(changed: World) -> None:
    made = Claim.objects.filter(payer=changed.summit, procedure_code="99213", submitted_date=FIRST).first()
    assert made is not None
    correct(changed, made, noon(LAST_SUNDAY - timedelta(days=30)), procedure_code="73721")
    for week in (EARLIER, NOW):
        known = view(changed, week).claims.claim
        assert len(known) == len(set(known.tolist()))
