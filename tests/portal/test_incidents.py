import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import claim, findings, member
from tests.portal.conftest import Practice, SignedIn, browser_of, words_of
from tests.portal.test_claims import identified
from upstream.alerts.models import Incident, Transition
from upstream.audit.models import PHIAccess
from upstream.tenants.choices import Role


@pytest.fixture
def incident(practice: Practice) -> Incident:
    with practice.bound():
        made = findings.incident(practice.payer, practice.run)
        findings.behind(made, *(claim(practice.payer) for _ in range(3)), cents=33_334)
    return made


def _page(incident: Incident, act: str = "") -> str:
    return f"/portal/incidents/{incident.public_id}/{act}"


def _state(practice: Practice, incident: Incident) -> tuple[str, str]:
    with practice.bound():
        found = Incident.objects.get(pk=incident.pk)
        return found.state, found.outcome


def test_page_says_what_how_much_and_what_to_do(manager: Client, incident: Incident) -> None:
    said = words_of(manager, _page(incident))
    assert "Now 45.0%, usually 10.0%. About $9,200 to $14,800 lost so far. First deadline 2 April." in said
    assert "The 3 claims behind it add up to <b>$1,000.02</b>, the incident's own sum to the cent." in said
    assert "Reason: approval or referral missing, late, used up or not matching." in said
    assert "Late posting: the payer decides as fast as usual." in said
    cells = "".join(f'<td class="number">{cell}</td>' for cell in ("14", "3.1", "96%"))
    assert f'<th scope="row">Procedure 73721</th>{cells}' in said
    assert "To be safe, be done by 25 March 2026." in said
    assert "ab" * 32 in said


def test_page_says_what_is_gone_and_what_can_still_be_got_back(
    manager: Client, practice: Practice, incident: Incident
) -> None:
    with practice.bound():
        incident.finding = {**findings.FINDING, **findings.MONEY}
        incident.lost_low_cents, incident.lost_cents, incident.lost_high_cents = 41_000, 90_000, 98_000
        incident.save()
        for member_of, cents in zip(incident.members.order_by("pk"), (30_000, 30_001, 29_999), strict=True):
            member_of.lost_cents = cents
            member_of.save()
    said = words_of(manager, _page(incident))
    assert "Lost so far: between $410 and $980, most likely $900." in said
    for name, claims, cents in (
        ("Paid after all", 1, "$300.00"), ("Can still be got back", 1, "$300.01"), ("Gone for good", 1, "$299.99"),
    ):  # fmt: skip
        row = f'<th scope="row">{name}</th><td class="number">{claims}</td><td class="number">{cents}</td>'
        assert row in said
    assert "By your own record between $72 and $99, most likely $84 of it comes back." in said
    assert "If it goes on: between $4,100 and $9,800, most likely $6,700. A projection." in said
    assert "Of 214 claims that this payer denied more than 13 weeks ago, 61 were paid later." in said
    assert "Of that $900.00 is lost so far." in said
    assert "1 claim: the charge, times the share of charges that the payer usually allows." in said


def test_late_money_is_not_lost(manager: Client, practice: Practice) -> None:
    late = {**findings.MONEY["money"], "held_cents": [100_000, 200_000, 300_000], "recovery": None}
    with practice.bound():
        finding = {**findings.FINDING, **findings.MONEY, "family": "delay", "money": late}
        made = findings.incident(
            practice.payer,
            practice.run,
            metric="payment_delay",
            usual_rate=14,
            rate_low=26,
            rate=28,
            rate_high=31,
            finding=finding,
            observed=7,
            lost_low_cents=0,
            lost_cents=0,
            lost_high_cents=0,
        )
    said = words_of(manager, _page(made))
    assert (
        "Cash that waits longer than usual now: between $1,000 and $3,000, most likely $2,000. It is not lost." in said
    )
    assert "At 8% a year, spread over the 7 claims that still wait." in said
    assert "Gone for good" not in said


