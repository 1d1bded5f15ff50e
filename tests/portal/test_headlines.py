"""Every headline is the sum of what it opens, read from the pages themselves, whatever lies in the practice."""

import re
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from typing import NamedTuple

from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import claim, findings, prices
from tests.factories.denials import item
from tests.portal.conftest import NOW, Practice, words_of
from upstream.alerts.models import Incident, IncidentClaim, ValueLine

TODAY = NOW.date()
MONEY = re.compile(r"(-?)\$([\d,]+(?:\.\d\d)?)")
DOLLARS = st.integers(0, 90_000).map(lambda dollars: dollars * 100)  # what is shown in whole dollars
CENTS = st.integers(1, 9_000_000)


class Cause(NamedTuple):
    """An incident: what is at stake, how it stands, and what each claim behind it would have brought."""

    at_stake: int
    state: str
    due_in: int | None
    snoozed: bool
    claims: list[int]
    came_back: int


CAUSES = st.lists(
    st.builds(
        Cause, DOLLARS, st.sampled_from(["new", "working", "resolved"]), st.none() | st.integers(-2, 9), st.booleans(),
        st.lists(CENTS, min_size=1, max_size=3), DOLLARS,
    ),
    max_size=4,
)  # fmt: skip
DENIALS = st.lists(st.tuples(st.integers(0, 9), DOLLARS, DOLLARS), max_size=5)


def amounts(said: str) -> list[int]:
    """Every amount of money in the text, in cents."""
    found = MONEY.findall(said)
    return [int(Decimal(f"{sign}{number.replace(',', '')}") * 100) for sign, number in found]


def opened(client: Client, address: str) -> str:
    """What the link's pages say, one after the other."""
    said = words_of(client, unescape(address))
    further = re.search(r'<a href="([^"]+)"[^>]* rel="next"', said)
    return said + (opened(client, _next(address, further[1])) if further else "")


def _next(address: str, found: str) -> str:
    return address.partition("?")[0] + unescape(found) if found.startswith("?") else found


def cells(said: str, label: str, column: int) -> list[int]:
    """The money of one column (from the right) of every table of that name."""
    bodies = re.findall(rf"{label}.*?<tbody>(.*?)</tbody>", said)
    rows = [row for body in bodies for row in re.findall(r"<tr.*?</tr>", body)]
    return [amounts(re.findall(r"<td.*?</td>", row)[column])[0] for row in rows]


def link_at(said: str, words: str) -> str:
    """Where the link with these words leads."""
    return re.findall(rf'<a href="([^"]+)">{re.escape(words)}</a>', said)[-1]


def _raise(practice: Practice, cause: Cause) -> Incident:
    until = date(2026, 6, 1) if cause.snoozed and cause.state != "resolved" else None
    due = None if cause.due_in is None else TODAY + timedelta(days=cause.due_in)
    said = {"state": cause.state, "at_stake_cents": cause.at_stake, "deadline": due, "snoozed_until": until}
    made = findings.incident(practice.payer, practice.run, **said)
    for cents in cause.claims:
        IncidentClaim.objects.create(incident=made, claim=claim(practice.payer), expected_cents=cents)
    made.claims_cents = sum(cause.claims)
    made.save()
    ValueLine.objects.create(
        incident=made, claim=claim(practice.payer), kind="recovered", adjudication_id=made.pk, day=date(2026, 2, 10),
        paid_cents=cause.came_back, counted_cents=cause.came_back,
    )  # fmt: skip
    return made


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(causes=CAUSES, denials=DENIALS)
def test_headlines_are_the_sum_of_what_they_open(
    causes: list[Cause], denials: list[tuple[int, int, int]], practice: Practice, manager: Client
) -> None:
    with transaction.atomic():
        with practice.bound():
            made = [_raise(practice, cause) for cause in causes]
            for days, expected, back in denials:
                due = TODAY + timedelta(days=days)
                item(practice.payer, deadline=due, expected_cents=expected, recovery_cents=back)
        _today(manager)
        _week(manager)
        _worklist(manager)
        for one in made:
            _incident(manager, one)
        transaction.set_rollback(True)


def _today(manager: Client) -> None:
    said = words_of(manager, "/portal/")
    sentence = said.split('<h1 class="sentence">')[1].split("</h1>")[0]
    listed = opened(manager, "/portal/incidents/").count('<li class="incident">')
    assert int((re.search(r"(\d+) open incident", sentence) or ["", "0"])[1]) == listed
    strip = said.split('id="due"')[1].split("</section>")[0]
    coming = [entry for entry in re.findall(r"<li>.*?</li>", strip) if "at stake" in entry and "passed" not in entry]
    count = re.search(r"(\d+) of them due within 7 days", sentence)
    assert int(count[1] if count else 0) == len(coming)
    assert sum(amounts(sentence)) == sum(amounts(entry.rpartition(" at stake")[0])[-1] for entry in coming)
    for address, claims, back, whole in re.findall(
        r'<a href="([^"]+)">(\d+) denied claims? to answer</a><br> <span class="quiet">(\S+) of (\S+) usually', strip
    ):
        rows = cells(opened(manager, address), 'aria-label="Denied claims"', 4)
        assert (int(claims), amounts(whole), amounts(back)) == (len(rows), [sum(rows)], [_likely(manager, address)])


def _likely(manager: Client, address: str) -> int:
    """What usually comes back of the listed claims."""
    return sum(amounts(" ".join(re.findall(r"(\S+) likely", opened(manager, address)))))


def _week(manager: Client) -> None:
    said = words_of(manager, "/portal/week/").split('class="health trio"')[1].split("</dl>")[0]
    for named, found in (("At stake", r"(\S+) at stake</span>"), ("Recovered", "")):
        address, headline = re.findall(rf'{named}.*?<dd><a href="([^"]+)">([^<]+)</a>', said)[0]
        behind = opened(manager, address)
        parts = amounts(" ".join(re.findall(found, behind))) if found else cells(behind, 'aria-label="Answers"', -1)
        assert amounts(headline) == [sum(parts)]
        if found:
            assert f"{len(parts)} incident" in said


def _worklist(manager: Client) -> None:
    said = opened(manager, "/portal/worklist/")
    lead = said.split('<p class="lead">')[1].split("</p>")[0]
    rows = cells(said, 'aria-label="Denied claims"', 4)
    assert lead.startswith(f"{len(rows)} denied claim")
    assert amounts(lead) == ([sum(rows), _likely(manager, "/portal/worklist/")] if rows else [])


def _incident(manager: Client, incident: Incident) -> None:
    said = words_of(manager, f"/portal/incidents/{incident.public_id}/")
    count, headline = re.findall(r"The (\d+) claims? behind it adds? up to <b>([^<]+)</b>, the incident's own", said)[0]
    rows = cells(said, 'aria-labelledby="claims-title"', -1)
    assert (int(count), amounts(headline)) == (len(rows), [sum(rows)])


def test_short_lines_add_up_to_what_stands_above_them(manager: Client, practice: Practice) -> None:
    with practice.bound():
        prices.one_of_each(practice.payer, claim(practice.payer))
    said = opened(manager, "/portal/underpaid/")
    totals = amounts(said.split('<dl class="facts-list">')[1].split("</dl>")[0])[:3]
    assert totals == [sum(cells(said, 'aria-labelledby="lines"', column)) for column in (-4, -3, -2)]
