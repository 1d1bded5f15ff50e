"""Looking back: which days."""

from decimal import Decimal

from django import forms

from upstream.detection.methods import METHODS

WEEKS_PER_QUARTER = 13
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


class BudgetForm(forms.Form):
    """The budget of false incidents; from one in five years to nine in a quarter."""

    per_quarter = forms.DecimalField(
        label="False incidents a quarter, at most", min_value=Decimal("0.05"), max_value=9, decimal_places=2,
        help_text="0.2 is one in fifteen months, 1 is four a year. Fewer means that small changes are told later.",
    )  # fmt: skip


def budget_words(per_quarter: Decimal) -> str:
    """ "at most one false incident in 65 weeks" of 0.2; "at most 1.5 false incidents in 13 weeks" of 1.5."""
    if per_quarter <= 1:
        return f"at most one false incident in {round(WEEKS_PER_QUARTER / per_quarter)} weeks"
    return f"at most {per_quarter.normalize():f} false incidents in {WEEKS_PER_QUARTER} weeks"


class MethodForm(forms.Form):
    """One version of the method."""

    method = forms.ChoiceField(label="Method", choices=[(method.name, method.name) for method in METHODS])


class SwitchForm(MethodForm):
    """The version that is in force from a day on."""

    valid_from = forms.DateField(
        label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text="Blank: today."
    )
