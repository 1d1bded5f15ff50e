"""Which weeks and payer measures are asked for, and what a touch of a claim costs."""

from datetime import date
from uuid import UUID

from django import forms
from django.http import QueryDict

from upstream.claims import payer_queries
from upstream.kpis.behind import BEHIND
from upstream.kpis.definitions import BY_KEY

MOST_PAGES = 2_000
DAY = forms.DateInput(attrs={"type": "date"})


class PayerForm(forms.Form):
    """One payer, or all."""

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        payers = payer_queries.payers().order_by("name").values_list("public_id", "name")
        choices = [("", "All payers"), *((str(one), name) for one, name in payers)]
        self.fields["payer"] = forms.ChoiceField(label="Payer", required=False, choices=choices)

    @property
    def payer_id(self) -> UUID | None:
        given = self.cleaned_data.get("payer")
        return UUID(given) if given else None


class MeasuresForm(PayerForm):
    """Days whose whole weeks are meant, and one payer or all; what is left out has a default."""

    first = forms.DateField(label="From", required=False, widget=DAY)
    last = forms.DateField(label="To", required=False, widget=DAY)


class BehindForm(MeasuresForm):
    """The same, one measure whose claims are asked for, and which page of them."""

    measure = forms.ChoiceField(choices=[(key, BY_KEY[key].name) for key in BEHIND])
    page = forms.IntegerField(required=False, min_value=1, max_value=MOST_PAGES, widget=forms.HiddenInput)


class CostForm(forms.Form):
    """What one touch of a denied claim costs the practice from a day on."""

    dollars = forms.DecimalField(label="Cost of one touch, in dollars", min_value=0, max_value=1000, decimal_places=2)
    valid_from = forms.DateField(label="From", widget=DAY)
    source = forms.CharField(label="Where the amount comes from", max_length=200)

    @classmethod
    def starting(cls, day: date) -> "CostForm":
        return cls(initial={"valid_from": day})
