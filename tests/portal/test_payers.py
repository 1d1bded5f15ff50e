"""Payer names: the queue with its two clicks, a payer's page, and who may decide."""

from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import NOON, claim, findings, payer
from tests.factories.worlds import recount
from tests.portal.conftest import Practice, SignedIn, words_of
from upstream import pipeline
from upstream.alerts.models import PayerClock
from upstream.claims import payer_decisions
from upstream.claims.choices import Doubt
from upstream.claims.models import Claim, Payer, PayerDoubt, PayerMove, RawPayer
from upstream.claims.payers import adopt_payers, named_payers
from upstream.core import tenancy
from upstream.tenants.choices import Role

PAGE = "/portal/payers/"


def waiting(practice: Practice, name: str = "Summit", claims: int = 2) -> Payer:
    """A payer with a few claims whose name may be Summit Mutual's; bound."""
    made = payer(name)
    adopt_payers()
    for _ in range(claims):
        claim(made, billed_cents=12_000)
    raws = {raw.raw_name: raw for raw in RawPayer.objects.all()}
    PayerDoubt.objects.create(first=raws[name], second=raws["Summit Mutual"], reason=Doubt.NEAR, raised_at=NOON)
    return made


@pytest.fixture
def small(practice: Practice) -> Payer:
    """Summit, with two claims, that may be Summit Mutual with three."""
    with practice.bound():
        for _ in range(3):
            claim(practice.payer)
        made = waiting(practice)
        recount(practice.organization)
    return made


def work(practice: Practice) -> None:
    with tenancy.bind(practice.organization.pk):
        pipeline.run_to_end()


def claims_of(practice: Practice) -> dict[str, int]:
    with practice.bound():
        names = list(Claim.objects.values_list("payer__name", flat=True))
    return {name: names.count(name) for name in set(names)}


def test_the_queue_says_what_waits_why_and_what_hangs_on_it(manager: Client, small: Payer) -> None:
    said = words_of(manager, PAGE)
    assert "Unmapped (Summit)" in said
    assert "2 claims, $240 billed" in said
    assert "May be <b>Summit Mutual</b> (3 claims, $300): the names are much alike." in said
    assert "One file says “Summit”, another “Summit Mutual”." in said
    with_examples = said.split("/portal/claims/")[1:]
    assert len(with_examples) == 2


def test_two_clicks_make_it_the_same_payer(manager: Client, practice: Practice, small: Payer) -> None:
    said = words_of(manager, PAGE)
    assert "<summary>Same as Summit Mutual</summary>" in said
    answer = manager.post(f"{PAGE}{small.public_id}/same/", {"other": practice.payer.public_id}, follow=True)
    assert "Summit is the same payer as Summit Mutual. Claims are moved in a moment" in answer.content.decode()
    work(practice)
    assert claims_of(practice) == {"Summit Mutual": 5}
    said = words_of(manager, PAGE)
    assert "Every name that files use is clear." in said
    assert "Summit is the same payer as Summit Mutual" in said
    assert "2 claims moved, $240 billed" in said


def test_two_clicks_make_it_a_payer_of_its_own(manager: Client, practice: Practice, small: Payer) -> None:
    assert "Yes, Summit is a payer of its own" in words_of(manager, PAGE)
    manager.post(f"{PAGE}{small.public_id}/own/")
    said = words_of(manager, PAGE)
    assert "Every name that files use is clear." in said
    assert "Unmapped" not in said
    assert claims_of(practice) == {"Summit": 2, "Summit Mutual": 3}


def test_a_decision_is_taken_back(manager: Client, practice: Practice, small: Payer) -> None:
    manager.post(f"{PAGE}{small.public_id}/same/", {"other": practice.payer.public_id})
    work(practice)
    with practice.bound():
        decision = PayerMove.objects.get()
    answer = manager.post(f"{PAGE}decisions/{decision.public_id}/undo/", follow=True)
    assert "Taken back." in answer.content.decode()
    work(practice)
    assert claims_of(practice) == {"Summit": 2, "Summit Mutual": 3}
    assert "Unmapped (Summit)" in words_of(manager, PAGE)


def test_today_counts_what_is_not_watched(manager: Client, practice: Practice, small: Payer) -> None:
    with practice.bound():
        findings.baseline(practice.run, small)
    said = words_of(manager, "/portal/")
    assert '2 claims of 1 payer name that nobody has confirmed are not watched. <a href="/portal/payers/">' in said
    assert "Unmapped (Summit)</a>" in said


def test_a_name_is_moved_and_split_off(manager: Client, practice: Practice) -> None:
    with practice.bound():
        civic = payer("Civic Care")
        named_payers({("Summit Mutual PPO", "DSM01"), ("SUMMIT MUTUAL INS", "DSM02")}, "x12")
        raws = {raw.raw_name: raw for raw in RawPayer.objects.all()}
    for name, act, values in (
        ("SUMMIT MUTUAL INS", "move", {"other": civic.public_id}),
        ("Summit Mutual PPO", "split", {}),
    ):
        answer = manager.post(f"{PAGE}names/{raws[name].public_id}/{act}/", values, follow=True)
        assert "Done. Claims are moved in a moment" in answer.content.decode()
    assert "SUMMIT MUTUAL INS" in words_of(manager, f"{PAGE}{civic.public_id}/")
    assert "Summit Mutual PPO" in words_of(manager, PAGE)


def test_the_only_name_is_not_moved(manager: Client, practice: Practice, small: Payer) -> None:
    with practice.bound():
        raw = RawPayer.objects.get(raw_name="Summit")
    answer = manager.post(f"{PAGE}names/{raw.public_id}/move/", {"other": practice.payer.public_id}, follow=True)
    assert "this is the payer&#x27;s only name" in answer.content.decode()


