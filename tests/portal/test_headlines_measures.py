"""Whatever lies in a practice, the claims that a measure opens give it exactly, as its pages show them."""

import csv
import re
from collections import Counter
from io import StringIO
from statistics import median
from typing import NamedTuple

from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.kpis import generated
from tests.kpis.generated import PRACTICES, Drawn
from tests.portal.conftest import Practice, words_of
from tests.portal.test_headlines import amounts, cells, opened
from upstream.kpis.behind import BEHIND
from upstream.kpis.choices import Unit
from upstream.kpis.definitions import BY_KEY, LAGS, RESOLVED
from upstream.portal.queries.kpis import shown

WEEKS = f"first={generated.FIRST}&last={generated.LAST}"
LATER = f"first={generated.FIRST + generated.HALF_A_YEAR}&last={generated.LAST + generated.HALF_A_YEAR}"
OF = {definition.key: of for of, definition in LAGS.items()}
WITHIN = {definition.key: days for days, definition in RESOLVED.items()}
MIDDLES = {"remit_lag", "days_to_appeal", "days_to_verdict"}
ALL_LISTED = {
    "first_pass_yield", "prompt_pay", "clean_claim_rate", "down_coded_rate", "overturn_rate", "ar_over_90",
    "payer_collection",
}  # fmt: skip
ANY = settings(
    max_examples=6, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)


class Line(NamedTuple):
    """One claim as the list shows it; cents and days are numbers, what its list does not tell is None."""

    days: int | None
    became: str | None
    counts: bool
    cents: int
    of: int | None
    marked: bool


def lines(said: str, key: str) -> list[Line]:
    """Every claim of all pages of the list."""
    if "<table data-rows" not in said:
        return []
    heads = re.findall(r"<th[^>]*>(.*?)</th>", re.findall(r'id="claims".*?<thead>(.*?)</thead>', said)[0])
    bodies = re.findall(r'aria-labelledby="claims" tabindex.*?<tbody>(.*?)</tbody>', said)
    return [
        _line(dict(zip(heads, _cells(row), strict=True)), key) for body in bodies for row in body.split("</tr>")[:-1]
    ]


def _cells(row: str) -> list[str]:
    return re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)


def _line(row: dict[str, str], key: str) -> Line:
    days = re.sub("<.*?>", "", row["Days"]) if "Days" in row else None
    counts = row.get(BEHIND[key].counts.capitalize(), "yes") == "yes"
    money = amounts(row.get("Counted") or row["Charges"])[0]
    of = amounts(row["Of"])[0] if "Of" in row else None
    marked = "<mark>" in row.get("Days", "")
    return Line(int(days) if days else None, row.get("What became of it"), counts, money, of, marked)


def paid_by(rows: list[Line], share: float) -> float | None:
    """The first day by which this share is paid, what waits or left counting as long as it was watched."""
    left = 1.0
    for day in sorted({row.days or 0 for row in rows if row.counts}):
        at_risk = sum((row.days or 0) >= day for row in rows)
        left *= 1 - sum(row.counts and row.days == day for row in rows) / at_risk
        if round(1 - left, 6) >= share:
            return day
    return None


def ended_within(rows: list[Line], days: int) -> float | None:
    """The share of denials paid by that day, the patient's part being another end."""
    if not rows or max(row.days or 0 for row in rows) < days:
        return None
    left, paid = 1.0, 0.0
    for day in sorted({row.days or 0 for row in rows if (row.days or 0) <= days}):
        at_risk = sum((row.days or 0) >= day for row in rows)
        ends = Counter(row.became for row in rows if row.days == day and row.counts)
        paid += left * ends["paid"] / at_risk
        left *= 1 - sum(ends.values()) / at_risk
    return paid


def middle_of(key: str, days: list[int]) -> float:
    """The middle one; of answers of payers the lower of two."""
    return sorted(days)[(len(days) - 1) // 2] if key == "remit_lag" else median(days)


def value_of(key: str, rows: list[Line], measure: dict[str, str]) -> float | None:
    """The measure, from nothing but its list (and the denominator that it says, where its list is of the numerator)."""
    if key in OF:
        return paid_by(rows, OF[key] / 100)
    if key in WITHIN:
        return ended_within(rows, WITHIN[key])
    if key in MIDDLES:
        return middle_of(key, [row.days for row in rows if row.days is not None])
    of_money = BY_KEY[key].of_money
    some = sum(row.cents for row in rows) / 100 if of_money else sum(row.counts for row in rows)
    if not measure["denominator"]:
        return some
    whole = float(measure["denominator"])
    if key in ALL_LISTED:
        listed = sum(row.of or 0 for row in rows) / 100 if of_money else len(rows)
        assert (key, listed) == (key, whole)
    assert (key, some) == (key, float(measure["numerator"]))
    # Charges a day are told in whole cents.
    return float(measure["value"]) if key == "days_in_ar" else some / whole


@ANY
@given(drawn=PRACTICES, one_payer=st.booleans())
def test_every_measure_is_what_its_list_gives(
    drawn: list[Drawn], one_payer: bool, practice: Practice, manager: Client
) -> None:
    with transaction.atomic():
        with practice.bound():
            generated.build(drawn)
        alone = f"&payer={practice.payer.public_id}" if one_payer else ""
        for weeks in (WEEKS, LATER):
            _holds(manager, weeks + alone)
        transaction.set_rollback(True)


def _holds(manager: Client, query: str) -> None:
    answer = manager.get(f"/portal/measures/csv/?{query}").content.decode()
    measures = {row["measure"]: row for row in csv.DictReader(StringIO(answer))}
    said = words_of(manager, f"/portal/measures/?{query}")
    links = dict(re.findall(r'href="(/portal/measures/claims/[^"]*?measure=(\w+)[^"]*)"', said))
    assert set(links.values()) == {key for key in BEHIND if measures[key]["n"] not in ("", "0")}
    for address, key in links.items():
        behind = opened(manager, address)
        rows = lines(behind, key)
        value = value_of(key, rows, measures[key])
        given = float(measures[key]["value"]) if measures[key]["value"] else None
        assert (key, value) == (key, given if given is None or value is None else _near(value, given))
        unit = BY_KEY[key].unit
        assert f'<p class="lead">{shown(unit, value * 100 if value and unit == Unit.CENTS else value)}' in behind
        if key in OF or key in MIDDLES:
            days = [row.days or 0 for row in rows if row.counts]
            around = value is not None and {max(x for x in days if x <= value), min(x for x in days if x >= value)}
            assert {row.days for row in rows if row.marked} <= (around or set())
            assert any(row.marked for row in rows) == (value is not None)


def _near(value: float, given: float) -> float:
    """The value where it is the given one, but for the last bits of adding up."""
    return value if abs(value - given) < 1e-5 else given


@ANY
@given(drawn=PRACTICES, by=st.sampled_from(["week", "month"]), first=st.sampled_from(["2026-01-01", "2026-01-14"]))
def test_sums_of_a_period_are_those_of_its_rows_and_of_the_answers(
    drawn: list[Drawn], by: str, first: str, practice: Practice, manager: Client
) -> None:
    with transaction.atomic():
        with practice.bound():
            generated.build(drawn)
        said = words_of(manager, f"/portal/data/reconciliation/?first={first}&last=2026-04-30&by={by}")
        together = re.findall(r'aria-labelledby="sums".*?<tfoot>(.*?)</tfoot>', said)
        if together:
            columns = [cells(said, 'aria-labelledby="sums"', column) for column in range(-4, 0)]
            assert amounts(together[0]) == [sum(column) for column in columns]
        transaction.set_rollback(True)
