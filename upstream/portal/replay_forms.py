"""Looking back: which days."""

from django import forms

STEPS = [(7, "Week by week"), (1, "Day by day")]


class ReplayForm(forms.Form):
    """The days of a replay; left out, the whole history."""

    first = forms.DateField(
        label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text="Blank: first claims."
    )
    last = forms.DateField(
        label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text="Blank: newest data."
    )
    days = forms.TypedChoiceField(label="Step", choices=STEPS, coerce=int, initial=7)
