"""The billing manager: five minutes a day, and from an incident to an appeal that is sent."""

from tests.e2e.journeys.conftest import Begin
from tests.e2e.world import World
from upstream.alerts.models import Incident
from upstream.appeals.models import Letter
from upstream.worklist.models import Item

KNEE = "Summit Mutual started denying knee MRI"


def test_five_minutes_a_day(begin: Begin, world: World) -> None:
    me = begin()
    me.sign_in(world.manager_email)
    me.sees("Data as of", ".strip")
    me.is_at("open incidents")
    me.looks()
    me.follow(KNEE)
    me.is_at(KNEE)
    me.looks()
    me.press("Take it")
    me.sees("Maria Sandoval gave it to Maria Sandoval", ".timeline")
    me.unfold("Snooze it")
    me.write("Until the day", "2026-04-01")
    me.press("Snooze")
    me.sees("Snoozed until 1 April 2026")
    me.press("Wake it")
    me.sees("Maria Sandoval woke it", ".timeline")
    me.area("Worklist")
    me.is_at("Worklist")
    me.looks()
    me.follow("", me.page.locator("main tbody"))
    me.sees("What happened")
    me.choose("Move to", "Sent")
    me.write("Note", "By fax")
    me.press("Move, and on to the next")
    me.sees("Undo", "form.message")
    me.looks()
    with world.bound():
        found = Incident.objects.select_related("assigned_to__user").get(pk=world.incident.pk)
        assert found.assigned_to.user.email == world.manager_email
        assert not found.is_snoozed
        assert Item.objects.filter(step="sent").count() == 1


def test_from_an_incident_to_an_appeal_that_is_sent(begin: Begin, world: World) -> None:
    me = begin()
    me.sign_in(world.manager_email)
    me.follow(KNEE)
    me.is_at(KNEE)
    me.press("Draft letters for its claims")
    me.is_at("Letters of one cause")
    world.work()
    me.sees("All together")
    me.looks()
    me.follow("Missing authorization", me.page.locator("#set tbody"))
    me.sees("The letter", "h2")
    me.looks()
    me.choose("Step", "Ready to send")
    me.press("Move")
    me.sees("Ready to send", ".badges")
    me.choose("How", "Fax")
    me.write("Day", "2026-03-02")
    me.write("Tracking or confirmation number", "FX-4711")
    me.press("I have sent it")
    me.sees("Sent", ".badges")
    me.sees("FX-4711")
    with world.bound():
        behind = world.incident.members.values("claim")
        assert Letter.objects.get(state="sent", claim__in=behind).way == "fax"
