"""The owner's settings: people, channels, who is told, budgets, clocks, the calendar, and how long files are kept."""

from ipaddress import ip_network

from pytest_django import Settings

from tests.e2e.journeys.conftest import Begin
from tests.e2e.world import World
from upstream.alerts.models import MoneyLimit, PayerClock
from upstream.delivery.models import Endpoint
from upstream.detection.models import CalendarEvent
from upstream.reports.models import Policy as Keeping
from upstream.routing.models import Policy, Rule
from upstream.tenants.models import ApiClient, Membership, Organization


def test_people_and_how_they_sign_in(begin: Begin, world: World) -> None:
    me = begin()
    me.sign_in(world.owner_email)
    me.area("People", "Practice")
    me.is_at("People")
    me.looks()
    me.write("E-mail address", "nora@example.test")
    me.choose("Role", "Clinician")
    me.press("Add and mail")
    me.sees("nora@example.test is a member now")
    me.choose("Role of nora@example.test", "Biller")
    me.press("Change", me.page.get_by_role("row").filter(has_text="nora@example.test"))
    me.sees("nora@example.test is biller now.")
    me.area("Settings", "Practice")
    me.follow("Signing in")
    me.is_at("Signing in")
    me.looks()
    me.write("Signed out after minutes without use", "10")
    me.press("Save")
    me.sees("Saved.")
    with world.bound():
        assert Membership.objects.get(user__email="nora@example.test").role == "biller"
        assert Organization.objects.get(pk=world.tenant_id).idle_minutes == 10


def test_who_is_told_and_by_what(begin: Begin, world: World, settings: Settings) -> None:
    settings.OUTBOUND_ALLOW = [ip_network("127.0.0.0/8")]
    me = begin()
    me.sign_in(world.owner_email)
    me.area("Channels", "Practice")
    me.is_at("Channels")
    me.follow("Slack")
    me.write("Name", "Front office")
    me.write("Address", "https://127.0.0.1/services/T0/B0/secret")
    me.press("Save")
    me.is_at("Front office")
    me.looks()
    me.area("Who is told", "Practice")
    me.is_at("Who is told")
    me.looks()
    me.follow("Change")
    me.is_at("When people are told")
    me.write("Interruptions a week, at most", "3")
    me.press("Save")
    me.sees("3 interruptions a week")
    me.follow("Add a rule")
    me.write("Name", "Large ones to owners")
    me.tick("Every owner", me.page.get_by_role("group", name="Who is told"))
    me.write("Lost so far, at least ($)", "5000")
    me.press("Look at the last year first")
    me.sees("the last year")
    me.looks()
    me.press("Save")
    me.sees("Large ones to owners", "table")
    with world.bound():
        assert Endpoint.objects.filter(name="Front office", kind="slack").exists()
        assert Policy.objects.get().weekly_budget == 3
        assert Rule.objects.get(name="Large ones to owners").least_cents == 500_000


def test_budgets_clocks_and_how_long_files_are_kept(begin: Begin, world: World) -> None:
    me = begin()
    me.sign_in(world.owner_email)
    me.area("Settings", "Practice")
    me.is_at("Settings")
    me.looks()
    me.follow("False incidents")
    me.is_at("How well we do")
    me.write("False incidents a quarter, at most", "0.5")
    me.press("Save")
    me.sees("Saved. It holds from the next look on.")
    me.area("Settings", "Practice")
    me.follow("When money is much")
    me.choose("Limit", "Much money, in dollars")
    me.write("Dollars or percent", "25000")
    me.write("Why, or where it is written", "board of January")
    me.press("Save")
    me.sees("$25,000", "table")
    me.looks()
    me.area("Calendar", "Practice")
    me.is_at("Weeks unlike others")
    me.looks()
    me.write("What happened", "New scheduling system")
    me.write("First day", "2026-02-09")
    me.write("Last day", "2026-02-15")
    me.press("Add")
    me.sees("New scheduling system", "table")
    me.area("Payers", "Insight")
    me.follow("Summit Mutual")
    me.unfold("Enter a deadline of a contract")
    me.write("Days", "120")
    me.write("Where it is written", "contract, section 7")
    me.press("Save the deadline")
    me.sees("contract, section 7", "table")
    me.area("Reports", "Insight")
    me.follow("How long files are kept")
    me.write("Days for which files of reports are kept", "400")
    me.press("Save")
    me.is_at("Reports")
    with world.bound():
        assert str(Organization.objects.get(pk=world.tenant_id).false_incidents_per_quarter) == "0.50"
        assert MoneyLimit.objects.get().value == 25_000
        assert CalendarEvent.objects.filter(name="New scheduling system").exists()
        assert PayerClock.objects.filter(days=120, source="contract, section 7").exists()
        assert Keeping.objects.get().kept_days == 400


def test_a_client_of_the_api_is_made_and_ended(begin: Begin, world: World) -> None:
    me = begin()
    me.sign_in(world.owner_email)
    me.area("Settings", "Practice")
    me.is_at("Settings")
    me.follow("API clients")
    me.is_at("API clients")
    me.looks()
    me.write("What it is for", "Nightly remittances")
    me.tick("Upload files")
    me.press("Make it")
    me.sees("Copy the secret now")
    me.looks()
    with world.bound():
        assert ApiClient.objects.get().scopes == ["read", "upload"]
    me.press("End Nightly remittances")
    me.sees("ended", ".badge")
    with world.bound():
        assert ApiClient.objects.get().revoked_at is not None
