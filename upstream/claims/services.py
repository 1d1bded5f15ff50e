"""What adjustment codes mean, and payers by the names that files give them."""

import re
from datetime import date

from upstream.claims.choices import AdjustmentClass, DenialCategory
from upstream.claims.models import CarcOverride, CarcRule, RemarkRule
from upstream.claims.payers import Named, named_payers, payer_ids, source_of
from upstream.claims.rules import CarcMap
from upstream.core import clock
from upstream.core.errors import Invalid

__all__ = ["Named", "carc_map", "named_payers", "payer_ids", "set_meaning", "source_of"]


def carc_map(day: date) -> CarcMap:
    """What adjustment codes mean on a day to the bound practice: its own word stands before the shipped map's."""
    columns = ("carc", "category", "adjustment_class")
    shipped = CarcRule.objects.filter(valid_from__lte=day).order_by("valid_from").values_list(*columns)
    own = CarcOverride.objects.filter(valid_from__lte=day).order_by("valid_from", "made_at").values_list(*columns)
    remarks = RemarkRule.objects.filter(valid_from__lte=day).order_by("valid_from")
    return CarcMap.of([*shipped, *own], remarks.values_list("remark", "category", "carcs"))


def set_meaning(*, carc: str, category: str, reason: str, actor: str, day: date) -> CarcOverride:
    """From `day` on the code means this to the bound practice, in files read from then on; who said so is kept.

    `category` is a denial category or one of the other adjustment classes. Invalid for another, a code that is none,
    or without a reason.
    """
    code, why = carc.strip().upper(), " ".join(reason.split())
    if not re.fullmatch(r"[A-Z]?[0-9]{1,4}", code):
        raise Invalid("bad_code", "an adjustment reason code is a number, or a letter and a number")
    if category not in {*DenialCategory.values, *AdjustmentClass.values} - {AdjustmentClass.DENIAL}:
        raise Invalid("bad_category", "this is none of the meanings that a code can have")
    if not why:
        raise Invalid("reason_missing", "say why, for those who read it later")
    denial = category in DenialCategory.values
    made: CarcOverride = CarcOverride.objects.create(
        carc=code,
        category=category,
        adjustment_class=AdjustmentClass.DENIAL if denial else category,
        valid_from=day,
        author=actor[:80],
        reason=why[:200],
        made_at=clock.now(),
    )
    return made
