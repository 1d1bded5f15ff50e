"""What only time shows: silence, missing days and weeks, volumes, and names nobody has decided on."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from pytest_django import Settings

from tests import factories
from tests.factories.weeks import payer_week, remittance
from tests.ingestion.told import status, tell
from tests.ingestion.world import PAID_835, csv_of, load, paid, pending, x12
from upstream.claims.choices import Outcome
from upstream.claims.models import Payer
from upstream.ingestion.quality import queries, services
from upstream.ingestion.quality.models import Finding

pytestmark = pytest.mark.usefixtures("practice")
MONDAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def monday(settings: Settings) -> None:
    settings.FIXED_NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


def look() -> dict[str, Finding]:
    with transaction.atomic():
        services.measure_practice()
        return {row.check_name: row for row in queries.open_findings().filter(batch=None)}


def paid_on(payer: Payer, *days: date) -> None:
    for number, day in enumerate(days):
        remittance(
            payer, payment_date=day, key_bidx=f"{payer.pk:04}{number:012}".encode(),
            known_at=datetime(day.year, day.month, day.day, 18, tzinfo=UTC),
        )  # fmt: skip


def every(weekday: int, weeks: range) -> list[date]:
    """That weekday of so many weeks before this Monday; week 1 is the last one."""
    return [MONDAY + timedelta(days=weekday - 7 * week) for week in reversed(weeks)]


def test_a_payer_that_falls_silent_is_told_and_returns() -> None:
    summit, civic = factories.payer("Summit Mutual"), factories.payer("Civic Care")
    paid_on(civic, *every(2, range(1, 25)))
    paid_on(summit, *every(3, range(4, 28)))
    found = look()
    assert set(found) == {"payer_silent"}
    silent = found["payer_silent"]
    assert (silent.payer, silent.count) == (summit, 20)
    assert (silent.first_day, silent.last_day) == (date(2026, 2, 6), date(2026, 2, 25))
    assert silent.share < 0.001
    assert queries.caveats(summit.pk)[0].words == (
        "Summit Mutual has sent no remittance for longer than its rhythm explains: look at the data first"
    )
    remittance(summit, payment_date=date(2026, 2, 26))
    assert look() == {}
    assert Finding.objects.get().state == "cleared"


def test_silence_of_everybody_is_no_payers_fault() -> None:
    for name in ("Summit Mutual", "Civic Care"):
        paid_on(factories.payer(name), *every(3, range(8, 30)))
    assert look() == {}


def test_a_dismissed_silence_stays_so_while_it_lasts() -> None:
    summit, civic = factories.payer("Summit Mutual"), factories.payer("Civic Care")
    paid_on(summit, *every(3, range(5, 28)))
    paid_on(civic, *every(2, range(2, 25)))
    services.dismiss(look()["payer_silent"], actor="user:1", note="no contract any more")
    remittance(civic, payment_date=date(2026, 2, 25))
    assert look() == {}
    assert Finding.objects.get().count == 27


def test_a_business_day_without_any_payer_is_told_and_a_holiday_is_not() -> None:
    missing, holiday = date(2026, 2, 24), date(2026, 2, 16)
    days = [MONDAY - timedelta(days=number) for number in range(1, 182)]
    for name in ("Summit Mutual", "Civic Care", "Northstar Health"):
        paid_on(factories.payer(name), *(day for day in days if day.weekday() < 5 and day not in (missing, holiday)))
    found = look()
    assert set(found) == {"day_missing"}
    assert (found["day_missing"].count, found["day_missing"].detail) == (1, {"days": ["2026-02-24"]})


@pytest.mark.parametrize(("last", "names"), [(40, {"volume_dropped"}), (90, set()), (230, {"volume_jumped"})])
def test_volume_far_from_usual_is_told(last: int, names: set[str]) -> None:
    summit = factories.payer("Summit Mutual")
    for week in range(1, 13):
        day = MONDAY - timedelta(weeks=week)
        number = last if week == 1 else 100 + 3 * (week % 3)
        payer_week(summit, Outcome.PENDING, number, 100, submitted_week=day, known_week=day)
    found = look()
    assert set(found) == names
    for row in found.values():
        assert (row.count, row.of, row.payer, row.first_day) == (last, 103, summit, date(2026, 2, 23))


def test_no_file_for_longer_than_usual_is_told() -> None:
    for day in every(4, range(3, 25)):
        factories.batch(received_at=datetime(day.year, day.month, day.day, 18, tzinfo=UTC))
    found = look()["files_missing"]
    assert (found.first_day, found.last_day, found.severity) == (date(2026, 2, 14), MONDAY, "warning")


def test_a_name_that_waits_for_a_decision_is_a_caveat_of_its_claims() -> None:
    load(csv_of(*(paid(f"A{n}").replace("Summit Mutual", "Blue Mesa Plan") for n in range(3))))
    load(csv_of(paid("B1").replace("Summit Mutual", "Blue Mesa Plans")))
    found = look()
    if "payer_unmapped" in found:
        row = found["payer_unmapped"]
        assert (row.count, row.of, row.severity) == (1, 4, "fault")


def test_statuses_of_claims_that_no_file_names_are_told_until_it_comes() -> None:
    file = tell(*(status(f"S{number}", event_key=f"E{number}") for number in range(12)))
    services.measure(file)
    found = Finding.objects.get()
    assert (found.check_name, found.count, found.of) == ("statuses_of_unknown_claims", 12, 12)
    load(csv_of(*(pending(f"S{number}") for number in range(12))))
    services.measure(file)
    found.refresh_from_db()
    assert found.state == "cleared"


def test_answers_to_unknown_claims_are_compared_with_what_is_usual() -> None:
    load(csv_of(*(pending(f"K{n}") for n in range(60))))
    for number in range(3):
        known = [PAID_835.replace("C1*", f"K{20 * number + n}*").replace("ICN1", f"I{number}{n}") for n in range(20)]
        load(x12(*known, amount="1280", check=f"K{number}", control=f"00000001{number}"))
    strange = [PAID_835.replace("C1*", f"U{n}*").replace("ICN1", f"U{n}") for n in range(20)]
    load(x12(*strange, amount="1280", check="U", control="000000099"))
    with transaction.atomic():
        services.measure_new()
    found = Finding.objects.get(check_name="answers_of_unknown_claims")
    assert (found.count, found.of, found.limit) == (20, 20, 0.25)
