"""The list of payers: each against its own usual, and every number opens to what it says."""

import re

from django.test import Client

from tests.factories import findings, payer, prices
from tests.kpis import world
from tests.portal.conftest import Practice, words_of
from tests.portal.test_headlines import amounts, cells, opened
from upstream.core import tenancy

PAGE = "/portal/payers/"
DOLLARS, COUNTS = ["$100", "$1,110"], ["3"]


def row_of(said: str, name: str) -> str:
    """The payer's row of the list, without its tags."""
    rows = re.findall(r"<tr.*?</tr>", said.split('id="all"')[1])
    found = next(row for row in rows if f">{name}</a>" in row)
    return " ".join(re.sub(r"<title>.*?</desc>|<[^>]+>", " ", found).split())


def test_each_payer_stands_against_its_own_usual(manager: Client, practice: Practice) -> None:
    with practice.bound():
        quiet = payer("Quiet Plan")
        agreed = prices.contract(practice.payer)
        prices.fees(agreed, "99213,,,80.00,,,")
        prices.short_line(agreed)
        findings.baseline(practice.run, quiet, weekly_claims=2, visible_in_4_weeks=None)
        payer("Newcomer")
        for strength, metric in (("strong", "denial_rate"), ("watch", "payment_delay")):
            findings.incident(practice.payer, practice.run, strength=strength, metric=metric)
    said = words_of(manager, PAGE)
    assert row_of(said, "Quiet Plan") == (
        "Quiet Plan Not known yet 0 claims, $0 billed 11.0% few claims 19 days usually 18 $0 $0 before – no contract 0 "
        "any rise too few claims"
    )
    assert row_of(said, "Newcomer") == (
        "Newcomer Not known yet 0 claims, $0 billed – not looked at yet – – $0 $0 before – no contract 0 –"
    )
    assert row_of(said, "Summit Mutual") == (
        "Summit Mutual Not known yet 0 claims, $0 billed 11.0% ▲ worse +1.0 points, usually 10.0% 19 days usually 18 "
        "$0 $0 before $10 1 line 2 a rise below 9 points within 4 weeks"
    )


def test_money_and_counts_of_the_list_open_to_what_they_say(manager: Client, practice: Practice) -> None:
    with tenancy.bind(practice.organization.pk):
        world.build()
    said = words_of(manager, PAGE).split('id="all"')[1]
    dollars = re.findall(r'<a href="(/portal/measures/claims/\?measure=denied_dollars[^"]+)">([^<]+)</a>', said)
    counts = re.findall(r'<a href="(/portal/measures/claims/\?measure=resolved[^"]+)">(\d+) refused</a>', said)
    assert [shown for _, shown in dollars] == DOLLARS
    assert [shown for _, shown in counts] == COUNTS
    for address, shown in dollars:
        assert amounts(shown) == [sum(cells(opened(manager, address), 'aria-labelledby="claims"', -1))]
    for address, shown in counts:
        assert len(cells(opened(manager, address), 'aria-labelledby="claims"', -1)) == int(shown)


def test_the_list_as_a_file(manager: Client, practice: Practice) -> None:
    answer = manager.get(PAGE, {"csv": "payers"})
    assert answer.content.decode().splitlines() == [
        "payer,denial_rate,low_95,high_95,usual_rate,refused_so_far,days_to_half_paid,usual_days_to_half_paid,denied,"
        "denied_before,underpaid_open,open_incidents,smallest_rise_seen_in_4_weeks,as_of",
        "Summit Mutual,0.11,0.08,0.14,0.1,0,19.0,18.0,0.00,0.00,,0,0.09,2026-03-01",
    ]
