"""The other clock of an incident: by the week in which the answer became known."""

from datetime import date

import pytest
from django.test import Client

from tests.factories import findings
from tests.portal.conftest import Practice, words_of
from upstream.alerts.models import Incident
from upstream.claims.choices import Outcome
from upstream.claims.models import PayerWeek, ProcedureWeek, ReasonWeek
from upstream.core.charts import NowcastChart
from upstream.portal.queries.remitted import remitted

SENT, FIRST, SECOND = date(2026, 1, 5), date(2026, 2, 2), date(2026, 2, 9)
NO_MONEY = {"billed_cents": 0, "allowed_cents": 0, "paid_cents": 0}


def _answers(practice: Practice) -> None:
    """In the first week 1 of 4 knee scans is refused, in the second 3 of 4, all for CO-197; visits are paid."""
    for week, refused, paid in ((FIRST, 1, 3), (SECOND, 3, 1)):
        told = {"payer": practice.payer, "submitted_week": SENT, "known_week": week, **NO_MONEY}
        ProcedureWeek.objects.create(**told, procedure_code="73721", outcome=Outcome.DENIED, claims=refused)
        ProcedureWeek.objects.create(**told, procedure_code="73721", outcome=Outcome.PAID, claims=paid)
        ReasonWeek.objects.create(**told, category="AUTH", reason="CO-197", outcome=Outcome.DENIED, claims=refused)
        PayerWeek.objects.create(**told, outcome=Outcome.DENIED, claims=refused)
        PayerWeek.objects.create(**told, outcome=Outcome.PAID, claims=paid + 96)
        PayerWeek.objects.create(**told, outcome=Outcome.PENDING, claims=900)


def _rates(chart: NowcastChart | None) -> list[tuple[date, float | None, int]]:
    return [(week.week, week.rate, week.claims) for week in chart.weeks] if chart else []


@pytest.mark.parametrize(
    ("scope", "rates"),
    [
        ({"procedure_code": "73721"}, [(FIRST, 0.25, 4), (SECOND, 0.75, 4)]),
        ({"procedure_code": "", "denial_reason": "CO-197"}, [(FIRST, 0.01, 100), (SECOND, 0.03, 100)]),
        ({"procedure_code": "", "denial_reason": ""}, [(FIRST, 0.01, 100), (SECOND, 0.03, 100)]),
        ({"metric": "payment_delay"}, []),
    ],
)
def test_refused_of_answered_by_week(practice: Practice, scope: dict[str, str], rates: list[object]) -> None:
    with practice.bound():
        _answers(practice)
        made: Incident = findings.incident(practice.payer, practice.run, **scope)
        assert _rates(remitted(made)) == rates


def test_without_answers_there_is_none(practice: Practice) -> None:
    with practice.bound():
        assert remitted(findings.incident(practice.payer, practice.run)) is None


def test_page_shows_it_when_asked(practice: Practice, manager: Client) -> None:
    with practice.bound():
        _answers(practice)
        made = findings.incident(practice.payer, practice.run)
    page = f"/portal/incidents/{made.public_id}/"
    assert "Refused of answered claims" not in words_of(manager, page)
    assert "Refused of answered claims by week of the answer" in words_of(manager, f"{page}?clock=answer")
