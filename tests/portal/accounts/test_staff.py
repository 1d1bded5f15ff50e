"""Our own staff: a second factor at the door, visits that everybody sees, switches, help with lost factors."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from tests.factories import NOON, PASSWORD, batch, doors, member, trouble
from tests.portal.accounts.test_second_step import sign_in
from tests.portal.conftest import NOW, Practice, SignedIn, open_practice, words_of
from upstream.audit.models import AccountEvent, PHIAccess
from upstream.delivery.models import Outbox
from upstream.tenants.choices import Role
from upstream.tenants.models import Membership, Organization, User

REASON = "ticket 4711, report missing"


@pytest.fixture
def staff(db: None) -> Client:
    """A person of the staff who has just signed in by password."""
    User.objects.create_user("staff@example.test", PASSWORD, is_staff=True)
    client = Client()
    client.post("/portal/sign-in/", {"username": "staff@example.test", "password": PASSWORD})
    return client


def _visit(staff: Client, practice: Practice) -> None:
    staff.post(f"/admin/open/{practice.organization.public_id}/", {"reason": REASON})
    answer = staff.post("/admin/visit/", {"member": practice.manager.pk, "reason": REASON})
    assert answer["Location"] == "/portal/"


def _log(practice: Practice) -> list[tuple[str, str]]:
    with practice.bound():
        return list(PHIAccess.objects.order_by("number").values_list("action", "purpose"))


def test_staff_need_a_second_factor_where_it_is_asked_for(staff: Client, settings: Settings) -> None:
    assert staff.get("/admin/").status_code == 200
    settings.STAFF_SECOND_FACTOR = True
    assert staff.get("/admin/")["Location"] == "/portal/account/second-factor/?next=%2Fadmin%2F"
    doors.app_of(User.objects.get(is_staff=True))
    assert staff.get("/admin/tenants/user/")["Location"].startswith("/portal/account/confirm/")
    staff.post("/portal/account/confirm/", {"code": doors.code(), "next": "/admin/"})
    assert staff.get("/admin/").status_code == 200


def test_visit_is_seen_by_everybody_there_and_mailed_to_owners(
    staff: Client, practice: Practice, manager: Client, signed_in: SignedIn, django_capture_on_commit_callbacks
) -> None:
    signed_in(Role.OWNER)
    with django_capture_on_commit_callbacks(execute=True):
        _visit(staff, practice)
    assert "Upstream's staff look at this practice until 2 March 2026, 09:30" in words_of(manager, "/portal/settings/")
    assert REASON in words_of(manager, "/portal/settings/")
    assert f"You visit as {practice.manager.user.email}" in words_of(staff, "/portal/settings/")
    assert REASON in str(mail.outbox[-1].body)
    assert ("staff_visit", REASON) in _log(practice)


def test_visit_looks_and_changes_nothing(staff: Client, practice: Practice) -> None:
    _visit(staff, practice)
    refused = staff.post("/portal/settings/", {"wants_mail": "on"})
    assert refused.status_code == 403
    assert "A visit only looks" in refused.content.decode()
    assert staff.get("/portal/people/").status_code == 403
    assert staff.get("/portal/sources/").status_code == 403
    assert staff.get("/portal/worklist/").status_code == 200


def test_visit_is_over_after_half_an_hour(staff: Client, practice: Practice, settings: Settings) -> None:
    _visit(staff, practice)
    settings.FIXED_NOW = NOW + timedelta(minutes=29)
    assert staff.get("/portal/settings/").status_code == 200
    settings.FIXED_NOW = NOW + timedelta(minutes=31)
    assert staff.get("/portal/settings/")["Location"] == "/admin/"


def test_owner_ends_a_visit(staff: Client, practice: Practice, signed_in: SignedIn, manager: Client) -> None:
    owner = signed_in(Role.OWNER)
    _visit(staff, practice)
    assert manager.post("/portal/visit/end/").status_code == 403
    owner.post("/portal/visit/end/")
    assert staff.get("/portal/settings/")["Location"] == "/admin/"
    assert _log(practice)[-1][0] == "staff_visit_end"
    assert "Upstream's staff look" not in words_of(manager, "/portal/settings/")


def test_second_visitor_waits(staff: Client, practice: Practice) -> None:
    _visit(staff, practice)
    again = staff.post("/admin/visit/", {"member": practice.manager.pk, "reason": REASON})
    assert "somebody of the staff is there already" in again.content.decode()


def test_nothing_is_visited_or_switched_without_an_opened_practice(staff: Client, practice: Practice) -> None:
    for path in ("/admin/visit/", "/admin/switches/"):
        assert staff.post(path, {"reason": REASON})["Location"] == "/admin/tenants/organization/"


@pytest.mark.parametrize("path", ["health/", "visit/", "switches/"])
def test_staff_pages_are_closed_to_others(path: str, manager: Client) -> None:
    assert manager.get(f"/admin/{path}", follow=True).status_code == 403


def test_nobody_makes_a_visit_by_a_session_alone(manager: Client, practice: Practice) -> None:
    other = open_practice("Quietwater Family Medicine")
    with other.bound():
        Organization.objects.filter(pk=other.organization.pk).update(visited_until=NOW + timedelta(minutes=9))
    session = manager.session
    session["visit"] = [other.organization.pk, other.manager.pk]
    session.save()
    assert "Quietwater" not in manager.get("/portal/settings/", follow=True).content.decode()


def test_switched_off_areas_are_on_no_page(staff: Client, practice: Practice, manager: Client) -> None:
    staff.post(f"/admin/open/{practice.organization.public_id}/", {"reason": REASON})
    staff.post("/admin/switches/", {"off": ["letters"], "reason": REASON})
    assert manager.get("/portal/letters/").status_code == 404
    assert 'href="/portal/letters/"' not in words_of(manager, "/portal/settings/")
    staff.post("/admin/switches/", {"reason": REASON})
    assert manager.get("/portal/letters/").status_code == 200
    assert [entry for entry in _log(practice) if entry[0] == "staff_switch"] == [("staff_switch", REASON)] * 2


def test_health_counts_what_waits(staff: Client, practice: Practice) -> None:
    with practice.bound():
        batch(state="rejected")
        trouble()
        Outbox.objects.create(
            template="weekly_report", about="report:1", recipient=practice.manager, message_id="<1@test>",
            state="failed", not_before=NOON, queued_at=NOON,
        )  # fmt: skip
    said = words_of(staff, "/admin/health/")
    assert "<td>1</td><td>1</td><td>0</td><td>1</td>" in said


@pytest.mark.parametrize(("practices", "queries"), [(1, 12), (3, 22)])
def test_health_asks_five_statements_a_practice(
    practices: int, queries: int, staff: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(1, practices):
        open_practice(f"Practice {number}")
    staff.get("/admin/health/")
    with django_assert_num_queries(queries):
        staff.get("/admin/health/")


def test_lost_factor_is_taken_away_with_a_reason(
    staff: Client, practice: Practice, django_capture_on_commit_callbacks
) -> None:
    doors.app_of(practice.manager.user)
    signed = sign_in(practice)
    signed.post("/portal/sign-in/code/", {"code": doors.code()})
    page = f"/admin/people/{practice.manager.user.public_id}/reset/"
    staff.post(page, {"reason": ""})
    assert signed.get("/portal/").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        staff.post(page, {"reason": "called back on the practice's number"})
    assert signed.get("/portal/").status_code == 302
    assert sign_in(practice).get("/portal/").status_code == 200
    assert "Your second factors were taken away" in [str(sent.body)[:35] for sent in mail.outbox]
    assert ("factors_reset", "called back on the practice's number") in _log(practice)


def test_command_takes_lost_factors_away(practice: Practice) -> None:
    doors.app_of(practice.manager.user)
    out = StringIO()
    with pytest.raises(CommandError, match="say why"):
        call_command("reset_second_factor", practice.manager.user.email, reason="lost")
    call_command("reset_second_factor", practice.manager.user.email, reason="came with a passport", stdout=out)
    assert "removed 1" in out.getvalue()
    assert AccountEvent.objects.get(act="factors_reset").by == "command:reset_second_factor"


def _helped(owner: Client, member: Membership, act: str, **more: str) -> str:
    values = {"person": str(member.user.public_id), "act": act, **more}
    return owner.post("/portal/people/account/", values, follow=True).content.decode()


def test_owner_takes_a_members_lost_factor_away(signed_in: SignedIn, practice: Practice) -> None:
    owner = signed_in(Role.OWNER)
    doors.app_of(practice.manager.user)
    assert "with a second factor" in words_of(owner, "/portal/people/")
    assert "say why" in _helped(owner, practice.manager, "reset", reason="lost")
    assert "by password alone next time" in _helped(owner, practice.manager, "reset", reason="stood before me")
    assert _log(practice)[-1] == ("factors_reset", "stood before me")


def test_owner_does_not_open_an_account_that_another_practice_knows(signed_in: SignedIn, practice: Practice) -> None:
    owner, other = signed_in(Role.OWNER), open_practice("Quietwater Family Medicine")
    doors.app_of(practice.manager.user)
    with other.bound():
        Membership.objects.create(user=practice.manager.user, role="biller")
    assert "works for another practice, too" in _helped(owner, practice.manager, "reset", reason="stood before me")


def test_owner_ends_a_members_sessions(signed_in: SignedIn, practice: Practice, manager: Client) -> None:
    owner = signed_in(Role.OWNER)
    assert manager.get("/portal/").status_code == 200
    assert "signed out everywhere" in _helped(owner, practice.manager, "end")
    assert manager.get("/portal/").status_code == 302
    assert _log(practice)[-1][0] == "sessions_ended"


def test_invitation_is_mailed_again_once_in_a_while(signed_in: SignedIn, practice: Practice) -> None:
    owner = signed_in(Role.OWNER)
    with practice.bound():
        invited = member(email="new@lakeside.example", password="")
        invited.user.set_unusable_password()
        invited.user.save()
    assert "invited, has no password yet" in words_of(owner, "/portal/people/")
    assert "A new link is on its way" in _helped(owner, invited, "invite")
    assert "Set a password within 7 days" in str(mail.outbox[-1].body)
    assert "was mailed a link a moment ago" in _helped(owner, invited, "invite")
    assert "a new one is asked for on the sign-in page" in _helped(owner, practice.manager, "invite")
