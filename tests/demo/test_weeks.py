from datetime import date

from upstream.samples.invented.people import npi_of
from upstream.samples.invented.weeks import Window, holidays, weekday_on_or_before


def test_holidays_of_a_year() -> None:
    assert sorted(holidays(2026)) == [
        date(2026, 1, 1), date(2026, 5, 25), date(2026, 7, 4), date(2026, 9, 7), date(2026, 11, 26), date(2026, 12, 25),
    ]  # fmt: skip


def test_payment_runs_move_off_a_holiday() -> None:
    window = Window.ending(date(2026, 11, 23), 1)
    assert window.pay_date(3, 0) == date(2026, 11, 25)
    assert window.pay_date(2, 0) == date(2026, 11, 25)
    assert window.pay_date(1, 0) == date(2026, 11, 24)


def test_a_claim_waits_for_the_next_run() -> None:
    window = Window(date(2026, 11, 2), 4)
    assert window.pay_week(2, date(2026, 11, 4)) == 0
    assert window.pay_week(2, date(2026, 11, 5)) == 1


def test_weekends_fall_back_to_friday() -> None:
    assert weekday_on_or_before(date(2026, 11, 15)) == date(2026, 11, 13)
    assert weekday_on_or_before(date(2026, 11, 12)) == date(2026, 11, 12)


def test_the_published_example_of_a_provider_number() -> None:
    assert npi_of("123456789") == "1234567893"
