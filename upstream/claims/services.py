"""Verbs on payers and the meaning of codes."""

import re
from datetime import date

from upstream.claims.models import CarcRule, Payer, PayerAlias
from upstream.claims.rules import CarcMap


def payer_ids(names: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Payer id for each (name, identifier) of a file: by identifier, else by name, else a payer made for it."""
    known = {
        (alias.kind, alias.value): alias.payer_id
        for alias in PayerAlias.objects.filter(value__in={_key(part) for pair in names for part in pair if part})
    }
    found = {}
    for name, identifier in sorted(names):
        payer_id = known.get(("id", _key(identifier))) if identifier else None
        payer_id = payer_id or known.get(("name", _key(name))) or _new_payer(name or identifier)
        for kind, value in (("id", identifier), ("name", name)):
            if value and (kind, _key(value)) not in known:
                PayerAlias.objects.create(payer_id=payer_id, kind=kind, value=_key(value))
                known[(kind, _key(value))] = payer_id
        found[(name, identifier)] = payer_id
    return found


def _new_payer(name: str) -> int:
    words = " ".join(name.split()) or "Unnamed payer"
    payer, _ = Payer.objects.get_or_create(name_key=_key(words), defaults={"name": words[:200]})
    return int(payer.pk)


def _key(name: str) -> str:
    """Upper case, punctuation gone, single spaces: one payer, however it is typed."""
    return " ".join(re.sub(r"[^A-Z0-9]+", " ", name.upper()).split())[:200] or "UNNAMED PAYER"


def carc_map(day: date) -> CarcMap:
    """What adjustment codes mean on a day."""
    rows = CarcRule.objects.filter(valid_from__lte=day).order_by("valid_from")
    return CarcMap.of(rows.values_list("carc", "category", "adjustment_class"))
