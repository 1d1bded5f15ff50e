"""The director: twenty minutes a week, and what they take along."""

from tests.e2e.journeys.conftest import Begin
from tests.e2e.world import World
from upstream.alerts.models import Incident


def test_twenty_minutes_a_week(begin: Begin, world: World) -> None:
    me = begin()
    me.sign_in(world.owner_email)
    me.area("Week", "Insight")
    me.is_at("Week")
    me.looks()
    me.follow("Summit Mutual", me.page.locator("main section[aria-labelledby=payers] tbody"))
    me.is_at("Summit Mutual")
    me.looks()
    me.area("Week", "Insight")
    me.is_at("Week")
    me.follow("Summit Mutual started denying", me.page.locator("main section[aria-labelledby=decide]"))
    me.is_at("Summit Mutual started denying")
    me.write("Comment", "Raise it at the next meeting with the payer.")
    me.press("Comment")
    me.sees("“Raise it at the next meeting with the payer.”", ".timeline")
    me.area("Week", "Insight")
    me.is_at("Week")
    assert me.takes(lambda: me.follow("These payers as a CSV file")) == "payers-2026-03-01.csv"
    me.follow("PDF and Excel")
    me.is_at("Reports")
    me.looks()
    me.follow("Weekly report", me.page.locator("main section[aria-labelledby=ours] tbody"))
    me.sees("Mailed to:")
    me.looks()
    me.press("Stop mailing it to me")
    me.sees("Mail it to me again", "button")
    with world.bound():
        assert Incident.objects.get(pk=world.incident.pk).transitions.filter(kind="commented").count() == 1
