from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import batch, entry, findings, payer
from tests.portal.conftest import Practice, words_of

QUERIES = 31


def test_nothing_new_says_what_was_watched_and_what_would_have_been_noticed(manager: Client) -> None:
    page = words_of(manager, "/portal/")
    assert (
        "Nothing new in 61 monitored series. "
        "At Summit Mutual a rise below 9 points would not have been seen within 4 weeks." in page
    )
    assert (
        "By the week of submission, as of 1 March 2026; 71% of the decisions on the last 8 weeks&#x27; claims are "
        "expected by then. Method two-clock 1." in page
    )


def test_the_payer_at_which_least_is_seen_is_named(manager: Client, practice: Practice) -> None:
    with practice.bound():
        findings.baseline(practice.run, payer("Civic Care"), visible_in_4_weeks=0.171)
        findings.baseline(practice.run, payer("Blue Mesa Plan"), visible_in_4_weeks=0.03)
    said = "At Civic Care a rise below 17 points would not have been seen within 4 weeks."
    assert said in words_of(manager, "/portal/")


def test_a_payer_with_too_few_claims_is_said_to_be_unseen(manager: Client, practice: Practice) -> None:
    with practice.bound():
        findings.baseline(practice.run, payer("Civic Care"), visible_in_4_weeks=None)
    said = "At Civic Care claims are too few for any rise of denials to be seen within 4 weeks."
    assert said in words_of(manager, "/portal/")


def test_sentence_counts_incidents_and_deadlines(manager: Client, practice: Practice) -> None:
    with practice.bound():
        findings.incident(practice.payer, practice.run, deadline=date(2026, 3, 6))
        findings.incident(practice.payer, practice.run, state="working")
        findings.incident(practice.payer, practice.run, state="resolved")
    said = "1 new, 1 changed, 2 open incidents. 1 of them due within 7 days, worth $9,200."
    assert said in words_of(manager, "/portal/")


def test_last_look_says_when_it_was_and_how_far_its_data_went(manager: Client) -> None:
    said = words_of(manager, "/portal/").split("Last look for changes</dt>")[1]
    assert said.startswith("<dd>2 March 2026, 06:00")
    assert "with data as of 1 March 2026, 61 series" in said


def test_passed_deadline_is_said_to_have_passed(manager: Client, practice: Practice) -> None:
    with practice.bound():
        findings.incident(practice.payer, practice.run, deadline=date(2026, 2, 27))
    said = words_of(manager, "/portal/")
    assert "1 open incident. None of them is due within 7 days. 1 deadline has passed." in said
    assert "passed 3 days ago" in said


def test_closest_deadline_comes_first(manager: Client, practice: Practice) -> None:
    with practice.bound():
        findings.incident(practice.payer, practice.run, title="Dear but late", at_stake_cents=9_000_000)
        findings.incident(practice.payer, practice.run, title="Cheap but urgent", deadline=date(2026, 3, 6))
    said = words_of(manager, "/portal/")
    assert said.index("Cheap but urgent") < said.index("Dear but late")


def test_more_than_seven_are_folded(manager: Client, practice: Practice) -> None:
    with practice.bound():
        for _ in range(9):
            findings.incident(practice.payer, practice.run)
    assert "2 more incidents" in words_of(manager, "/portal/")


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(
    rows: int, manager: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        for _ in range(rows):
            findings.incident(practice.payer, practice.run)
            findings.baseline(practice.run, payer())
    manager.get("/portal/")
    with django_assert_num_queries(QUERIES):
        manager.get("/portal/")


def test_first_steps_lead_a_new_practice_and_go_when_done(manager: Client, practice: Practice) -> None:
    assert words_of(manager, "/portal/").count('<li class="done">') == 0
    with practice.bound():
        batch()
    assert words_of(manager, "/portal/").count('<li class="done">') == 2
    with practice.bound():
        findings.report()
    left = 'One first step is left: <a href="/portal/incidents/replays/">See what we would have caught</a>'
    assert left in words_of(manager, "/portal/")
    with practice.bound():
        findings.replay(practice.payer)
    assert "irst step" not in words_of(manager, "/portal/")


def test_authorizations_that_end_soon_are_counted(manager: Client, practice: Practice) -> None:
    with practice.bound():
        entry(practice.payer, valid_until=date(2026, 3, 20))
    assert ">1 authorization</a> ends or runs out within 30 days" in words_of(manager, "/portal/")