def test_mark_of_a_change_of_decisions_says_so(manager: Client, practice: Practice) -> None:
    with practice.bound():
        finding = {**findings.FINDING, "clock": "decision"}
        made = findings.incident(practice.payer, practice.run, finding=finding)
    said = words_of(manager, _page(made))
    assert "decisions from 2 Feb</text>" in said
    assert "<td>complete; decisions from 2 Feb</td>" in said
    assert "The mark is by the day of decision" in said


def test_delay_is_told_in_days(manager: Client, practice: Practice) -> None:
    with practice.bound():
        late = findings.incident(
            practice.payer, practice.run, metric="payment_delay", usual_rate=14, rate_low=26, rate=28, rate_high=31
        )
    said = words_of(manager, _page(late))
    assert "Now 28 days, usually 14 days." in said
    assert "Decisions as a share of those expected by week, Summit Mutual" in said


@pytest.mark.parametrize(
    ("metric", "heads", "step", "money"),
    [
        ("down_coding", ("Paid as a cheaper code", "Of paid"), "Compare a few notes with the code", "lost so far"),
        ("take_backs", ("Taken back", "Of payments"), "Ask the payer for the notice", "lost so far"),
        ("silent_claims", ("Without an answer", "Of claims old enough"), "claim status request (276)", "waits"),
    ],
)
def test_what_payers_do_beside_denying(
    manager: Client, practice: Practice, metric: str, heads: tuple[str, str], step: str, money: str
) -> None:
    with practice.bound():
        made = findings.incident(
            practice.payer, practice.run, metric=metric, denial_reason="", usual_rate=0.02, rate_low=0.2, rate=0.31,
            rate_high=0.44, deadline=None,
        )  # fmt: skip
    said = words_of(manager, _page(made))
    assert f"Now 31.0%, usually 2.0%. About $9,200 to $14,800 {money}." in said
    assert all(f'<th class="number">{head}</th>' in said for head in heads)
    assert step in said
    assert "Reason:" not in said
    assert f"{heads[0]}, as a share by week, Summit Mutual" in said


def test_sum_that_differs_is_admitted(manager: Client, practice: Practice, incident: Incident) -> None:
    with practice.bound():
        Incident.objects.filter(pk=incident.pk).update(claims_cents=1)
    assert 'but the incident says <b class="wrong">$0.01</b>' in words_of(manager, _page(incident))


def test_acknowledge_then_undo(manager: Client, practice: Practice, incident: Incident) -> None:
    assert manager.post(_page(incident, "move/"), {"to_state": "acknowledged"}).status_code == 302
    assert _state(practice, incident) == ("acknowledged", "")
    assert "Undo<span" in words_of(manager, _page(incident))
    manager.post(_page(incident, "undo/"))
    assert _state(practice, incident) == ("new", "")
    said = words_of(manager, _page(incident))
    assert "Undo<span" not in said
    assert "taken back" in said


def test_undo_of_somebody_elses_step_is_refused(manager: Client, practice: Practice, incident: Incident) -> None:
    manager.post(_page(incident, "move/"), {"to_state": "working"})
    with practice.bound():
        other = browser_of(member())
    response = other.post(_page(incident, "undo/"), follow=True)
    assert "somebody else" in response.content.decode()
    assert _state(practice, incident) == ("working", "")


def test_closing_demands_an_outcome(manager: Client, practice: Practice, incident: Incident) -> None:
    response = manager.post(_page(incident, "move/"), {"to_state": "resolved", "note": "Rule of 1 Feb"})
    said = response.content.decode()
    assert response.status_code == 422
    assert "<details open>" in said
    assert '<option value="resolved" selected>' in said
    assert 'id="id_move_outcome_error" role="alert">say what it turned out to be' in said
    assert _state(practice, incident) == ("new", "")
    manager.post(_page(incident, "move/"), {"to_state": "resolved", "outcome": "payer_change", "note": "Rule of 1 Feb"})
    assert _state(practice, incident) == ("resolved", "payer_change")
    assert "“Rule of 1 Feb”" in words_of(manager, _page(incident))


def test_unknown_state_shows_the_form_again(manager: Client, incident: Incident) -> None:
    assert manager.post(_page(incident, "move/"), {"to_state": "gone"}).status_code == 422


