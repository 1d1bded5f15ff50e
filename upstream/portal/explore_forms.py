"""What own reports are put together from, as fields of one form that also stands in an address."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from upstream.core.errors import Invalid
from upstream.explore.choices import Basis, Kind
from upstream.explore.queries import checked, names_of
from upstream.explore.question import MOST_DIMENSIONS, Question
from upstream.explore.services import NAME_LENGTH
from upstream.explore.terms import DIMENSIONS, MEASURES, Dimension

DAY = forms.DateInput(attrs={"type": "date"})
PLACES = tuple(f"by{number}" for number in range(1, MOST_DIMENSIONS + 1))
CHOSEN_BY = tuple(dimension for dimension in DIMENSIONS if dimension.kind == Kind.TEXT)
BLANK = "(blank)"
STARTING = {"m": ["claims", "denial_rate_remitted"], "by1": "payer", "basis": Basis.ANSWER.value, "weeks": "13"}


class BuildForm(forms.Form):
    """Measures, up to three dimensions, a period by one of the days of a claim, and which claims."""

    m = forms.MultipleChoiceField(
        label="Measures", choices=[(term.key, term.name) for term in MEASURES], widget=forms.CheckboxSelectMultiple
    )
    basis = forms.ChoiceField(label="Period by", choices=Basis.choices)
    weeks = forms.IntegerField(label="Last complete weeks", required=False, min_value=1, max_value=260)
    first = forms.DateField(label="Or from", required=False, widget=DAY)
    last = forms.DateField(label="To", required=False, widget=DAY)
    sort = forms.ChoiceField(
        label="Largest first by", required=False, choices=[("", "–"), *((term.key, term.name) for term in MEASURES)]
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        for number, name in enumerate(PLACES, 1):
            label = "By" if number == 1 else f"then by ({number})"
            choices = [("", "–"), *((dimension.key, dimension.name) for dimension in DIMENSIONS)]
            self.fields[name] = forms.ChoiceField(label=label, required=False, choices=choices)
        for dimension in CHOSEN_BY:
            self.fields[f"in_{dimension.key}"] = _field(dimension)
            self.fields[f"out_{dimension.key}"] = forms.BooleanField(
                label="all but these", required=False,
                widget=forms.CheckboxInput(attrs={"aria-label": f"{dimension.name}: all but these"}),
            )  # fmt: skip

    @property
    def main(self) -> list[forms.BoundField]:
        """Dimensions, period and order, as they stand in the form."""
        return [self[name] for name in (*PLACES, "basis", "weeks", "first", "last", "sort")]

    @property
    def filters(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"in_{dimension.key}"], self[f"out_{dimension.key}"]) for dimension in CHOSEN_BY]

    @property
    def is_filtered(self) -> bool:
        return any(name.startswith("in_") and value for name, value in self.data.items())

    def question(self) -> Question | None:
        """What is asked; None, with the reasons in the form, where that cannot be."""
        if not self.is_valid():
            return None
        try:
            return checked(self._definition())
        except Invalid as exc:
            self.add_error(FIELDS.get(exc.code), exc.message)
            return None

    def _definition(self) -> dict[str, Any]:
        given = self.cleaned_data
        filters = [
            {"dimension": dimension.key, "values": values, "leave_out": given[f"out_{dimension.key}"]}
            for dimension in CHOSEN_BY
            if (values := _values(given[f"in_{dimension.key}"]))
        ]
        days = {"first": given["first"], "last": given["last"]} if given["first"] or given["last"] else {}
        return {
            "measures": given["m"], "by": [given[name] for name in PLACES if given[name]], "filters": filters,
            "basis": given["basis"], "weeks": None if days else given["weeks"] or 13, "sort": given["sort"], **days,
        }  # fmt: skip


FIELDS = {"measures": "m", "by": "by1", "basis": "basis", "first": "first", "last": "last", "sort": "sort"}


def query_of(question: Question) -> str:
    """The question as the query of an address, which BuildForm reads."""
    said = question.as_json()
    fields: dict[str, Any] = {"m": said["measures"], "basis": said["basis"]}
    fields |= dict(zip(PLACES, said["by"], strict=False))
    fields |= {name: said[name] for name in ("weeks", "first", "last", "sort") if said[name]}
    for one in question.filters:
        fields[f"in_{one.dimension.key}"] = [value or BLANK for value in one.values]
        if one.leave_out:
            fields[f"out_{one.dimension.key}"] = "on"
    return urlencode(fields, doseq=True)


def starting() -> QueryDict:
    """What stands in the form before anything was asked."""
    return QueryDict(urlencode(STARTING, doseq=True))


def _field(dimension: Dimension) -> forms.Field:
    names = [name or BLANK for name in names_of(dimension)]
    if not names and not dimension.of_practice:
        return _Codes(label=dimension.name, required=False)
    choices = [(name, dimension.shown("" if name == BLANK else name)) for name in names]
    return forms.MultipleChoiceField(
        label=dimension.name, required=False, choices=choices, widget=forms.CheckboxSelectMultiple
    )


class _CodesInput(forms.TextInput):
    """Codes of one field: given once with commas between, or several times."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str:
        return ", ".join(data.getlist(name) if isinstance(data, QueryDict) else [data.get(name) or ""])


class _Codes(forms.CharField):
    widget = _CodesInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=600, help_text="Codes with commas between.", **kwargs)


def _values(given: Any) -> list[str]:
    codes = re.split(r"\s*[,;]\s*", given.strip()) if isinstance(given, str) else given
    return ["" if code == BLANK else code for code in codes if code]


class SaveForm(forms.Form):
    """A name for what is asked, and who sees it."""

    name = forms.CharField(
        label="Name", max_length=NAME_LENGTH, help_text="As everybody here may read it: no patient's name."
    )
    shared = forms.BooleanField(label="Everybody in the practice sees it", required=False)
    query = forms.CharField(max_length=20_000, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def definition(self) -> Any:
        """What is saved; None where the form's query asks for nothing that can be."""
        question = BuildForm(QueryDict(self.cleaned_data["query"])).question()
        return question.as_json() if question else None