@pytest.mark.parametrize("other", ["", "nobody", "00000000-0000-4000-8000-000000000000"])
def test_a_payer_that_is_not_there_is_not_chosen(manager: Client, small: Payer, other: str) -> None:
    answer = manager.post(f"{PAGE}{small.public_id}/same/", {"other": other}, follow=True)
    assert "choose a payer" in answer.content.decode()


def test_another_practices_payer_is_not_chosen(manager: Client, stranger: Client, practice: Practice) -> None:
    theirs = stranger.get(PAGE).content.decode().split("/portal/payers/")[2].split("/")[0]
    answer = manager.post(f"{PAGE}{practice.payer.public_id}/same/", {"other": theirs}, follow=True)
    assert "choose a payer" in answer.content.decode()


def test_a_page_tells_names_type_clocks_and_history(manager: Client, practice: Practice) -> None:
    with practice.bound():
        named_payers({("Summit Mutual PPO", "DSM01")}, "x12")
    said = words_of(manager, f"{PAGE}{practice.payer.public_id}/")
    assert '<th scope="row">Summit Mutual PPO</th>' in said
    assert "DSM01" in said
    assert "Unknown: check contract" in said
    assert "<dt>Type</dt><dd>Not known yet</dd>" in said


def test_type_name_and_company_are_set(manager: Client, practice: Practice) -> None:
    path = f"{PAGE}{practice.payer.public_id}/"
    values = {"name": "Summit Mutual of Ohio", "org": "Summit Holdings", "payer_type": "commercial"}
    manager.post(f"{path}describe/", values)
    said = words_of(manager, path)
    assert "<h1>Summit Mutual of Ohio</h1>" in said
    assert "<dt>Company</dt><dd>Summit Holdings</dd>" in said
    assert "<dt>Type</dt><dd>Commercial, contracted</dd>" in said
    assert "Usual for this type" in said


def test_a_contracts_deadline_is_entered_with_who_said_so(manager: Client, practice: Practice) -> None:
    path = f"{PAGE}{practice.payer.public_id}/"
    values = {"action": "appeal", "days": "45", "basis": "contract", "source": "contract 2025, 7.2", "valid_from": ""}
    manager.post(f"{path}clock/", values)
    said = words_of(manager, path)
    assert '<td class="number">45</td> <td>Contract</td> <td class="wrap">contract 2025, 7.2</td>' in said
    with practice.bound():
        assert PayerClock.objects.get().said_by.startswith("user:")


@pytest.mark.parametrize(
    ("act", "values", "said"),
    [
        ("describe", {"name": "", "org": "", "payer_type": "commercial"}, "This field is required."),
        ("describe", {"name": "Summit", "org": "", "payer_type": "barter"}, "Select a valid choice"),
        ("clock", {"action": "appeal", "days": "0", "basis": "contract"}, "greater than or equal to 1"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    manager: Client, practice: Practice, act: str, values: dict[str, str], said: str
) -> None:
    answer = manager.post(f"{PAGE}{practice.payer.public_id}/{act}/", values)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)


def test_a_payer_that_is_counted_elsewhere_says_so(manager: Client, practice: Practice, small: Payer) -> None:
    with practice.bound():
        payer_decisions.same_payer(small, practice.payer, actor="command:x")
    said = words_of(manager, f"{PAGE}{small.public_id}/")
    assert f'Its claims count for <a href="{PAGE}{practice.payer.public_id}/">Summit Mutual</a>' in said


@pytest.mark.parametrize("role", [Role.BILLER, Role.CLINICIAN, Role.AUDITOR])
def test_others_see_and_do_not_decide(role: str, signed_in: SignedIn, practice: Practice, small: Payer) -> None:
    client = signed_in(role)
    said = words_of(client, PAGE)
    assert "An owner or a billing manager decides this." in said
    assert '<button class="main"' not in said
    answers = {
        client.post(f"{PAGE}{small.public_id}/{act}/").status_code for act in ("same", "own", "describe", "clock")
    }
    assert answers == {403}


def test_an_owner_decides(signed_in: SignedIn, practice: Practice, small: Payer) -> None:
    assert signed_in(Role.OWNER).post(f"{PAGE}{small.public_id}/own/").status_code == 302
    assert "Every name that files use is clear." in words_of(signed_in(Role.OWNER), PAGE)


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_list_do_not_grow(
    rows: int, manager: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        claim(practice.payer, submitted_date=date(2026, 3, 2))
        for number in range(rows):
            small = waiting(practice, f"Summit {number}", 1)
            PayerMove.objects.create(
                decided="own", state="done", source=small, target=small, actor=f"user:{small.public_id}", at=NOON
            )
        for _ in range(5):
            claim(practice.payer)
        recount(practice.organization)
    manager.get(PAGE)
    with django_assert_num_queries(39):
        manager.get(PAGE)


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_a_page_do_not_grow(
    rows: int, manager: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        named_payers({(f"SUMMIT MUTUAL {'INS ' * n}", f"D{n}") for n in range(1, rows + 1)}, "x12")
    path = f"{PAGE}{practice.payer.public_id}/"
    manager.get(path)
    with django_assert_num_queries(29):
        manager.get(path)


def test_an_incident_keeps_the_name_it_was_told_under(manager: Client, practice: Practice, small: Payer) -> None:
    with practice.bound():
        told = findings.incident(small, practice.run, title="Summit denies knee MRI")
        payer_decisions.same_payer(small, practice.payer, actor="command:x")
    work(practice)
    said = words_of(manager, f"/portal/incidents/{told.public_id}/")
    assert "<h1>Summit denies knee MRI</h1>" in said
    assert f'claims of <a href="{PAGE}{small.public_id}/">Summit</a> count for another payer now.' in said
