"""What a new client of the API is for, what it may do, and how long."""

from django import forms

from upstream.tenants.choices import Right
from upstream.tenants.rules import CLIENT_SCOPES


class ClientForm(forms.Form):
    """A client that may only read lives a year unless something else is said."""

    name = forms.CharField(label="What it is for", max_length=100, help_text="Such as: nightly upload of remittances.")
    scopes = forms.MultipleChoiceField(
        label="What it may do", widget=forms.CheckboxSelectMultiple, initial=[Right.READ],
        choices=[(right.value, right.label) for right in Right if right in CLIENT_SCOPES],
    )  # fmt: skip
    days = forms.IntegerField(
        label="Days until it ends", initial=365, min_value=1, max_value=730, help_text="At most two years."
    )
