"""Facts are what the claims say, PHI-free, one month a file, written anew when a claim of the month changed."""

from datetime import date

import pytest
from django.db import transaction

from tests.explore.conftest import write_facts
from tests.ingestion.world import csv_of, load, sent
from tests.kpis.world import FIRST, at, pending
from upstream.claims.models import Payer
from upstream.core import storage
from upstream.explore.answering import answer
from upstream.explore.facts.reading import standing
from upstream.explore.facts.writing import is_waiting
from upstream.explore.models import FactPart
from upstream.explore.question import question_of
from upstream.explore.terms import MEASURES
from upstream.kpis.measures import measures
from upstream.tenants.services import tenant_keys

LATER = date(2026, 3, 1)


def asked(**more: object) -> dict[str, object]:
    return {"measures": ["claims"], "first": str(FIRST), "last": str(LATER), **more}


def table(**more: object) -> list[tuple[object, ...]]:
    found = answer(question_of(asked(**more)))
    return [(*line.names, *(value.value for value in line.values)) for line in [*found.lines, found.total]]


@pytest.mark.parametrize("basis", ["sent", "answer", "service"])
def test_measures_of_the_measures_page_are_the_same_to_the_cent(small, basis):
    """For all payers and for each, over the same weeks, wherever the measure is defined by this day."""
    mine = [term.key for term in MEASURES if term.kpi and term.basis == basis]
    with transaction.atomic():
        for payer in (None, *Payer.objects.all()):
            page = measures(FIRST, LATER, payer)
            filters = [{"dimension": "payer", "values": [payer.name]}] if payer else []
            own = answer(question_of(asked(measures=["claims", *mine], basis=basis, filters=filters)))
            told = {value.term.key: (value.some, value.of, value.value) for value in own.total.values[1:]}
            theirs = {key: page[key] for key in mine}
            assert told == {key: (m.numerator or 0, m.denominator or 0, m.value) for key, m in theirs.items()}


def test_sums_by_payer_and_week(small):
    """Claims, billed, refused and collected cents, claims denied whole: `world` says what happened."""
    with transaction.atomic():
        found = table(measures=["claims", "billed", "refused", "collected", "denied_claims"], by=["payer", "week"])
    assert found == [
        ("Civic Care", "2026-01-05", 1, 10_000, 0, 8_000, 0),
        ("Civic Care", "2026-01-12", 1, 10_000, 10_000, 0, 1),
        ("Summit Mutual", "2026-01-05", 6, 151_000, 96_000, 22_800, 1),
        ("Summit Mutual", "2026-01-12", 2, 25_000, 15_000, 6_400, 1),
        ("All", 10, 196_000, 121_000, 37_200, 3),
    ]


def test_filters_sorting_and_what_is_left_out(small):
    with transaction.atomic():
        refused = table(measures=["refused"], by=["carc"], sort="refused", basis="answer")
        chosen = table(
            by=["procedure_code"], filters=[{"dimension": "payer", "values": ["Civic Care"], "leave_out": True}]
        )
    assert refused == [("197", 100_000), ("16", 15_000), ("50", 6_000), ("not told", 0), ("All", 121_000)]
    assert chosen == [("73721", 1), ("99212", 1), ("99213", 6), ("All", 8)]


def test_a_month_is_written_again_when_a_claim_of_it_changed(small, django_capture_on_commit_callbacks):
    """A later claim of the family changes the facts of the month in which the family was first submitted."""
    with transaction.atomic():
        load(csv_of(pending("D1", date(2026, 2, 2), 100)), known_at=at(date(2026, 2, 3)))
        assert is_waiting()
        assert standing().claims == 10
    assert write_facts() == 1
    with transaction.atomic():
        before = {part.month: part.sha256 for part in FactPart.objects.all()}
        assert list(before) == [date(2026, 1, 1), date(2026, 2, 1)]
        assert not is_waiting()
        load(sent(("B2R", "7", "ICNB2"), day="20260210"), known_at=at(date(2026, 2, 10)))
    with django_capture_on_commit_callbacks(execute=True):
        assert write_facts() == 2
    with transaction.atomic():
        assert table(measures=["times_sent_again"]) == [("All", 2)]
        now = {part.month: part.sha256 for part in FactPart.objects.all()}
        kept = set(storage.stored("facts", tenant_keys()))
    assert now[date(2026, 1, 1)] != before[date(2026, 1, 1)]
    assert kept == set(now.values())


def test_a_new_name_of_a_payer_stands_in_the_facts(small):
    with transaction.atomic():
        Payer.objects.filter(name="Civic Care").update(name="Civic Care Plan")
        assert is_waiting()
    write_facts()
    with transaction.atomic():
        assert [line[0] for line in table(by=["payer"])] == ["Civic Care Plan", "Summit Mutual", "All"]


def test_the_same_claims_make_the_same_file(small):
    with transaction.atomic():
        before = set(FactPart.objects.values_list("sha256", flat=True))
        FactPart.objects.update(stale=True)
    assert write_facts() == 1
    with transaction.atomic():
        assert set(FactPart.objects.values_list("sha256", flat=True)) == before
