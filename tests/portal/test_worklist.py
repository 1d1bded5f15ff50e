"""The worklist in the portal: lists, one claim after the other, and many at once."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import claim, findings, payer
from tests.factories.denials import answer, item
from tests.portal.conftest import Practice, SignedIn, denial, words_of
from upstream.claims.choices import Outcome
from upstream.worklist.models import Act, Item, Recovery

LIST = "/portal/worklist/"


def listed(client: Client, query: str = "") -> list[str]:
    """The claims of the list in their order, by the ends of their ids."""
    page = client.get(f"{LIST}{query}")
    assert page.status_code == 200
    return [row.item.claim.procedure_code for row in page.context["rows"]]


def test_by_deadline_then_by_what_should_come_back(manager: Client, five: dict[str, Item]) -> None:
    assert listed(manager) == ["B", "A", "C"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?show=passed", ["D"]),
        ("?show=aside", ["E"]),
        ("?show=closed", []),
        ("?soon=on", ["B", "A"]),
        ("?whose=mine", ["C"]),
        ("?whose=nobody", ["B", "A"]),
        ("?category=DATA", ["C"]),
        ("?step=sent", []),
        ("?due=2026-03-05", ["B", "A"]),
        ("?on=2026-04-14", ["B", "A", "C"]),
        ("?payer=nobody&whose=x&step=y&show=z&incident=q", ["B", "A", "C"]),
    ],
)
def test_filters(manager: Client, five: dict[str, Item], query: str, found: list[str]) -> None:
    assert listed(manager, query) == found


def test_a_deadline_holds_to_the_end_of_its_day(practice: Practice, manager: Client) -> None:
    with practice.bound():
        denial(practice, "TODAY", deadline=date(2026, 3, 2))
    assert (listed(manager), listed(manager, "?show=passed")) == (["TODAY"], [])


def test_of_one_payer_and_of_one_incident(practice: Practice, manager: Client, five: dict[str, Item]) -> None:
    with practice.bound():
        other = payer("Civic Care")
        there = denial(practice, "F", payer=other)
        incident = findings.incident(practice.payer, practice.run)
        findings.behind(incident, five["A"].claim)
    assert listed(manager, f"?payer={other.public_id}") == ["F"]
    assert listed(manager, f"?incident={incident.public_id}") == ["A"]
    page = words_of(manager, f"/portal/incidents/{incident.public_id}/")
    assert "1 claim on the worklist" in page
    manager.post(f"{LIST}bulk/", {
        "filters": f"incident={incident.public_id}", "whole": "on", "act": "assign", "member": practice.manager.pk
    })  # fmt: skip
    with practice.bound():
        assert list(Item.objects.filter(owner=practice.manager).order_by("pk")) == [five["A"], five["C"]]
        assert there.owner is None


def test_the_heading_is_the_sum_of_the_items(practice: Practice, manager: Client, five: dict[str, Item]) -> None:
    sums = manager.get(LIST).context["sums"]
    assert (sums.claims, sums.expected_cents, sums.recovery_cents) == (3, 60_000, 11_000)
    assert "3 denied claims, $600 expected in full; <b>$110</b> of that usually comes back" in words_of(manager, LIST)


def test_each_row_says_what_a_biller_needs(practice: Practice, manager: Client) -> None:
    with practice.bound():
        denial(practice, "73721", remark_codes="N54", clock_basis="unknown", deadline=date(2026, 3, 6))
    page = words_of(manager, LIST)
    for words in ("Summit Mutual", "6 Feb 2026", "$500.00", "$200.00", "$100.00 likely", "CO-197", "N54", "To do"):
        assert words in page
    assert '<b class="wrong">4</b>' in page
    assert "check contract" in page


def test_the_number_of_questions_does_not_grow_with_the_rows(
    practice: Practice, manager: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        denial(practice, "A", owner=practice.manager)
    manager.get(LIST)  # the first page of a session writes it down
    with django_assert_num_queries(26):
        manager.get(LIST)
    with practice.bound():
        for code in "BC":
            denial(practice, code, owner=practice.manager, payer=payer())
    with django_assert_num_queries(26):
        manager.get(LIST)


def send(client: Client, row: Item, act: str, **fields: object) -> Any:
    values = {"act": act, "version": row.version, **fields}
    return client.post(f"{LIST}{row.public_id}/act/", values)


def now(practice: Practice, row: Item) -> Item:
    with practice.bound():
        return Item.objects.select_related("owner").get(pk=row.pk)


def test_after_a_move_comes_the_next_claim_of_the_list(
    practice: Practice, manager: Client, five: dict[str, Item]
) -> None:
    answer = send(manager, five["B"], "step", to_step="working", note="Called", then="next", filters="whose=nobody")
    assert answer.url == f"{LIST}{five['A'].public_id}/?whose=nobody"
    assert now(practice, five["B"]).step == "working"
    answer = send(manager, five["A"], "snooze", until="2026-03-04", then="next", filters="whose=nobody")
    assert answer.url == f"{LIST}{five['B'].public_id}/?whose=nobody"
    answer = send(manager, five["C"], "step", to_step="won", then="next", filters="whose=mine")
    assert answer.url == f"{LIST}?whose=mine"


def test_the_second_editor_sees_what_changed_and_overwrites_nothing(
    practice: Practice, manager: Client, signed_in: SignedIn, five: dict[str, Item]
) -> None:
    row = five["A"]
    send(signed_in("biller"), row, "step", to_step="sent", note="By fax")
    refused = send(manager, row, "step", to_step="written_off", note="Too small")
    assert refused.status_code == 409
    said = " ".join(refused.content.decode().split())
    assert "Changed meanwhile" in said
    assert "moved it to sent" in said
    assert now(practice, row).step == "sent"
    assert 'name="version" value="2"' in said


def test_wrong_input_is_told_at_its_field(practice: Practice, manager: Client, five: dict[str, Item]) -> None:
    assert send(manager, five["A"], "step", to_step="nowhere").status_code == 422
    assert send(manager, five["A"], "sing").status_code == 422
    answer = manager.post(f"{LIST}{five['A'].public_id}/act/", {"act": "snooze", "version": 1, "until": "2026-03-01"})
    assert answer.status_code == 302
    assert "a day to come" in words_of(manager, answer.url)


def test_notes_are_kept_and_shown_in_the_story(practice: Practice, manager: Client, five: dict[str, Item]) -> None:
    send(manager, five["A"], "note", text="They want the order <signed>.")
    page = words_of(manager, f"{LIST}{five['A'].public_id}/")
    assert "They want the order &lt;signed&gt;." in page


def test_the_story_in_plain_words(practice: Practice, manager: Client) -> None:
    with practice.bound():
        told = claim(practice.payer, outcome=Outcome.DENIED, submitted_date=date(2026, 2, 6))
        denied = answer(told)
        paid = answer(told, Outcome.PAID, paid_cents=8_000, decided_date=date(2026, 2, 24))
        answer(told, Outcome.REVERSED, reverses=paid, paid_cents=-8_000, decided_date=date(2026, 2, 26))
        row = item(practice.payer, claim=told, decision_id=denied.pk)
        Recovery.objects.create(
            payer=practice.payer, category="AUTH", claims=80, won=12, share=0.16, low=0.11, high=0.21, from_share=0.2,
            as_of=date(2026, 3, 1),
        )  # fmt: skip
    page = words_of(manager, f"{LIST}{row.public_id}/")
    for words in (
        "Sent to Summit Mutual, billed $100.00",
        "Summit Mutual denied it: missing authorization (CO-197)",
        "Summit Mutual paid $80.00",
        "Summit Mutual took an earlier answer back, $80.00",
        "12 of 80 such denials came back: 11 to 21% usually do",
        "appeal, 60 days: contract",
    ):
        assert words in page


def tick(*rows: Item) -> list[str]:
    return [f"{row.public_id}.{row.version}" for row in rows]


def test_many_are_given_in_one_act_and_taken_back_in_one(
    practice: Practice, manager: Client, five: dict[str, Item]
) -> None:
    chosen = {"item": tick(five["A"], five["B"]), "act": "assign", "member": practice.manager.pk, "filters": "soon=on"}
    answer = manager.post(f"{LIST}bulk/", chosen)
    assert answer.url == f"{LIST}?soon=on"
    assert listed(manager, "?whose=mine") == ["B", "A", "C"]
    assert "You reassigned 2 claims." in words_of(manager, LIST)
    with practice.bound():
        act = Act.objects.get()
    manager.post(f"{LIST}acts/{act.public_id}/undo/")
    assert listed(manager, "?whose=mine") == ["C"]


def test_a_whole_list_is_moved_at_once(practice: Practice, manager: Client, five: dict[str, Item]) -> None:
    manager.post(f"{LIST}bulk/", {"whole": "on", "act": "step", "to_step": "working", "filters": "soon=on"})
    assert [now(practice, five[code]).step for code in "ABC"] == ["working", "working", "todo"]


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"act": "assign"}, "tick the claims first"),
        ({"act": "assign", "item": ["x.y"]}, "tick the claims first"),
        ({"act": "sing"}, "choose what to do"),
    ],
)
def test_a_bulk_act_upon_nothing_is_refused(
    manager: Client, five: dict[str, Item], chosen: dict[str, object], words: str
) -> None:
    assert words in words_of(manager, manager.post(f"{LIST}bulk/", chosen).url)


def test_ticked_rows_that_changed_since_stop_the_whole_act(
    practice: Practice, manager: Client, five: dict[str, Item]
) -> None:
    send(manager, five["A"], "step", to_step="working")
    chosen = {"item": tick(five["A"], five["B"]), "act": "assign", "member": practice.manager.pk}
    answer = manager.post(f"{LIST}bulk/", chosen)
    assert "one of these claims was changed meanwhile" in words_of(manager, answer.url)
    assert now(practice, five["B"]).owner is None


def test_who_only_reads_sees_no_buttons(signed_in: SignedIn, five: dict[str, Item]) -> None:
    auditor = signed_in("auditor")
    for address in (LIST, f"{LIST}{five['A'].public_id}/"):
        assert 'data-key="a"' not in words_of(auditor, address)
    assert auditor.post(f"{LIST}bulk/", {"act": "assign"}).status_code == 403


def test_today_tells_the_days_on_which_denials_are_due(manager: Client, five: dict[str, Item]) -> None:
    page = words_of(manager, "/portal/")
    assert "2 denied claims to answer" in page
    assert "$10 of $400 usually comes back" in page


def test_the_claims_own_page_leads_to_its_work(practice: Practice, manager: Client, five: dict[str, Item]) -> None:
    page = words_of(manager, f"/portal/claims/{five['A'].claim.public_id}/")
    assert "This denial is on the worklist: to do, due 5 March 2026." in page
