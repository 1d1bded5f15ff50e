"""What the compliance officer asks of the access log and of the changes."""

from dataclasses import fields
from typing import Any

from django import forms

from upstream.audit.changes import WATCHED
from upstream.audit.queries import AFTER, BURSTS, EXPORTS, MACHINES, Asked, purposes
from upstream.portal import words
from upstream.portal.incident_forms import day_field
from upstream.portal.queries.people import members
from upstream.portal.queries.record_looks import KINDS

ASKED = tuple(field.name for field in fields(Asked))
OUTCOMES = (("", "Any"), ("granted", "Granted"), ("refused", "Refused"))
HOURS = (("", "Any"), (AFTER, "Evenings, nights and weekends"))
# What is looked for again and again, as the choices that show it.
KNOWN = (
    ("Files that left after hours", f"action={EXPORTS}&hours={AFTER}"),
    ("More than 100 records at once", "least=101"),
    ("Bursts of refused sign-ins", f"action={BURSTS}"),
    ("Refused", "outcome=refused"),
    ("Upstream's staff opened the practice", "action=staff_open"),
    ("Searches by claim number", "action=find_claim"),
)


def _people() -> list[tuple[str, str]]:
    return [(str(m.user.public_id), m.user.get_full_name() or m.user.email) for m in members()]


class AccessForm(forms.Form):
    """What of the access log is wanted; blank is everything."""

    action = forms.ChoiceField(
        choices=[
            ("", "Everything"), (EXPORTS, "Whatever left as a file"), (BURSTS, "Five refused sign-ins in ten minutes"),
            *words.ACCESSES.items(),
        ],
        required=False, label="What",
    )  # fmt: skip
    subject = forms.CharField(
        required=False, label="About", max_length=60, help_text="Any part of an id.",
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off"}),
    )  # fmt: skip
    outcome = forms.ChoiceField(choices=OUTCOMES, required=False, label="Answer")
    hours = forms.ChoiceField(choices=HOURS, required=False, label="Hours")
    address = forms.GenericIPAddressField(required=False, label="From the address")
    least = forms.IntegerField(required=False, min_value=1, label="Records, at least")
    first = day_field("From", required=False)
    last = day_field("To", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(f"user:{person}", name) for person, name in _people()]
        choices = [("", "Everybody"), *people, (MACHINES, "Not a person")]
        self.fields["actor"] = forms.ChoiceField(choices=choices, required=False, label="Who")
        reasons = [("", "Any"), *((reason, reason) for reason in purposes())]
        self.fields["purpose"] = forms.ChoiceField(choices=reasons, required=False, label="Why")
        self.order_fields(["actor", "action", "subject", "purpose", "first", "last", "hours", "address"])

    @property
    def asked(self) -> Asked:
        """What could be understood; the rest is as if it were blank."""
        self.is_valid()
        return Asked(**{name: value for name, value in self.cleaned_data.items() if name in ASKED})


class FurtherForm(forms.Form):
    """Whose looks at a record are wanted, of which days, and before which entry."""

    first = day_field("From", required=False)
    last = day_field("To", required=False)
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(f"user:{person}", name) for person, name in _people()]
        choices = [("", "Everybody"), *people, (MACHINES, "Not a person")]
        self.fields["actor"] = forms.ChoiceField(choices=choices, required=False, label="Who looked")


class RecordForm(FurtherForm):
    """Whose record, by exactly what identifies it."""

    kind = forms.ChoiceField(choices=KINDS, label="The record is named by")
    value = forms.CharField(
        label="The number or id itself", max_length=80, help_text="Exactly as files name it. It is kept nowhere.",
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off"}),
    )  # fmt: skip
    field_order = ("kind", "value", "actor", "first", "last")

    def emptied(self) -> "RecordForm":
        """The same choices without what identifies anybody."""
        return RecordForm(initial={**self.cleaned_data, "value": ""})


class ChangesForm(forms.Form):
    """Which changes of settings and people are wanted."""

    kind = forms.ChoiceField(
        choices=[("", "Everything"), *((label, words.thing(label)) for label in sorted(WATCHED, key=words.thing))],
        required=False, label="What was changed",
    )  # fmt: skip
    first = day_field("From", required=False)
    last = day_field("To", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Everybody"), *_people()]
        self.fields["person"] = forms.ChoiceField(choices=choices, required=False, label="Who")
        self.order_fields(["kind", "person", "first", "last"])
