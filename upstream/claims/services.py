"""What adjustment codes mean, and payers by the names that files give them."""

from datetime import date

from upstream.claims.models import CarcRule
from upstream.claims.payers import Named, named_payers, payer_ids, source_of
from upstream.claims.rules import CarcMap

__all__ = ["Named", "carc_map", "named_payers", "payer_ids", "source_of"]


def carc_map(day: date) -> CarcMap:
    """What adjustment codes mean on a day."""
    rows = CarcRule.objects.filter(valid_from__lte=day).order_by("valid_from")
    return CarcMap.of(rows.values_list("carc", "category", "adjustment_class"))
