"""What concerns a file as a whole: its layout, its codes, its repetitions and the rows left out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count as CountOf

from upstream.claims.services import carc_map
from upstream.core import clock, storage
from upstream.core.errors import Unreadable
from upstream.ingestion.choices import RejectionState
from upstream.ingestion.models import Batch, Rejection
from upstream.ingestion.quality import measuring
from upstream.ingestion.quality.layout import Layout, layout_of, unseen
from upstream.ingestion.quality.measuring import Count
from upstream.ingestion.quality.models import FileScore
from upstream.ingestion.quality.rules import FEWEST_EARLIER, is_slight
from upstream.tenants.queries import bound_organization
from upstream.tenants.services import tenant_keys

LANDING = "landing"
HEAD_BYTES = 65_536
AMOUNTS, DATES = ("bad_amount", "negative_amount", "bad_number"), ("bad_date", "unknown_date_order")
TOTALS = ("wrong_count", "wrong_control_number", "missing_trailer")


@dataclass(frozen=True)
class Seen:
    """Counts of the checks of whole files, with what a person may read of them by check."""

    layout: Layout
    codes: list[str]
    counts: list[Count] = field(default_factory=list)
    details: dict[str, dict[str, Any]] = field(default_factory=dict)


def seen_in(batch: Batch, earlier: Sequence[FileScore], codes_before: set[str] | None) -> Seen:
    """Look at one file; `earlier` are scores of files of its kind, `codes_before` those of all files before it."""
    seen = Seen(_layout(batch), measuring.codes(batch.pk))
    _rows(batch, seen)
    _codes(seen, codes_before)
    usual = [score.rows for score in earlier]
    layouts = [score.layout for score in earlier if score.layout and not is_slight(score.rows, usual)]
    slight = is_slight(batch.claims + batch.adjudications, usual)
    if seen.layout and len(layouts) >= FEWEST_EARLIER and not slight:
        new = unseen(seen.layout, layouts)
        _add(seen, "new_layout", sum(len(names) for names in new.values()), sum(map(len, seen.layout.values())), new)
    return seen


def _add(seen: Seen, name: str, count: int, of: int, detail: dict[str, Any] | None = None) -> None:
    seen.counts.append(Count(name, 0, count, of, 0, None, None))
    if detail:
        seen.details[name] = detail


def _layout(batch: Batch) -> Layout:
    """From the landed file's first bytes; {} where the file is not kept any more."""
    keys, head = tenant_keys(), b""
    try:
        for piece in storage.read(LANDING, batch.sha256, keys):
            head += piece
            if len(head) >= HEAD_BYTES:
                break
    except Unreadable:
        return {}
    return layout_of(head[:HEAD_BYTES], batch.format, lambda name: keys.index("layout", name).hex()[:12])


def _rows(batch: Batch, seen: Seen) -> None:
    opened = Rejection.objects.filter(batch=batch, state=RejectionState.OPEN)
    left_out = opened.values("position").distinct().count()
    by_code = dict(opened.values_list("code").annotate(n=CountOf("position", distinct=True)))
    read = batch.claims + left_out
    for name in ("rows_left_out", "mostly_left_out"):
        _add(seen, name, left_out, read)
    for name, words in (("unreadable_amounts", AMOUNTS), ("unreadable_dates", DATES)):
        number = sum(by_code.get(code, 0) + int(batch.notices.get(code, 0)) for code in words)
        _add(seen, name, min(number, read), read)
    totals = sum(int(batch.notices.get(code, 0)) for code in TOTALS)
    _add(seen, "wrong_totals", totals, max(totals, 1))
    if batch.format == "x12":
        _add(seen, "repeated_answers", batch.adjudications - batch.new_adjudications, batch.adjudications)


def _codes(seen: Seen, before: set[str] | None) -> None:
    carcs = carc_map(clock.today(bound_organization().time_zone)) if seen.codes else None
    unlisted = [code for code in seen.codes if carcs is not None and not carcs.knows(code)]
    _add(seen, "unlisted_codes", len(unlisted), len(seen.codes), {"codes": unlisted} if unlisted else None)
    if before is not None:
        new = [code for code in seen.codes if code not in before]
        _add(seen, "new_codes", len(new), len(seen.codes), {"codes": new} if new else None)
