"""What a practice says of money."""

from django import forms

from upstream.alerts.choices import MoneyLimitKind


class MoneyLimitForm(forms.Form):
    """One limit from a day on; an empty amount brings the house's proposal back."""

    kind = forms.ChoiceField(label="Limit", choices=MoneyLimitKind.choices)
    value = forms.DecimalField(
        label="Dollars or percent", max_digits=12, decimal_places=2, required=False,
        help_text="Blank: back to what we propose.",
    )  # fmt: skip
    source = forms.CharField(label="Why, or where it is written", max_length=80, required=False)
    valid_from = forms.DateField(
        label="In force from", required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text="Blank: today."
    )
