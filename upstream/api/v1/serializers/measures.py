"""Measures with their formula, basis, range and method."""

from rest_framework import serializers

from upstream.api.shapes import Dollars, Shape, Strict
from upstream.api.v1.serializers.common import PayerName
from upstream.kpis.behind import BEHIND, counted
from upstream.kpis.choices import Basis, Better, Unit
from upstream.kpis.measures import Measures
from upstream.kpis.rules import METHOD, Measure
from upstream.kpis.sites import by_site

CLAIMS = 100
OF_DEFINITION = ("name", "formula", "caveat", "source", "basis", "unit", "better")
OF_VALUE = ("value", "low", "high", "n", "maturity", "note", "unknown")


class MeasuresQuery(Strict):
    first = serializers.DateField(required=False, help_text="Default: so that 13 complete weeks are asked for.")
    last = serializers.DateField(required=False, help_text="Default: the last complete week.")
    payer = serializers.UUIDField(required=False, help_text="Default: all payers together.")


class MeasureShape(Shape):
    measure = serializers.CharField(help_text="Its stable key.")
    name = serializers.CharField()
    formula = serializers.CharField(help_text="Numerator and denominator in words.")
    caveat = serializers.CharField()
    origin = serializers.CharField(source="source", help_text="Whose definition it is, or comes near to.")
    basis = serializers.ChoiceField(choices=Basis.choices, help_text="By which day claims belong to the weeks.")
    unit = serializers.ChoiceField(choices=Unit.choices)
    better = serializers.ChoiceField(choices=Better.choices)
    value = serializers.FloatField(allow_null=True, help_text="A share, days, or cents. Null: see `unknown`.")
    low = serializers.FloatField(allow_null=True, help_text="Lower end of the 95 % range, where there is one.")
    high = serializers.FloatField(allow_null=True)
    numerator = serializers.CharField(allow_null=True, help_text="A number; dollars where the measure is of money.")
    denominator = serializers.CharField(allow_null=True)
    n = serializers.IntegerField(allow_null=True, help_text="How many claims, payments, letters or incidents.")
    maturity = serializers.FloatField(allow_null=True, help_text="Share of the answers expected by `as_of`.")
    note = serializers.CharField(help_text="A word beside the value, or empty.")
    unknown = serializers.CharField(help_text="Why there is no value, or empty.")


class MeasuresShape(Shape):
    first = serializers.DateField(help_text="The Monday that begins the first week.")
    last = serializers.DateField(help_text="The Sunday that ends the last one.")
    payer = PayerName(allow_null=True)
    as_of = serializers.DateField()
    method = serializers.CharField()
    measures = MeasureShape(many=True)


def told(found: Measures) -> dict[str, object]:
    """As MeasuresShape says it."""
    return {
        "first": found.span.first, "last": found.span.end, "payer": found.payer, "as_of": found.as_of,
        "method": METHOD, "measures": [_one(measure) for measure in found],
    }  # fmt: skip


def _one(measure: Measure) -> dict[str, object]:
    said = measure.definition
    of_definition = {name: getattr(said, name) for name in OF_DEFINITION}
    of_value = {name: getattr(measure, name) for name in OF_VALUE}
    return {"measure": said.key, **of_definition, **of_value, **_halves(measure)}


def _halves(measure: Measure) -> dict[str, str | None]:
    return {"numerator": measure.half(measure.numerator), "denominator": measure.half(measure.denominator)}


class BehindQuery(MeasuresQuery):
    measure = serializers.ChoiceField(choices=sorted(BEHIND), help_text="Whose claims are asked for.")
    page = serializers.IntegerField(
        required=False, min_value=1, max_value=2000, help_text="From 1 on, 100 claims each."
    )


class MeasureAtSite(Shape):
    site = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    numerator = serializers.CharField(allow_null=True)
    denominator = serializers.CharField(allow_null=True)


class CountedClaim(Shape):
    claim = serializers.UUIDField(source="claim.public_id")
    payer = PayerName(source="claim.payer")
    submitted_date = serializers.DateField(source="claim.submitted_date")
    decided_date = serializers.DateField(source="claim.decided_date", allow_null=True)
    billed = Dollars(source="claim.billed_cents")
    counted = Dollars(source="cents", help_text="Of a partly refused claim its refused lines, else its charges.")
    of = Dollars(source="whole", allow_null=True, help_text="What it adds to the denominator, where the list tells it.")
    in_numerator = serializers.BooleanField(source="counts", help_text="Whether it counts in the numerator.")
    days = serializers.IntegerField(allow_null=True, help_text="Its own days, of measures in days.")
    became = serializers.CharField(source="said", help_text="What became of it, or empty.")
    is_middle = serializers.BooleanField(help_text="Whether the measure's days are this claim's.")


class BehindShape(Shape):
    measure = MeasureShape()
    sites = MeasureAtSite(many=True, help_text="Empty where the measure is not kept by site.")
    results = CountedClaim(many=True)
    next_page = serializers.IntegerField(allow_null=True)


def told_behind(found: Measures, key: str, page: int) -> dict[str, object]:
    """As BehindShape says it."""
    claims = counted(key, found.ask, skip=(page - 1) * CLAIMS, most=CLAIMS + 1, middle=found[key].value)
    sites = [
        {"site": line.site, "value": line.measure.value, **_halves(line.measure)} for line in by_site(key, found.ask)
    ]
    more = page + 1 if len(claims) > CLAIMS else None
    return {"measure": _one(found[key]), "sites": sites, "results": claims[:CLAIMS], "next_page": more}
