"""What people send about incidents. Each form carries the version of the incident that its page showed."""

from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from django import forms
from django.http import QueryDict

from upstream.alerts.choices import IncidentState, SplitAxis
from upstream.alerts.life_models import NOTE_LENGTH
from upstream.alerts.life_rules import Snooze
from upstream.alerts.mentions import handle_of
from upstream.alerts.models import Incident
from upstream.alerts.queries import incident as find_incident
from upstream.alerts.queries import open_incidents, parts_to_split
from upstream.alerts.rules import MOVES, SAID_OUTCOMES
from upstream.core.errors import Invalid
from upstream.core.money import cents_of
from upstream.detection.choices import Metric
from upstream.portal.queries.people import name_of
from upstream.portal.words import counted
from upstream.tenants.choices import Right, Role
from upstream.tenants.models import Membership
from upstream.tenants.queries import active_members
from upstream.tenants.rules import rights_of

MOST_HANDLES, MOST_TITLE = 12, 120
NO_NAMES = "For colleagues. No patient's name, please."


def day_field(label: str, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), **kwargs)


def note_field(label: str = "Note") -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=NO_NAMES,
    )  # fmt: skip


class MemberField(forms.ModelChoiceField):
    """Members by name."""

    def label_from_instance(self, member: Membership) -> str:
        return name_of(member)


def member_field() -> MemberField:
    """Those who work incidents, or nobody."""
    workers = active_members().filter(role__in=[role for role in Role if Right.WORK in rights_of(role)])
    return MemberField(workers, required=False, label="Owner", empty_label="Nobody")


class IncidentForm(forms.Form):
    """A form about one incident; `key` is its name on the page."""

    key = ""
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, incident: Incident, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"id_{self.key}_%s")
        super().__init__(*args, **kwargs)
        self.incident = incident
        self.initial.setdefault("version", incident.version)

    def again(self, incident: Incident) -> Self:
        """The same words, to be sent once more by somebody who has seen how the incident stands now."""
        form = type(self)(incident, {**{name: self.data[name] for name in self.data}, "version": incident.version})
        form.is_valid()
        return form


class MoveForm(IncidentForm):
    """The next state, from where the incident stands; whether an outcome goes with it is the service's to say."""

    key = "move"
    outcome = forms.ChoiceField(
        label="What it turned out to be",
        choices=[("", "Only when you close it"), *((one.value, one.label) for one in SAID_OUTCOMES)],
        required=False,
    )
    said = forms.DecimalField(
        label="What came back, as you know it", required=False, min_value=0, max_digits=12, decimal_places=2,
        help_text="In dollars, when you close it. Shown as said by you, beside what remittances paid.",
    )  # fmt: skip
    return_by = day_field(
        "Back to usual by", required=False,
        help_text="When you monitor it. Blank: in four weeks. If it is not, the incident is worked again by itself.",
    )  # fmt: skip
    note = note_field()
    field_order = ("version", "to_state", "outcome", "said", "return_by", "note")

    def __init__(self, incident: Incident, *args: Any, **kwargs: Any) -> None:
        super().__init__(incident, *args, **kwargs)
        legal = MOVES[IncidentState(incident.state)]
        choices = [(state.value, state.label) for state in IncidentState if state in legal]
        self.fields["to_state"] = forms.ChoiceField(label="Move to", choices=choices)
        self.order_fields(self.field_order)

    @property
    def move(self) -> dict[str, Any]:
        told = {name: value for name, value in self.cleaned_data.items() if name not in {"version", "said"}}
        said: Decimal | None = self.cleaned_data["said"]
        return {**told, "said_cents": cents_of(said) if said is not None else None}


class AssignForm(IncidentForm):
    """Who has it; nobody when blank."""

    key = "assign"

    def __init__(self, incident: Incident, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"member": incident.assigned_to_id})
        super().__init__(incident, *args, **kwargs)
        self.fields["member"] = member_field()


