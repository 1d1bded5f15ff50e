from datetime import timedelta

import pytest
from django.contrib import admin
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from tests.factories import NOON, batch, findings, member
from tests.portal.conftest import NOW, Practice, SignedIn, open_practice, words_of
from upstream.audit.models import PHIAccess
from upstream.claims.models import ClaimIdentity, Patient
from upstream.core.admin import ReadOnlyAdmin
from upstream.delivery.models import Attempt, Outbox
from upstream.tenants.choices import Role
from upstream.tenants.models import User

LISTS = (
    "tenants/membership",
    "ingestion/batch",
    "detection/detectionrun",
    "reports/reportrun",
    "delivery/outbox",
)


@pytest.fixture
def staff(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_user("staff@example.test", "a long enough password", is_staff=True))
    return client


@pytest.fixture
def parked(practice: Practice) -> Outbox:
    """One message whose outcome is unknown, and one row for each list."""
    with practice.bound():
        batch()
        findings.report()
        return Outbox.objects.create(
            template="report_ready", about="report:1", recipient=practice.manager, message_id="<1@test>",
            state="unknown", not_before=NOON, queued_at=NOON,
        )  # fmt: skip


def _open(staff: Client, practice: Practice, reason: str = "ticket 4711, report missing") -> None:
    staff.post(f"/admin/open/{practice.organization.public_id}/", {"reason": reason})


def test_only_staff_get_in(signed_in: SignedIn, db: None) -> None:
    assert Client().get("/admin/", follow=True).redirect_chain[-1][0].startswith("/portal/sign-in/")
    for role in (Role.OWNER, Role.MANAGER, Role.AUDITOR):
        assert signed_in(role).get("/admin/", follow=True).status_code == 403


def test_no_sealed_model_and_nothing_but_read_only_pages() -> None:
    assert {Patient, ClaimIdentity}.isdisjoint(admin.site._registry)
    assert {type(page) for page in admin.site._registry.values() if not isinstance(page, ReadOnlyAdmin)} == set()


@pytest.mark.parametrize("path", LISTS)
def test_tenant_lists_are_empty_and_say_why_until_one_is_opened(
    path: str, staff: Client, practice: Practice, parked: Outbox
) -> None:
    said = words_of(staff, f"/admin/{path}/")
    assert "No organization is open" in said
    assert 'class="paginator"' in said
    assert 'name="_selected_action"' not in said
    assert "field-" not in said
    _open(staff, practice)
    opened = words_of(staff, f"/admin/{path}/")
    assert "<b>Lakeside Orthopedics</b> is open" in opened
    assert "field-" in opened


def test_lists_are_called_as_people_call_them(staff: Client) -> None:
    assert "Select file to view" in words_of(staff, "/admin/ingestion/batch/")
    assert "Select message to view" in words_of(staff, "/admin/delivery/outbox/")


def test_opening_needs_a_reason_which_the_organization_can_read(staff: Client, practice: Practice) -> None:
    _open(staff, practice, reason="")
    assert "No organization is open" in words_of(staff, "/admin/")
    _open(staff, practice)
    with practice.bound():
        looks = list(PHIAccess.objects.values_list("action", "subject", "purpose"))
    assert looks == [("staff_open", f"organization:{practice.organization.public_id}", "ticket 4711, report missing")]
    staff.post("/admin/close/")
    assert "No organization is open" in words_of(staff, "/admin/")


def test_an_opened_organization_closes_after_an_hour(staff: Client, practice: Practice, settings: Settings) -> None:
    _open(staff, practice)
    settings.FIXED_NOW = NOW + timedelta(minutes=59)
    assert "is open for an hour at most" in words_of(staff, "/admin/")
    settings.FIXED_NOW = NOW + timedelta(minutes=61)
    assert "No organization is open" in words_of(staff, "/admin/")


def test_staff_who_are_members_elsewhere_open_others_one_at_a_time(signed_in: SignedIn, practice: Practice) -> None:
    client, other = signed_in(Role.STAFF), open_practice("Quietwater Family Medicine")
    _open(client, other)
    assert "<b>Quietwater Family Medicine</b> is open" in words_of(client, "/admin/")
    again = client.post(f"/admin/open/{practice.organization.public_id}/", {"reason": "another ticket"})
    assert "Another organization is open. Close it first." in again.content.decode()


def test_staff_of_no_practice_come_from_the_root_to_the_admin(staff: Client) -> None:
    assert staff.get("/", follow=True).redirect_chain[-1][0] == "/admin/"


@pytest.mark.parametrize("path", ["tenants/organization", "tenants/user", *LISTS])
def test_nothing_is_added_or_changed(path: str, staff: Client, practice: Practice, parked: Outbox) -> None:
    _open(staff, practice)
    assert staff.get(f"/admin/{path}/add/").status_code == 403


def test_parked_message_is_sent_again_after_asking(staff: Client, practice: Practice, parked: Outbox) -> None:
    _open(staff, practice)
    chosen = {"action": "send_again", "_selected_action": parked.pk}
    assert "may deliver it twice" in staff.post("/admin/delivery/outbox/", chosen).content.decode()
    staff.post("/admin/delivery/outbox/", {**chosen, "confirmed": "yes"})
    with practice.bound():
        parked.refresh_from_db()
        assert parked.state == "queued"
        assert Attempt.objects.get().result == "requeued"
        assert list(PHIAccess.objects.order_by("number").values_list("action", flat=True)) == [
            "staff_open",
            "send_again",
        ]


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(
    rows: int, staff: Client, practice: Practice, parked: Outbox, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        for _ in range(rows):
            member()
    _open(staff, practice)
    staff.get("/admin/tenants/membership/")
    with django_assert_num_queries(11):
        staff.get("/admin/tenants/membership/")
