"""The register of authorizations and troubles of the practice with something on every page."""

from datetime import date, timedelta

from tests.factories import NOON, entry, trouble
from upstream.authorizations.models import Entry, Risk, ToldMark, Use
from upstream.authorizations.services import set_time
from upstream.claims.models import Claim, Payer
from upstream.watchers.models import Step, Trouble


def drawn_on(of_payer: Payer, claims: list[Claim]) -> Entry:
    """An authorization with a claim in it and one at risk, one that was decided late, and a time of our own."""
    made = entry(of_payer, requested_units=24, used_units=3, recent_units=3, used_claims=2, due_source="contract 4.2")
    entry(of_payer, action="A4", due_at=NOON - timedelta(days=2), requested_date=date(2026, 2, 20), due_source="ours")
    for place, one in enumerate(claims[:2]):
        day = date(2026, 3, 9)
        values = {"units": 2 - place, "service_date": day, "covers": place == 0, "inside": True}
        Use.objects.create(entry=made, claim=one, how="number", **values)
    Risk.objects.create(claim=claims[1], entry=made, reason="code", found_on=NOON.date(), service_date=day)
    ToldMark.objects.create(entry=made, mark="used", on_day=NOON.date(), told=True)
    set_time(kind="lead", value=30, payer=of_payer, source="manual p. 12", actor="command:x")
    return made


def troubles() -> Trouble:
    """One that touches the numbers, one that somebody is at, and one that is over."""
    made = trouble(rows=3)
    trouble(kind="codes", facts={"count": 2}, affects_numbers=False, state="acknowledged", taken_by="command:x")
    trouble(state="over", over_at=NOON)
    Step.objects.create(trouble=made, kind="opened", at=NOON)
    return made
