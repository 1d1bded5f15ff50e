"""What people ask of the worklist and do there; words and shape only, the services decide."""

from typing import NamedTuple
from uuid import UUID

from django import forms
from django.http import QueryDict

from upstream.alerts.queries import incident as find_incident
from upstream.claims import payer_queries
from upstream.claims.choices import DenialCategory
from upstream.core import clock
from upstream.portal.incident_forms import MemberField
from upstream.tenants.choices import Right, Role
from upstream.tenants.models import Membership
from upstream.tenants.queries import active_members
from upstream.tenants.rules import rights_of
from upstream.worklist.choices import Show, Step
from upstream.worklist.models import NOTE_LENGTH, Item
from upstream.worklist.queries import Wanted
from upstream.worklist.rules import MOVES, OPEN

MINE, NOBODY = "mine", "nobody"
WORKERS = [role for role in Role if Right.WORK in rights_of(role)]
DAY = {"type": "date"}
CLOSED_BY_PEOPLE = (Step.WON, Step.LOST, Step.WRITTEN_OFF)


class WorklistForm(forms.Form):
    """Which denials are listed. A value that is none of ours is left out of the question."""

    whose = forms.ChoiceField(label="Owner", required=False)
    payer = forms.ChoiceField(label="Payer", required=False)
    category = forms.ChoiceField(
        label="Why", required=False, choices=[("", "Every reason"), *((c.value, c.label) for c in DenialCategory)]
    )
    step = forms.ChoiceField(label="Step", required=False)
    soon = forms.BooleanField(label="Due in 7 days", required=False)
    show = forms.ChoiceField(required=False, choices=Show.choices, widget=forms.HiddenInput)
    due = forms.DateField(required=False, widget=forms.HiddenInput)
    on = forms.DateField(required=False, widget=forms.HiddenInput)
    incident = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, membership: Membership, data: QueryDict) -> None:
        super().__init__(data)
        self.membership = membership
        self.people = list(active_members().filter(role__in=WORKERS))
        self.payers = list(payer_queries.payers().order_by("name"))
        named = [(str(one.user.public_id), one.user.get_full_name() or one.user.email) for one in self.people]
        whose = [("", "Everybody"), (MINE, "Mine"), (NOBODY, "Nobody"), *named]
        self._choose("whose", whose)
        self._choose("payer", [("", "All payers"), *((str(one.public_id), one.name) for one in self.payers)])
        self._choose("step", [("", "Every step"), *((step.value, step.label) for step in Step)])
        self.is_valid()

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    @property
    def wanted(self) -> Wanted:
        told = self.cleaned_data
        incident = find_incident(told["incident"]) if told.get("incident") else None
        return Wanted(
            show=told.get("show") or Show.OPEN,
            owner=self._owner(told.get("whose", "")),
            payer=next((one.pk for one in self.payers if str(one.public_id) == told.get("payer")), None),
            category=told.get("category", ""),
            step=told.get("step", ""),
            soon=bool(told.get("soon")),
            due=told.get("due"),
            on=told.get("on"),
            incident=incident.pk if incident else None,
        )

    def _owner(self, whose: str) -> int | None:
        if whose == MINE:
            return int(self.membership.pk)
        if whose == NOBODY:
            return 0
        return next((one.pk for one in self.people if str(one.user.public_id) == whose), None)


class SeenForm(forms.Form):
    """A form that remembers which version of the item it was made from."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, item: Item, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"version": item.version}, auto_id="id_%s")
        self.item = item

    @property
    def seen(self) -> dict[UUID, int]:
        return {self.item.public_id: self.cleaned_data["version"]}


class StepForm(SeenForm):
    """The next step, from where the item stands."""

    note = forms.CharField(
        label="Note", required=False, max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Kept sealed, for colleagues.",
    )  # fmt: skip

    def __init__(self, item: Item, data: QueryDict | None = None) -> None:
        super().__init__(item, data)
        choices = [(step.value, step.label) for step in Step if step in MOVES[Step(item.step)]]
        self.fields["to_step"] = forms.ChoiceField(label="Move to", choices=choices)


class OwnerForm(SeenForm):
    """The member who has the item from now on, or nobody."""

    def __init__(self, item: Item, data: QueryDict | None = None) -> None:
        super().__init__(item, data)
        workers = active_members().filter(role__in=WORKERS)
        self.fields["member"] = MemberField(
            workers, required=False, label="Owner", empty_label="Nobody", initial=item.owner_id
        )


class AsideForm(SeenForm):
    """Until when the item is out of sight; blank brings it back."""

    until = forms.DateField(label="Put aside until", required=False, widget=forms.DateInput(attrs=DAY))

    def __init__(self, item: Item, data: QueryDict | None = None) -> None:
        super().__init__(item, data)
        self.initial["until"] = item.snoozed_until


class ItemNoteForm(SeenForm):
    """What colleagues should know."""

    text = forms.CharField(
        label="Note", max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 3}), help_text="Kept sealed."
    )


class Chosen(NamedTuple):
    """One row that was ticked, as it stood when the list was made."""

    public_id: UUID
    version: int


class BulkForm(forms.Form):
    """One act upon many items: those that were ticked, or all of the list."""

    whole = forms.BooleanField(required=False)
    shown_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    act = forms.ChoiceField(choices=[("assign", "Assign"), ("step", "Move")])
    to_step = forms.ChoiceField(
        label="Move to", required=False, choices=[(step.value, step.label) for step in (*OPEN, *CLOSED_BY_PEOPLE)]
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"shown_at": clock.now().isoformat()})
        self.ticked = data.getlist("item") if data else []
        workers = active_members().filter(role__in=WORKERS)
        self.fields["member"] = MemberField(workers, required=False, label="Give to", empty_label="Nobody")

    @property
    def chosen(self) -> list[Chosen]:
        """Ticked rows; one that is no row of ours is left out."""
        return [found for told in self.ticked if (found := _chosen(told))]


def _chosen(told: str) -> Chosen | None:
    public_id, _, version = told.rpartition(".")
    try:
        return Chosen(UUID(public_id), int(version))
    except ValueError:
        return None
