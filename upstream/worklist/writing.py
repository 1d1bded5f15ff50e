"""One act upon items: the items as they are after it, and an event for each."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from upstream.core import clock
from upstream.tenants.models import Membership
from upstream.tenants.services import tenant_keys
from upstream.worklist.choices import ActKind, Step
from upstream.worklist.models import Act, Event, Item
from upstream.worklist.rules import CLOSED

AT_ONCE = 500
CHANGED = ("step", "owner", "snoozed_until", "version", "changed_at", "closed_at", "closed_for")


class State(NamedTuple):
    """What is decided of an item."""

    step: str
    owner: Membership | None
    snoozed_until: date | None

    @classmethod
    def of(cls, item: Item) -> "State":
        return cls(item.step, item.owner, item.snoozed_until)


class Told(NamedTuple):
    """What becomes of one item: `said` in the product's own words, `note` in a person's, which is sealed."""

    item: Item
    after: State
    said: str = ""
    note: str = ""


def write(
    told: list[Told], *, kind: ActKind, actor: str, undoes: Act | None = None, besides: Iterable[str] = ()
) -> Act:
    """The act with its events; `besides` names fields of the items that were changed with it. Inside a transaction."""
    act: Act = Act.objects.create(kind=kind, actor=actor[:80], at=clock.now(), items=len(told), undoes=undoes)
    keys = tenant_keys()
    events = []
    for one in told:
        event = _event(act, one)
        event.write_note(one.note, keys)
        events.append(event)
    Item.objects.bulk_update([one.item for one in told], [*CHANGED, *besides], batch_size=AT_ONCE)
    Event.objects.bulk_create(events, batch_size=AT_ONCE)
    return act


def _event(act: Act, told: Told) -> Event:
    """The item is as it is told to be, and this is its event."""
    item, before, after = told.item, State.of(told.item), told.after
    item.step, item.owner, item.snoozed_until = after
    item.version, item.changed_at = item.version + 1, act.at
    if before.step != after.step:
        item.closed_at = act.at if Step(after.step) in CLOSED else None
        item.closed_for = (told.said or Step(after.step).label)[:120] if item.closed_at else ""
    return Event(
        act=act, item=item, version=item.version, from_step=before.step, to_step=after.step,
        owner_before=before.owner, owner_after=after.owner, snoozed_before=before.snoozed_until,
        snoozed_after=after.snoozed_until, said=told.said[:120],
    )  # fmt: skip
