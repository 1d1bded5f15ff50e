"""Forms of troubles and of what counts as one."""

from django import forms

from upstream.watchers.choices import Limit


class WatchLimitForm(forms.Form):
    """The practice's own limit; no value is ours again. What fits is for the service to judge."""

    limit = forms.ChoiceField(label="Limit", choices=Limit.choices)
    value = forms.IntegerField(label="Value", required=False, help_text="Blank: ours holds again.")
    reason = forms.CharField(label="Why", max_length=200)
    valid_from = forms.DateField(
        label="In force since", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Blank: from today on.",
    )  # fmt: skip