def test_assign_to_a_member_and_to_nobody(manager: Client, practice: Practice, incident: Incident) -> None:
    manager.post(_page(incident, "assign/"), {"member": practice.manager.pk})
    with practice.bound():
        assert Incident.objects.get(pk=incident.pk).assigned_to == practice.manager
    manager.post(_page(incident, "assign/"), {"member": ""})
    with practice.bound():
        assert Incident.objects.get(pk=incident.pk).assigned_to is None


def test_clinician_cannot_own_an_incident(manager: Client, practice: Practice, incident: Incident) -> None:
    with practice.bound():
        clinician = member(Role.CLINICIAN)
    assert manager.post(_page(incident, "assign/"), {"member": clinician.pk}).status_code == 422


@pytest.mark.parametrize("act", ["move", "undo", "assign", "comment", "snooze", "wake", "merge", "split", "numbers"])
@pytest.mark.parametrize("role", [Role.CLINICIAN, Role.AUDITOR, Role.STAFF])
def test_readers_change_nothing(
    act: str, role: str, signed_in: SignedIn, practice: Practice, incident: Incident
) -> None:
    client = signed_in(role)
    assert "Acknowledge" not in words_of(client, _page(incident))
    assert client.post(_page(incident, f"{act}/"), {"to_state": "working"}).status_code == 403
    with practice.bound():
        assert Transition.objects.count() == 1
        assert not PHIAccess.objects.exists()


def test_claim_numbers_are_shown_on_demand_and_written_down(
    manager: Client, practice: Practice, incident: Incident
) -> None:
    with practice.bound():
        findings.behind(incident, identified(practice))
    assert "C-77" not in words_of(manager, _page(incident))
    fragment = manager.post(_page(incident, "numbers/"), {"page": 1}, headers={"HX-Request": "true"}).content.decode()
    assert fragment.lstrip().startswith('<section id="claims"')
    assert "C-77" in fragment
    assert "C-77" in manager.post(_page(incident, "numbers/")).content.decode()
    with practice.bound():
        looks = list(PHIAccess.objects.values_list("action", "subject", "records"))
    assert looks == [("show_claim_numbers", f"incident:{incident.public_id}", 4)] * 2


def test_list_by_state(manager: Client, practice: Practice, incident: Incident) -> None:
    with practice.bound():
        findings.incident(practice.payer, practice.run, title="Over and done", state="resolved")
    assert "Over and done" not in words_of(manager, "/portal/incidents/")
    for state in ("closed", "resolved"):
        assert "Over and done" in words_of(manager, f"/portal/incidents/?state={state}")
    assert "No incident here." in words_of(manager, "/portal/incidents/?state=nonsense")


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(
    rows: int, manager: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        made = [findings.incident(practice.payer, practice.run) for _ in range(rows)][0]
        findings.behind(made, *(claim(practice.payer) for _ in range(rows)))
        for _ in range(rows):
            Transition.objects.create(
                incident=made, from_state="new", to_state="working", at=made.opened_at,
                actor=f"user:{member().user.public_id}",
            )  # fmt: skip
    manager.get("/portal/incidents/")
    with django_assert_num_queries(25):
        manager.get("/portal/incidents/")
    with django_assert_num_queries(35):
        manager.get(_page(made))


def test_what_was_learned_before_stands_beside_what_to_do(manager: Client, practice: Practice) -> None:
    with practice.bound():
        made = findings.incident(practice.payer, practice.run)
        learned = findings.incident(practice.payer, practice.run, title="Seen before", state="working")
        findings.incident(practice.payer, practice.run, title="A false one", state="false", outcome="noise")
    page = f"/portal/incidents/{learned.public_id}/"
    told = {"to_state": "resolved", "outcome": "payer_change", "note": "Send the order along.", "version": 1}
    assert manager.post(f"{page}move/", told).status_code == 302
    said = words_of(manager, f"/portal/incidents/{made.public_id}/").split("Learned before")[1]
    assert said.index("Seen before") < said.index("“Send the order along.”")
    assert "A false one" not in said
    assert "Learned before" not in words_of(manager, page)
