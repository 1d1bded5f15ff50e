"""Upstream's staff: a second factor, a practice opened with a reason, a visit that its people see and end."""

from tests.e2e.journeys.conftest import Begin
from tests.e2e.world import World
from tests.factories import doors
from upstream.audit.models import PHIAccess
from upstream.tenants.models import User

REASON = "ticket 4711, a report is missing"


def test_a_practice_is_opened_with_a_reason_and_visited(begin: Begin, world: World) -> None:
    doors.app_of(User.objects.get(email=world.staff_email))
    me = begin("/admin/")
    me.sign_in(world.staff_email)
    me.is_at("One more step")
    me.write("Code", doors.code())
    me.press("Go on")
    me.is_at("Operations")
    me.looks()
    me.follow("How practices stand")
    me.is_at("How practices stand")
    me.looks()
    me.follow("Lakeside Orthopedics & Imaging")
    me.write("Reason:", REASON)
    me.press("Open")
    me.sees("Lakeside Orthopedics & Imaging is open")
    me.follow("Areas of Lakeside")
    me.tick("Letters")
    me.write("Reason:", "ticket 4712, letters are off")
    me.press("Save")
    me.sees("Saved.", "body")
    me.looks()
    me.go("/admin/visit/")
    me.choose("As whom:", f"{world.manager_email} (Billing manager)")
    me.write("Reason:", REASON)
    me.press("Look")
    me.sees("You visit as", "[aria-label=Visit]")
    me.looks()
    assert me.page.locator("nav.areas").get_by_text("Letters", exact=True).count() == 0
    me.press("End the visit", me.page.locator("[aria-label=Visit]"))
    me.is_at("Operations")
    with world.bound():
        seen = set(PHIAccess.objects.values_list("action", "purpose"))
    assert {("staff_open", REASON), ("staff_visit", REASON)} < seen
