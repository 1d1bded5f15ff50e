"""What people have been told, once the stages that tell have done what is ready."""

import uuid
from datetime import date, time, timedelta

from upstream.core import clock
from upstream.delivery.choices import Kind
from upstream.delivery.models import Outbox
from upstream.pipeline import ready, take
from upstream.routing import mutes, ruling
from upstream.routing.ruling import TargetSaid
from upstream.routing.stage import CLOSINGS, DIGESTS, NOTICES, OPENINGS, WAKINGS
from upstream.tenants.models import Membership

# As it is sent to the API.
POLICY = {
    "version": 1, "weekly_budget": 10, "at_once_from": "high", "digest_from": "none", "digest_at": "07:30:00",
    "coalesce_days": 14, "quiet_from": "22:00:00", "quiet_until": "07:00:00", "quiet_days": [6],
    "critical_any_time": True, "office_from": "08:00:00", "office_until": "17:00:00", "office_days": [0, 1],
    "learns": False,
}  # fmt: skip


def tell_all() -> int:
    """Decide and let go everything that is ready now, without sending it; how many rows were taken."""
    return sum(take(stage, row) for stage in (OPENINGS, CLOSINGS, WAKINGS, NOTICES, DIGESTS) for row in ready(stage))


def mails() -> int:
    """How many mails there are in all after that."""
    tell_all()
    return Outbox.objects.filter(kind=Kind.MAIL).count()


def one_of_each(person: Membership) -> dict[str, uuid.UUID]:
    """Ids of a rule, turns, a mute and planned work of the bound practice, which all name Lakeside."""
    ref, until = str(person.user.public_id), clock.now() + timedelta(days=1)
    rota = ruling.save_rota(
        None, name="Lakeside alone", members=[ref], weekday=0, at=time(8), since=date(2026, 3, 2)
    )  # fmt: skip
    said = [TargetSaid("rota", str(rota.public_id))]
    rule = ruling.save_rule(None, name="Lakeside alone", how="severity", scope={}, targets=said, actor="command:x")
    mute = mutes.add_mute(scope={"codes": ["1"]}, reason="Lakeside alone", expires_at=until, actor="command:x")
    window = mutes.plan_work(name="Lakeside alone", reason="", starts_at=until, ends_at=until + timedelta(1), actor="x")
    made = {"rota": rota, "rule": rule, "mute": mute, "window": window}
    return {name: thing.public_id for name, thing in made.items()}
