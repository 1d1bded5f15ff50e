"""The form of a source: made from what its kind asks for. Secrets go in and never come out."""

from typing import Any

from django import forms

from upstream.ingestion.connectors.kinds import Ask, Kind
from upstream.ingestion.models import Source

COMMON = ("name", "schedule", "time_zone")
KEPT = "Left blank, it stays as it is."


class SourceForm(forms.Form):
    """Name and schedule, and the settings of the kind; what they mean is for the services to judge."""

    name = forms.CharField(label="Name", max_length=80, help_text="As you want to find it again: Summit remittances.")
    schedule = forms.CharField(
        label="When it is asked", max_length=100, initial="every 15 minutes",
        help_text="hourly, every 15 minutes, daily 06:15, weekdays 07:30, or cron's five fields: 15 6 * * 1-5.",
    )  # fmt: skip
    time_zone = forms.CharField(label="Time zone", max_length=64)

    def __init__(
        self, kind: Kind, *args: Any, source: Source | None = None, time_zone: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["time_zone"].initial = source.time_zone if source else time_zone
        if source:
            self.fields["name"].initial, self.fields["schedule"].initial = source.name, source.schedule
        for ask in kind.asks:
            field = _field(ask, kept=source is not None)
            field.initial = "" if ask.secret else (source.settings.get(ask.name, "") if source else ask.default)
            self.fields[f"of_{ask.name}"] = field
        self.order_fields(["name", *(f"of_{ask.name}" for ask in kind.asks), "schedule", "time_zone"])

    def told(self) -> dict[str, Any]:
        """What the services take."""
        cleaned = self.cleaned_data
        return {
            "name": cleaned["name"],
            "values": {ask.name: cleaned[f"of_{ask.name}"] for ask in self.kind.asks},
            "schedule_words": cleaned["schedule"],
            "time_zone": cleaned["time_zone"],
        }


def _field(ask: Ask, *, kept: bool) -> forms.Field:
    words = " ".join(word for word in (ask.help, KEPT if ask.secret and kept else "") if word)
    required = ask.required and not (ask.secret and kept)
    if ask.choices:
        return forms.ChoiceField(label=ask.label, choices=ask.choices, help_text=words)
    if ask.long:
        widget: forms.Widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"})
    elif ask.secret:
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    else:
        widget = forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off"})
    return forms.CharField(label=ask.label, required=required, widget=widget, help_text=words)
