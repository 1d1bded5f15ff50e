"""Which incidents a rule or a mute is for, checked: written once for forms, the API and code."""

from collections.abc import Mapping
from typing import Any

from upstream.alerts.choices import Severity
from upstream.claims.choices import DenialCategory
from upstream.claims.models import Payer
from upstream.core.errors import Invalid
from upstream.detection.choices import Metric
from upstream.routing import conditions

MOST_CODES, CODE_LENGTH = 50, 16
CHOICES: dict[str, tuple[str, ...]] = {
    "categories": tuple(DenialCategory.values),
    "metrics": tuple(Metric.values),
    "severities": tuple(Severity.values),
}


def checked(said: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a scope; Invalid names the part that will not do, with the place in a condition."""
    values: dict[str, Any] = {
        "payers": sorted(set(said.get("payers", []))),
        "locations": sorted({" ".join(name.split()) for name in said.get("locations", []) if name.strip()}),
        "codes": sorted({code.strip().upper() for code in said.get("codes", []) if code.strip()}),
        "least_cents": said.get("least_cents"),
        "most_cents": said.get("most_cents"),
        "condition": conditions.checked(said.get("condition", "")),
        **{name: sorted(set(said.get(name, []))) for name in CHOICES},
    }
    for name, known in CHOICES.items():
        if not set(values[name]) <= set(known):
            raise Invalid(name, "this is none of the choices")
    if Payer.objects.filter(pk__in=values["payers"]).count() != len(values["payers"]):
        raise Invalid("payers", "there is no such payer")
    if len(values["codes"]) > MOST_CODES or any(len(code) > CODE_LENGTH for code in values["codes"]):
        raise Invalid("codes", f"at most {MOST_CODES} codes of at most {CODE_LENGTH} letters")
    _check_amounts(values["least_cents"], values["most_cents"])
    return values


def _check_amounts(least: int | None, most: int | None) -> None:
    if any(cents is not None and cents < 0 for cents in (least, most)):
        raise Invalid("least_cents", "an amount is not below zero")
    if least is not None and most is not None and most < least:
        raise Invalid("most_cents", "the upper amount is below the lower one")
