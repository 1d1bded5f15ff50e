"""What people say of when they are told, and of whose turn it is; words and shape only, the services decide."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from upstream.alerts.choices import Severity
from upstream.portal.queries.routing import person
from upstream.routing.models import Policy, Preference, Rota
from upstream.routing.quiet_models import DIGEST_FROM
from upstream.tenants.queries import active_members

DAYS = [(str(number), name) for number, name in enumerate(
    ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"))]  # fmt: skip
CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class Several(forms.MultipleChoiceField):
    """A list of which none, one or more are chosen."""

    def __init__(self, label: str, choices: Iterable[tuple[Any, Any]] = (), help_text: str = "") -> None:
        super().__init__(
            label=label, choices=list(choices), required=False, help_text=help_text,
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip


def offer(form: forms.Form, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """The field of this name, which takes one or more of a list, offers these."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} offers no choices")
    field.choices = list(choices)


class DaysField(forms.MultipleChoiceField):
    """Days of the week as numbers, Monday 0."""

    def __init__(self, label: str) -> None:
        super().__init__(
            label=label, choices=DAYS, required=False, widget=forms.CheckboxSelectMultiple
        )  # fmt: skip

    def clean(self, value: Any) -> list[int]:
        return [int(day) for day in super().clean(value)]

    def prepare_value(self, value: Any) -> Any:
        return [str(day) for day in value or ()]


class VersionedForm(forms.Form):
    """Carries the version that it was made from."""

    version = forms.IntegerField(widget=forms.HiddenInput, initial=1)

    @property
    def values(self) -> dict[str, Any]:
        """What was said, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class QuietForm(VersionedForm):
    quiet_from = forms.TimeField(label="Quiet from", required=False, widget=CLOCK)
    quiet_until = forms.TimeField(
        label="Quiet until", required=False, widget=CLOCK, help_text="Both blank: no quiet hours."
    )
    quiet_days = DaysField("Quiet all day")


class PolicyForm(QuietForm):
    """How the practice is told."""

    weekly_budget = forms.IntegerField(
        label="Interruptions a week, at most", required=False, min_value=0,
        help_text="What goes beyond waits for the digest; critical incidents say so and are told all the same. "
        "Blank: no limit.",
    )  # fmt: skip
    at_once_from = forms.ChoiceField(label="At once from this severity on", choices=Severity.choices)
    digest_from = forms.ChoiceField(
        label="With the daily digest from this severity on", choices=DIGEST_FROM,
        help_text="Below, incidents wait for the weekly report. Weak evidence always does.",
    )  # fmt: skip
    digest_at = forms.TimeField(label="Time of the digest", widget=CLOCK)
    coalesce_days = forms.IntegerField(
        label="Days in which the same incident is not told again at once", min_value=0
    )  # fmt: skip
    critical_any_time = forms.BooleanField(label="Critical incidents may break quiet hours", required=False)
    office_from = forms.TimeField(label="Work begins", widget=CLOCK)
    office_until = forms.TimeField(label="Work ends", widget=CLOCK)
    office_days = DaysField("Days of work")
    learns = forms.BooleanField(label="Learn from what people call noise", required=False)

    @classmethod
    def showing(cls, row: Policy) -> "PolicyForm":
        """The form filled from what holds now."""
        kept = {name: getattr(row, name) for name in cls.base_fields}
        return cls(initial={**kept, "office_days": row.office_days or range(5)})


class PreferenceForm(QuietForm):
    """How one member is told."""

    zone = forms.CharField(
        label="My time zone", required=False, max_length=64, help_text="Such as America/Denver. Blank: the practice's."
    )
    digest_only = forms.BooleanField(
        label="Only the daily digest, unless it is critical", required=False
    )  # fmt: skip

    @classmethod
    def showing(cls, row: Preference | None) -> "PreferenceForm":
        return cls(initial={name: getattr(row, name) for name in cls.base_fields} if row is not None else {})


class WindowForm(forms.Form):
    """Planned work, in the practice's own time."""

    name = forms.CharField(label="What is done", max_length=80)
    reason = forms.CharField(label="More about it", max_length=300, required=False)
    starts_at = forms.DateTimeField(label="From", widget=MOMENT)
    ends_at = forms.DateTimeField(label="Until", widget=MOMENT)

    def at(self, name: str, zone: str) -> datetime:
        """One of the ends on the practice's clocks."""
        said: datetime = self.cleaned_data[name]
        return said.replace(tzinfo=ZoneInfo(zone))


class WeekForm(VersionedForm):
    """One week of turns, by the day on which it begins."""

    week = forms.DateField(label="The week from")


class SubstituteForm(WeekForm):
    """Who takes it in another's place."""

    member = forms.UUIDField(label="is taken by", error_messages={"invalid": "There is no such member."})


class RotaForm(VersionedForm):
    """Whose turn it is, week by week."""

    name = forms.CharField(label="Name", max_length=80)
    weekday = forms.TypedChoiceField(label="Handed over on", choices=DAYS, coerce=int)
    at = forms.TimeField(label="At", widget=CLOCK, initial=time(8))
    since = forms.DateField(label="First turn begins on or after", widget=DAY)

    def __init__(self, *args: Any, rota: Rota | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = list(active_members())
        choices = [("", "nobody"), *((str(one.user.public_id), person(one)) for one in people)]
        kept = rota.people if rota is not None else []
        by_pk = {one.pk: str(one.user.public_id) for one in people}
        for place in range(1, max(4, len(kept) + 1) + 1):
            self.fields[f"turn_{place}"] = forms.ChoiceField(label=f"Turn {place}", choices=choices, required=False)
            if place <= len(kept):
                self.initial[f"turn_{place}"] = by_pk.get(kept[place - 1], "")
        if rota is not None:
            self.initial.update({name: getattr(rota, name) for name in ("version", "name", "weekday", "at", "since")})

    @property
    def said(self) -> dict[str, Any]:
        """What the service takes."""
        turns = [value for name, value in self.cleaned_data.items() if name.startswith("turn_") and value]
        return {name: self.cleaned_data[name] for name in ("name", "weekday", "at", "since")} | {"members": turns}
