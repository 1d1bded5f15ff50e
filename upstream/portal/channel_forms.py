"""The form of a channel. Its address goes in and never comes out."""

from typing import Any

from django import forms

from upstream.delivery.choices import Event
from upstream.delivery.models import Endpoint

ADDRESS = "Begins with https://. It is kept sealed: whoever knows it can write there."


class ChannelForm(forms.Form):
    """Name, address and events; what they mean is for the services to judge."""

    name = forms.CharField(label="Name", max_length=80, help_text="As you want to find it again: Billing room.")
    url = forms.CharField(
        label="Address",
        max_length=2000,
        help_text=ADDRESS,
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off", "inputmode": "url"}),
    )
    events = forms.MultipleChoiceField(
        label="Is told when", choices=Event.choices, widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, kind: str, endpoint: Endpoint | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["events"].initial = endpoint.events if endpoint else [Event.INCIDENT_OPENED]
        if endpoint:
            self.fields["name"].initial = endpoint.name
            self.fields["url"].required = False
            self.fields["url"].help_text = f"Left blank, it stays as it is, at {endpoint.host}."
