"""What people say of letters, templates and packets; words and shape only, the services decide."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from upstream.appeals.choices import LetterState, Subject, Way
from upstream.appeals.fields import LINE_FIELDS
from upstream.appeals.models import Letter
from upstream.appeals.packets import Rate, rate_of
from upstream.appeals.queries import rates_on
from upstream.appeals.rules import ANSWERED, LONGEST_TRACKING, MOVES, Sent
from upstream.claims.models import Payer
from upstream.core.money import cents_of

DAY = forms.DateInput(attrs={"type": "date"})
ANY, OWN = "", "own"
LOOPS = ", ".join(field.name for field in LINE_FIELDS)


def payer_choices() -> list[tuple[str, str]]:
    """Payers of the practice by their public ids."""
    rows = Payer.objects.filter(counted_with=None).order_by("name").values_list("public_id", "name")
    return [(str(public_id), name) for public_id, name in rows]


class LetterFilter(forms.Form):
    """Which letters are listed."""

    payer = forms.ChoiceField(required=False)
    subject = forms.ChoiceField(required=False, choices=[(ANY, "All subjects"), *Subject.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["payer"] = forms.ChoiceField(required=False, choices=[(ANY, "All payers"), *payer_choices()])


class TextForm(forms.Form):
    """The letter's paragraphs, and the version that they were made from."""

    text = forms.CharField(
        label="What the letter says", widget=forms.Textarea(attrs={"rows": 16}), required=False, strip=False,
        help_text="Paragraphs are parted by blank lines. Letterhead, names, numbers and lines come from the template.",
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)


class MoveForm(forms.Form):
    """The next step; what a step needs is said with it."""

    to_state = forms.ChoiceField(label="Step")
    version = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(label="Note", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, letter: Letter, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        steps = MOVES[LetterState(letter.state)] - {LetterState.SENT} - ANSWERED
        choices = [(state.value, state.label) for state in LetterState if state in steps]
        self.fields["to_state"] = forms.ChoiceField(label="Step", choices=choices)


class SentForm(forms.Form):
    """How a person sent it."""

    way = forms.ChoiceField(label="How", choices=Way.choices)
    on = forms.DateField(label="Day", widget=DAY)
    tracking = forms.CharField(
        label="Tracking or confirmation number", required=False, max_length=LONGEST_TRACKING, help_text="Kept sealed."
    )

    def sent(self) -> Sent:
        return Sent(self.cleaned_data["way"], self.cleaned_data["on"], self.cleaned_data["tracking"])


class OneSentForm(SentForm):
    """How one letter was sent, and the version that it was made from."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class AnswerForm(forms.Form):
    """What the payer answered, where the remits have not said it."""

    to_state = forms.ChoiceField(
        label="Answer", choices=[(state.value, state.label) for state in LetterState if state in ANSWERED]
    )
    answered_on = forms.DateField(label="Day of the answer", widget=DAY)
    recovered = forms.DecimalField(
        label="Recovered, in dollars", min_value=0, decimal_places=2, max_digits=12, required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    @property
    def recovered_cents(self) -> int:
        return cents_of(self.cleaned_data["recovered"] or Decimal(0))


class ReviewForm(forms.Form):
    """From which amount on a second person reads letters."""

    above = forms.DecimalField(
        label="Read by a second person above, in dollars", min_value=0, decimal_places=2, max_digits=12, required=False,
        help_text="Blank: no letter needs a second person.",
    )  # fmt: skip

    @property
    def cents(self) -> int | None:
        above = self.cleaned_data["above"]
        return None if above is None else cents_of(above)


class TemplateForm(forms.Form):
    """A version of what the practice writes on a subject."""

    subject = forms.ChoiceField(label="Subject", choices=Subject.choices)
    payer = forms.ChoiceField(label="Payer", required=False)
    valid_from = forms.DateField(label="From", required=False, widget=DAY, help_text="Blank: today.")
    words = forms.CharField(
        label="Paragraphs", required=False, strip=False, widget=forms.Textarea(attrs={"rows": 12}),
        help_text="Blank: the shipped ones. Fields in double braces are filled in for each claim.",
    )  # fmt: skip
    layout = forms.FileField(
        label="Word document", required=False,
        help_text="Blank: the shipped layout. Download that one below, change it in Word and put it in here.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["payer"] = forms.ChoiceField(
            label="Payer", required=False, choices=[(ANY, "All payers"), *payer_choices()]
        )


class PacketForm(forms.Form):
    """The words of a packet, and what late payment is said to cost."""

    statement = forms.CharField(
        label="What we see", widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Yours to change. No patient's name: the payer finds the claims by their numbers in the list.",
    )  # fmt: skip
    clause = forms.CharField(
        label="Clause of the contract or manual", required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="As it stands there. Upstream does not know your contracts.",
    )  # fmt: skip
    clause_source = forms.CharField(label="Where the clause stands", required=False, max_length=120)
    rate = forms.ChoiceField(label="Interest for late payment", required=False)
    days = forms.IntegerField(label="Own rate: days after submission", required=False, min_value=1, max_value=365)
    percent = forms.DecimalField(
        label="Own rate: percent a year", required=False, min_value=0, max_digits=5, decimal_places=2
    )
    source = forms.CharField(label="Own rate: where it is written", required=False, max_length=120)

    def __init__(self, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.listed = {row.place: rate_of(row) for row in rates_on(today)}
        states = [(place, f"{place}: {rate.days} days, {rate.percent}%, unverified") for place, rate in
                  self.listed.items()]  # fmt: skip
        self.fields["rate"] = forms.ChoiceField(
            label="Interest for late payment", required=False,
            choices=[(ANY, "Leave it out"), *states, (OWN, "Own rate, below")],
            help_text="From public lists that disagree; nobody has checked them. Mostly for insured plans alone.",
        )  # fmt: skip

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("rate") == OWN and not (cleaned.get("days") and cleaned.get("percent")):
            self.add_error("days", "An own rate needs days and percent.")
        return cleaned

    def chosen(self) -> Rate | None:
        """The rate to work with; None to leave it out."""
        said = self.cleaned_data
        if said["rate"] == OWN:
            return Rate(said["days"], said["percent"], said["source"])
        return self.listed.get(said["rate"])
