"""What people say of weeks that are unlike others; words and shape only, the services decide."""

from datetime import date
from typing import Any

from django import forms

from upstream.claims.models import Payer
from upstream.detection.calendar.rules import NAME_LENGTH, SOURCE_LENGTH
from upstream.detection.choices import EventEffect, EventKind
from upstream.portal.quiet_forms import offer

EFFECTS = [(EventEffect.MASK, "Leave these weeks out"), (EventEffect.NOTE, "Only show it beside what is found")]
DAY = forms.DateInput(attrs={"type": "date"})


class EventForm(forms.Form):
    """One event, for all payers or for some."""

    name = forms.CharField(
        label="What happened", max_length=NAME_LENGTH, help_text="As everybody here may read it: no patient's name."
    )
    kind = forms.ChoiceField(label="Kind", choices=EventKind.choices, initial=EventKind.OUTAGE)
    first = forms.DateField(label="First day", widget=DAY)
    last = forms.DateField(label="Last day", required=False, widget=DAY, help_text="Blank: it is still going on.")
    effect = forms.ChoiceField(label="What to do", choices=EFFECTS, initial=EventEffect.NOTE)
    payers = forms.MultipleChoiceField(
        label="Payers", required=False, help_text="None chosen: all payers.",
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    source = forms.CharField(label="Where this is known from", max_length=SOURCE_LENGTH, required=False)
    known_from = forms.DateField(
        label="Known since", required=False, widget=DAY,
        help_text="Blank: since its first day. A look back at an earlier day does without it.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = Payer.objects.filter(counted_with=None).order_by("name").values_list("public_id", "pk", "name")
        rows = list(names)
        offer(self, "payers", [(str(public), name) for public, _, name in rows])
        self.ids = {str(public): pk for public, pk, _ in rows}

    def clean_payers(self) -> list[int]:
        """Ids of the payers chosen."""
        return [self.ids[public] for public in self.cleaned_data["payers"]]


class EndForm(forms.Form):
    """The last day of an event."""

    last = forms.DateField(label="Last day", widget=DAY)

    @property
    def day(self) -> date:
        found: date = self.cleaned_data["last"]
        return found
