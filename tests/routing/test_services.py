"""Whatever a part of the product has to say is said once to each who may hear it."""

from tests.factories import NOON, endpoint, member
from tests.factories.telling import tell_all
from tests.routing.conftest import SAID
from upstream.delivery import addresses
from upstream.delivery.choices import MailFate
from upstream.delivery.models import Outbox
from upstream.delivery.transports.mail import compose
from upstream.pipeline import run_to_end
from upstream.routing.choices import Channel, NoticeState
from upstream.routing.models import Notice
from upstream.routing.services import tell
from upstream.tenants.choices import Role
from upstream.tenants.models import Membership, Organization


def late(**changes: object) -> int:
    given = {"kind": "incident.opened", "about": "source:1", "severity": "high", "said": SAID}
    return tell(**{**given, **changes})  # the test chooses


def test_members_are_told_by_mail_and_in_the_portal_once(manager: Membership) -> None:
    silent = member(Role.BILLER)
    silent.wants_mail = False
    silent.save()
    assert late() == late() == 2
    told = Notice.objects.order_by("pk").values_list("recipient_id", "channel", "state", "due_at")
    assert list(told) == [
        (manager.pk, Channel.MAIL, NoticeState.QUEUED, NOON),
        (manager.pk, Channel.PORTAL, NoticeState.QUEUED, NOON),
        (silent.pk, Channel.PORTAL, NoticeState.QUEUED, NOON),
    ]


def test_what_is_due_goes_to_delivery_once(manager: Membership) -> None:
    channel = endpoint("Desk")
    late()
    assert run_to_end() > 0
    assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.SENT}
    mail = Outbox.objects.get(recipient=manager)
    assert compose(mail).subject == f"{manager.tenant.name}: A file is late"
    assert "The last one came nine days ago." in str(compose(mail).body)
    assert Outbox.objects.get(endpoint=channel).context["data"] == {"n": 9}
    late()
    assert run_to_end() == 0


def test_a_role_alone_or_named_people_alone(practice: Organization) -> None:
    owner, biller = member(Role.OWNER), member(Role.BILLER)
    assert late(role=Role.OWNER) == 1
    assert late(about="source:2", recipients=[biller]) == 1
    pairs = set(Notice.objects.filter(channel=Channel.MAIL).values_list("about", "recipient_id"))
    assert pairs == {("source:1", owner.pk), ("source:2", biller.pk)}


def test_nobody_is_told_without_the_right(manager: Membership) -> None:
    manager.active = False
    assert late(recipients=[manager]) == 0
    assert not Notice.objects.exists()


def test_no_mail_is_written_to_an_address_that_it_came_back_from(manager: Membership) -> None:
    addresses.note(manager, MailFate.BOUNCED)
    assert late() == 1
    assert tell_all() == 1
    assert list(Notice.objects.values_list("channel", "state")) == [(Channel.PORTAL, NoticeState.SENT)]
    assert not Outbox.objects.exists()
    addresses.lift(manager, reason="the box was full", actor="command:test")
    late(about="source:2")
    assert set(Notice.objects.filter(about="source:2").values_list("channel", flat=True)) == {
        Channel.MAIL, Channel.PORTAL,
    }  # fmt: skip
