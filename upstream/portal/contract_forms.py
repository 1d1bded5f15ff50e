"""Forms of contracts with payers and of underpaid lines; the services decide."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict

from upstream.claims.models import Payer, Product
from upstream.contracts.choices import State
from upstream.contracts.fees import percent_of
from upstream.contracts.models import Contract, ShortLine
from upstream.contracts.queries import Asked
from upstream.contracts.rules import MOVES
from upstream.core.errors import Invalid
from upstream.core.money import cents_of
from upstream.portal.quiet_forms import DAY, VersionedForm

SHOWN = [("", "Open"), *State.choices, ("all", "Every one, also of corrected prices")]


def version_in(data: QueryDict) -> int:
    """The version that a form of one button carries; 0, which is none, for what is no number."""
    said = data.get("version", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else 0


class CentsField(forms.CharField):
    """Dollars as people write them, cents inside."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value).replace("$", "").replace(",", "").strip()
        try:
            return cents_of(text) if text else None
        except Invalid as exc:
            raise forms.ValidationError(exc.message) from exc


class PercentField(forms.CharField):
    """A percentage, with or without its sign."""

    def clean(self, value: Any) -> Any:
        try:
            return percent_of(super().clean(value).strip())
        except Invalid as exc:
            raise forms.ValidationError(exc.message) from exc


class ContractForm(VersionedForm):
    """What was agreed, of which product, and when it is in force."""

    name = forms.CharField(label="Name", max_length=120)
    effective_from = forms.DateField(label="In force from", widget=DAY)
    effective_to = forms.DateField(label="In force to", required=False, widget=DAY, help_text="Blank: no end is known.")
    source = forms.CharField(
        label="Where it is written", max_length=200, required=False, help_text="Such as: amendment 3, exhibit B."
    )
    lesser_of = forms.BooleanField(label="Never more than the charge", required=False, initial=True)
    tolerance_cents = CentsField(
        label="Tolerance in dollars", required=False, help_text="Blank: as for every contract."
    )
    tolerance_percent = PercentField(label="Or in percent; the larger counts", required=False)

    def __init__(self, payer: Payer, contract: Contract | None = None, data: Any = None) -> None:
        initial = {} if contract is None else {name: getattr(contract, name, None) for name in self.base_fields}
        if contract is not None:
            cents = contract.tolerance_cents
            initial |= {"tolerance_cents": "" if cents is None else f"{cents / 100:.2f}"}
        super().__init__(data, initial=initial, auto_id="id_contract_%s")
        self.fields["product"] = forms.ModelChoiceField(
            Product.objects.filter(payer=payer).order_by("name"), label="Product", required=False,
            empty_label="Every product", initial=contract and contract.product_id,
        )  # fmt: skip


class FeesForm(forms.Form):
    file = forms.FileField(label="Fee schedule", help_text="CSV or Excel.")


class PriceForm(forms.Form):
    """One price, by the columns of a fee schedule; what they may say is checked where files are."""

    procedure_code = forms.CharField(label="Procedure code", max_length=16)
    modifiers = forms.CharField(label="Modifiers", max_length=20, required=False)
    place_of_service = forms.CharField(
        label="Place of service",
        max_length=20,
        required=False,
        help_text="A code, facility, nonfacility, or blank: any.",
    )
    price = forms.CharField(label="Price a unit", max_length=20, required=False)
    percent_of_billed = forms.CharField(label="Or percent of the charge", max_length=20, required=False)
    effective_from = forms.CharField(label="From", required=False, widget=DAY)
    effective_to = forms.CharField(label="To", required=False, widget=DAY)


class ModifierForm(forms.Form):
    """What a modifier takes of a price."""

    code = forms.CharField(label="Modifier", max_length=2)
    percent = PercentField(label="Percent of the price", required=False, help_text="Blank: not said any more.")
    valid_from = forms.DateField(label="From", required=False, widget=DAY, help_text="Blank: always.")


class LeewayForm(forms.Form):
    """How much less counts at all."""

    cents = CentsField(label="More than, in dollars")
    percent = PercentField(label="and more than, in percent")


class UnderpaidForm(forms.Form):
    """Which lines are shown; words that name nothing show the usual."""

    code = forms.CharField(label="Procedure code", max_length=16, required=False)
    first = forms.DateField(label="Answered from", required=False, widget=DAY)
    last = forms.DateField(label="To", required=False, widget=DAY)
    field_order = ("payer", "state", "code", "first", "last")

    def __init__(self, query: QueryDict) -> None:
        super().__init__(query)
        payers = Payer.objects.filter(counted_with=None).order_by("name").values_list("public_id", "name")
        self.payers = {str(public_id): public_id for public_id, _ in payers}
        asked = [("", "Every payer"), *((str(public_id), name) for public_id, name in payers)]
        self.fields["payer"] = forms.ChoiceField(label="Payer", choices=asked, required=False)
        self.fields["state"] = forms.ChoiceField(label="Show", choices=SHOWN, required=False)
        self.order_fields(self.field_order)

    @property
    def wanted(self) -> Asked:
        said = self.cleaned_data if self.is_valid() else {}
        return Asked(
            self.payers.get(said.get("payer", "")), said.get("state", ""), said.get("code", ""), said.get("first"),
            said.get("last"),
        )  # fmt: skip


class MoveForm(VersionedForm):
    """Where the line goes; `recovered` is what came of it."""

    note = forms.CharField(label="Note", max_length=500, required=False)
    recovered = CentsField(label="Recovered, in dollars", required=False, help_text="Blank: all of it.")
    field_order = ("version", "to", "recovered", "note")

    def __init__(self, line: ShortLine, data: Any = None) -> None:
        super().__init__(data, initial={"version": line.version}, auto_id="id_move_%s")
        there = [(to.value, to.label) for to in State if to in MOVES[State(line.state)]]
        self.fields["to"] = forms.ChoiceField(label="It is", choices=there)
        if State.RECOVERED not in MOVES[State(line.state)]:
            del self.fields["recovered"]
        self.order_fields(self.field_order)


class BulkForm(forms.Form):
    """Ticked lines, each with the version that the page showed."""

    to = forms.ChoiceField(label="They are", choices=[(s.value, s.label) for s in State if s != State.DETECTED])
    note = forms.CharField(label="Note", max_length=500, required=False)

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="id_bulk_%s")
        self.told = data.getlist("line") if data is not None else []

    @property
    def versions(self) -> dict[UUID, int]:
        """By public id; what is none is left out."""
        found = {}
        for one in self.told:
            public_id, _, version = one.rpartition(".")
            try:
                found[UUID(public_id)] = int(version)
            except ValueError:
                continue
        return found