class CommentForm(IncidentForm):
    """A word to colleagues."""

    key = "comment"
    text = forms.CharField(
        label="Comment", max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "A comment says something."},
    )  # fmt: skip

    def __init__(self, incident: Incident, *args: Any, **kwargs: Any) -> None:
        super().__init__(incident, *args, **kwargs)
        known = ", ".join(f"@{handle_of(member)}" for member in active_members()[:MOST_HANDLES])
        self.fields["text"].help_text = f"{NO_NAMES} Who is named gets a mail with a link: {known}."


class SnoozeForm(IncidentForm):
    """Until when it is in nobody's way."""

    key = "snooze"
    until = day_field("Until the day", required=False)
    money = forms.DecimalField(
        label="Or until more than so many dollars are lost", required=False, min_value=0, max_digits=12,
        decimal_places=2,
    )  # fmt: skip
    rate = forms.FloatField(label="Or until the rate passes, in percent", required=False, min_value=0)
    note = note_field("Why")

    def __init__(self, incident: Incident, *args: Any, **kwargs: Any) -> None:
        super().__init__(incident, *args, **kwargs)
        self.in_days = incident.metric == Metric.PAYMENT_DELAY
        if self.in_days:
            self.fields["rate"].label = "Or until it takes longer than so many days"

    @property
    def asked(self) -> Snooze:
        told = self.cleaned_data
        money: Decimal | None = told["money"]
        rate: float | None = told["rate"]
        if rate is not None and not self.in_days:
            rate = rate / 100
        return Snooze(told["until"], cents_of(money) if money is not None else None, rate)


class MergeForm(IncidentForm):
    """Another open incident that is part of this one."""

    key = "merge"
    note = note_field("Why")
    field_order = ("version", "part", "note")

    def __init__(self, incident: Incident, *args: Any, **kwargs: Any) -> None:
        super().__init__(incident, *args, **kwargs)
        others = open_incidents().filter(direction=incident.direction).exclude(pk=incident.pk)
        choices = [(str(one), title[:MOST_TITLE]) for one, title in others.values_list("public_id", "title")]
        self.fields["part"] = forms.ChoiceField(label="Take in", choices=choices)
        self.order_fields(self.field_order)

    @property
    def part(self) -> Incident:
        """Invalid when it is gone meanwhile."""
        found = find_incident(UUID(self.cleaned_data["part"]))
        if found is None:
            raise Invalid("part", "that incident is not there any more")
        return found


class SplitForm(IncidentForm):
    """Which part of the incident is a matter of its own: one of the values that its claims have."""

    key = "split"
    note = note_field("Why")
    field_order = ("version", "chosen", "note")

    def __init__(self, incident: Incident, *args: Any, **kwargs: Any) -> None:
        super().__init__(incident, *args, **kwargs)
        choices = [
            (f"{axis}:{key}", f"{SplitAxis(axis).label} {key}: {counted(claims, 'claim')}")
            for axis, key, claims in parts_to_split(incident)
        ]
        self.fields["chosen"] = forms.ChoiceField(label="Split off", choices=choices)
        self.order_fields(self.field_order)

    @property
    def axis(self) -> str:
        return str(self.cleaned_data["chosen"].partition(":")[0])

    @property
    def value(self) -> str:
        return str(self.cleaned_data["chosen"].partition(":")[2])


class BulkForm(forms.Form):
    """What is done to the incidents that are ticked: given to a member, acknowledged, or snoozed until a day."""

    act = forms.ChoiceField(choices=[("assign", "Assign"), ("acknowledge", "Acknowledge"), ("snooze", "Snooze")])
    until = day_field("Until", required=False)

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="id_bulk_%s")
        self.fields["member"] = member_field()
        self._picks = data.getlist("pick") if data else []

    @property
    def picked(self) -> dict[UUID, int]:
        """Public ids with the versions that the page showed; what is none is left out."""
        found = (value.partition(":") for value in self._picks)
        return {UUID(one): int(version) for one, _, version in found if _is_id(one) and version.isdecimal()}


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
