"""Forms of the register of authorizations."""

from typing import Any

from django import forms
from django.http import QueryDict

from upstream.authorizations.choices import Reason, SettingKind
from upstream.authorizations.queries import Asked
from upstream.claims.models import Payer

SHOWN = [
    ("", "All"), ("near", "End within 30 days or nearly used up"), ("valid", "In force"),
    ("waiting", "Not decided yet"), ("refused", "Refused or cancelled"), ("ended", "Ended"),
]  # fmt: skip


class RegisterForm(forms.Form):
    """Which entries are shown; words that name nothing show all."""

    def __init__(self, query: QueryDict, choices: list[tuple[str, str]] | None = None, label: str = "Show") -> None:
        super().__init__(query)
        payers = Payer.objects.filter(counted_with=None).order_by("name").values_list("public_id", "name")
        self.payers = {str(public_id): public_id for public_id, _ in payers}
        asked = [("", "Every payer"), *((str(public_id), name) for public_id, name in payers)]
        self.fields["payer"] = forms.ChoiceField(label="Payer", choices=asked, required=False)
        if choices is not None:
            self.fields["show"] = forms.ChoiceField(label=label, choices=choices, required=False)

    @property
    def wanted(self) -> Asked:
        return Asked(self.payers.get(self.data.get("payer", "")), self.data.get("show", ""))


def reasons() -> list[tuple[str, str]]:
    return [("", "Every reason"), *((reason.value, str(reason.label)) for reason in Reason)]


class TimeForm(forms.Form):
    """What time a payer leaves; no value ends what was said before. `seen`: the newest own time that the page shows."""

    kind = forms.ChoiceField(label="For", choices=SettingKind.choices)
    value = forms.IntegerField(label="Days or hours", required=False, help_text="Blank: no longer holds.")
    source = forms.CharField(label="Where it is written", max_length=80, required=False)
    valid_from = forms.DateField(
        label="In force since", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Blank: always.",
    )  # fmt: skip
    seen = forms.CharField(required=False, max_length=36, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        payers = Payer.objects.filter(counted_with=None).order_by("name")
        self.fields["payer"] = forms.ModelChoiceField(
            payers, to_field_name="public_id", required=False, label="Payer", empty_label="Every payer"
        )
