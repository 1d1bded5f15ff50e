"""How much of a denial usually comes back: by payer and category, drawn to ever wider circles where history is thin."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from upstream.alerts.recoveries import PAYER_CLAIMS, PRIOR_CLAIMS, PRIOR_WON, Share, share_of
from upstream.worklist.models import Recovery

Tallies = Mapping[tuple[int, str], tuple[int, int]]


def recoveries_of(tallies: Tallies, as_of: date) -> list[Recovery]:
    """One unsaved row for all denials, one a category, one a payer and category; `tallies` are (settled, won).

    Each leans on the next wider circle as on PAYER_CLAIMS claims of its own, all denials on the stated weak prior: one
    in ten comes back, as firmly as ten claims would say so.
    """
    by_name: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for (_, category), tally in sorted(tallies.items()):
        by_name[category].append(tally)
    categories = {name: _together(found) for name, found in by_name.items()}
    weak = PRIOR_WON / PRIOR_CLAIMS
    whole = share_of(*_together(categories.values()), weak, PRIOR_CLAIMS)
    by_category = {name: share_of(*tally, whole.share, PAYER_CLAIMS) for name, tally in categories.items()}
    rows = [_row(None, "", whole, weak, as_of)]
    rows += [_row(None, name, share, whole.share, as_of) for name, share in by_category.items()]
    for (payer, category), tally in sorted(tallies.items()):
        wider = by_category[category].share
        rows.append(_row(payer, category, share_of(*tally, wider, PAYER_CLAIMS), wider, as_of))
    return rows


def _together(tallies: Iterable[tuple[int, int]]) -> tuple[int, int]:
    found = list(tallies)
    return sum(settled for settled, _ in found), sum(won for _, won in found)


def _row(payer: int | None, category: str, share: Share, wider: float, as_of: date) -> Recovery:
    return Recovery(payer_id=payer, category=category, from_share=wider, as_of=as_of, **share.kept())
