"""What people do with denied claims: one act upon one item or many, written down, and taken back whole."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from uuid import UUID

from django.db import transaction

from upstream.audit.services import record_access
from upstream.core.errors import Conflict, Invalid, NotAllowed
from upstream.tenants.models import Membership
from upstream.worklist.choices import ActKind
from upstream.worklist.models import Act, Event, Item
from upstream.worklist.rules import check_move
from upstream.worklist.writing import State, Told, write

MOST_ITEMS = 5000


class Changed(Conflict):
    """Items were changed since the actor saw them; `items` are their public ids. Nothing was written."""

    def __init__(self, items: list[UUID]) -> None:
        many = "one of these claims was" if len(items) == 1 else f"{len(items)} of these claims were"
        super().__init__("changed_meanwhile", f"{many} changed meanwhile: nothing was done. Look again")
        self.items = items


Seen = Mapping[UUID, int]


def assign(items: Iterable[Item], *, member: Membership | None, actor: str, seen: Seen | None = None) -> Act | None:
    """The member has these items, or nobody when None. `seen`: the version of each that the actor saw.

    Invalid for a member who does not work claims here; Changed when one has another version by now. None when all had
    this owner already.
    """
    if member is not None and "work" not in member.rights:
        raise Invalid("assignee", "this member does not work claims")
    return _act(items, ActKind.ASSIGN, lambda item: State.of(item)._replace(owner=member), actor=actor, seen=seen)


def step(
    items: Iterable[Item], *, to_step: str, actor: str, note: str = "", said: str = "", seen: Seen | None = None
) -> Act | None:
    """These items stand in `to_step`. Who leaves a step takes the item back from where it was put aside.

    `said` is for the product's own words, never for what somebody typed: that is a note, which is sealed. Invalid for
    a step that there is not, Conflict where it does not follow, Changed as above. None when all stood there already.
    """

    def moved(item: Item) -> State:
        if item.step == to_step:
            return State.of(item)
        return State(check_move(item.step, to_step), item.owner, None)

    return _act(items, ActKind.STEP, moved, actor=actor, note=note, said=said, seen=seen)


def snooze(
    items: Iterable[Item], *, until: date | None, today: date, actor: str, note: str = "", seen: Seen | None = None
) -> Act | None:
    """These items are out of sight until that day, or come back now for None. Invalid for a day that is not to come,
    or that lies behind the payer's own deadline of one of them.
    """
    rows = list(items)
    if until is not None and until <= today:
        raise Invalid("until", "put a claim aside until a day to come")
    if until is not None and any(today <= item.deadline < until for item in rows):
        raise Invalid("until", "the payer's deadline of one of these claims lies before that day")

    def put_aside(item: Item) -> State:
        return State.of(item)._replace(snoozed_until=until)

    return _act(rows, ActKind.SNOOZE, put_aside, actor=actor, note=note, seen=seen)


def write_note(item: Item, *, text: str, actor: str) -> Act | None:
    """The item's history says this, sealed. Invalid for a blank one. A note changes nothing, so it never conflicts."""
    if not text.strip():
        raise Invalid("note", "the note is empty")
    return _act([item], ActKind.NOTE, State.of, actor=actor, note=text)


def undo(act: Act, *, actor: str) -> Act:
    """What the act changed is as it was before it, by an act that names it; items changed since stay as they are.

    NotAllowed("not_yours") for somebody else's; Conflict("undone") where that was done before, Conflict where every
    item was changed since.
    """
    if act.actor != actor:
        raise NotAllowed("not_yours", "this was done by somebody else; it can be followed, not taken back")
    with transaction.atomic():
        locked = Act.objects.select_for_update().get(pk=act.pk)
        if locked.kind == ActKind.UNDO or Act.objects.filter(undoes=locked).exists():
            raise Conflict("undone", "this was taken back already")
        before = {event.item_id: event for event in _events_of(locked)}
        items = [event.item for event in before.values() if _stands(event)]
        if not items:
            raise Conflict("changed_meanwhile", "everything of it was changed since; nothing was taken back")
        undone = _act(items, ActKind.UNDO, lambda item: _state_before(before[item.pk]), actor=actor, undoes=locked)
        if undone is None:
            raise Conflict("changed_meanwhile", "there is nothing left to take back")
    return undone


def _events_of(act: Act) -> list[Event]:
    rows = Event.objects.filter(act=act).select_related("item__owner", "owner_before", "owner_after")
    return list(rows.order_by("item"))


def _stands(event: Event) -> bool:
    after = State(event.to_step, event.owner_after, event.snoozed_after)
    return State.of(event.item) == after


def _state_before(event: Event) -> State:
    return State(event.from_step, event.owner_before, event.snoozed_before)


def _act(
    items: Iterable[Item],
    kind: ActKind,
    changed: Callable[[Item], State],
    *,
    actor: str,
    note: str = "",
    said: str = "",
    seen: Seen | None = None,
    undoes: Act | None = None,
) -> Act | None:
    """Lock the items, see that nobody was faster, and write the act and what it did to each."""
    wanted = sorted({item.pk for item in items})
    if len(wanted) > MOST_ITEMS:
        raise Invalid("too_many", f"at most {MOST_ITEMS} claims at once")
    with transaction.atomic():
        rows = list(_locked(wanted))
        others = [row.public_id for row in rows if seen is not None and seen.get(row.public_id) != row.version]
        if others:
            raise Changed(others)
        always = kind in (ActKind.NOTE, ActKind.UNDO)
        told = [Told(row, after, said, note) for row in rows if (after := changed(row)) != State.of(row) or always]
        if not told:
            return None
        act = write(told, kind=kind, actor=actor, undoes=undoes)
        record_access(
            actor=actor, action=f"worklist.{kind}", subject=f"act:{act.public_id}", records=len(told),
            purpose="work denied claims",
        )  # fmt: skip
    return act


def _locked(wanted: list[int]) -> Iterable[Item]:
    rows: Iterable[Item] = (
        Item.objects.select_for_update(of=("self",)).select_related("owner").filter(pk__in=wanted).order_by("pk")
    )
    return rows
