"""Looks at the data: every file once it is read, payers and the practice by what came over time."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from upstream.core import clock
from upstream.core.errors import Conflict, Invalid
from upstream.ingestion.models import Batch
from upstream.ingestion.quality import measuring, practice, queries, whole
from upstream.ingestion.quality.checks import BY_NAME
from upstream.ingestion.quality.choices import FindingState
from upstream.ingestion.quality.judging import Failed, Looked, look, to_explain
from upstream.ingestion.quality.models import FileScore, Finding, Threshold
from upstream.ingestion.quality.rules import METHOD
from upstream.tenants.queries import bound_organization


def measure_new(*, again: bool = False) -> int:
    """Look at every read file that was not looked at, at those with open findings, and at the practice; how many files.

    `again`: at every file. Called inside a transaction with the tenant bound.
    """
    files = list(queries.read_files() if again else queries.files_to_measure())
    for batch in files:
        measure(batch)
    measure_practice()
    return len(files)


def measure(batch: Batch) -> Looked:
    """The file's findings and scores are those of the rows that it holds now. Inside a transaction."""
    known_on = queries.known_on(batch)
    kind = queries.kind_of(batch)
    earlier = list(queries.earlier_scores(batch, kind))
    seen = whole.seen_in(batch, earlier, queries.codes_before(batch))
    counts = [*measuring.counts(batch.pk, known_on), *seen.counts]
    before, limits = [score.measured for score in earlier], queries.own_limits(known_on)
    of_payers = queries.earlier_shares(batch, kind, {count.payer_id for count in counts})
    looked = look(counts, before, limits, of_payers)
    if explained := to_explain(looked):
        looked = look(measuring.with_causes(batch.pk, counts, explained), before, limits, of_payers)
    window = queries.window_of(batch)
    rows = [_finding(f"{f.check.name}/b{batch.pk}", f, seen.details, window, batch.pk) for f in looked.failed]
    _keep(rows, Finding.objects.filter(batch=batch))
    _keep_scores(batch, kind, looked, seen)
    return looked


def measure_practice() -> None:
    """Findings that no single file can show are those of today. Inside a transaction."""
    today = clock.today(bound_organization().time_zone)
    failed = practice.look(today, queries.own_limits(today))
    rows = [_finding(f.check.name, f, {f.check.name: f.detail}, (f.first_day, f.last_day), None) for f in failed]
    _keep(rows, Finding.objects.filter(batch=None))


def dismiss(finding: Finding, *, actor: str, note: str) -> None:
    """A person has looked and says that the data are right: no number carries its caveat any more.

    Conflict when it is not open, Invalid without a note. It opens again when more rows fail than were looked at.
    """
    if not note.strip():
        raise Invalid("note", "say why the data are right")
    _close(finding, FindingState.OPEN, FindingState.DISMISSED, actor, note.strip()[:300])


def reopen(finding: Finding, *, actor: str) -> None:
    """Take a dismissal back; Conflict when it was none."""
    _close(finding, FindingState.DISMISSED, FindingState.OPEN, actor, "")


def set_threshold(name: str, *, value: float | None, valid_from: date, actor: str, reason: str) -> Threshold:
    """From that day on the practice judges this check by its own limit; None turns it off.

    Invalid for a check that we do not have, a limit below 0 or no reason. Files that were looked at keep their findings
    until they are looked at again.
    """
    if name not in BY_NAME:
        raise Invalid("check", "there is no such check")
    if value is not None and not 0 <= value <= 1000:
        raise Invalid("value", "a limit is a number from 0 on")
    if not reason.strip():
        raise Invalid("reason", "say why")
    threshold, _ = Threshold.objects.update_or_create(
        check_name=name,
        valid_from=valid_from,
        defaults={"value": value, "set_by": actor, "reason": reason.strip()[:200], "set_at": clock.now()},
    )
    made: Threshold = threshold
    return made


def _close(finding: Finding, before: str, after: str, actor: str, note: str) -> None:
    with transaction.atomic():
        waiting = Finding.objects.filter(pk=finding.pk, state=before)
        if not waiting.update(state=after, closed_by=actor, note=note, changed_at=clock.now()):
            raise Conflict("not_a_move", "somebody else has changed this finding")


def _finding(
    place: str, failed: Failed, details: dict[str, dict[str, object]], window: tuple[date | None, date | None],
    batch_id: int | None,
) -> Finding:  # fmt: skip
    """Unsaved; without days of its own it touches those of the whole file."""
    first, last = (failed.first_day, failed.last_day) if failed.first_day else window
    return Finding(
        key=f"{place}/p{failed.payer_id}" if failed.payer_id else place,
        check_name=failed.check.name,
        severity=failed.check.severity,
        batch_id=batch_id,
        payer_id=failed.payer_id,
        count=failed.count,
        of=failed.of,
        share=failed.verdict.share,
        limit=failed.verdict.limit,
        cents=failed.cents,
        first_day=first,
        last_day=last or first,
        detail=details.get(failed.check.name, {}),
    )


VALUES = ("severity", "count", "of", "share", "limit", "cents", "first_day", "last_day", "detail")


def _keep(found: Iterable[Finding], standing: Iterable[Finding]) -> None:
    """Exactly these are open of the standing ones, but for those that a person has dismissed and that did not grow."""
    now, kept = clock.now(), {row.key: row for row in standing}
    for row in found:
        old = kept.pop(row.key, None)
        if old is None:
            row.found_at = row.changed_at = now
            row.save()
            continue
        was_gone = old.state == FindingState.CLEARED
        if was_gone or any(getattr(old, name) != getattr(row, name) for name in VALUES):
            if was_gone or _is_worse(old, row):
                old.state, old.closed_by, old.note = FindingState.OPEN, "", ""
            for name in VALUES:
                setattr(old, name, getattr(row, name))
            old.changed_at = now
            old.save()
    for gone in kept.values():
        if gone.state != FindingState.CLEARED:
            Finding.objects.filter(pk=gone.pk).update(state=FindingState.CLEARED, changed_at=now)


def _is_worse(old: Finding, now: Finding) -> bool:
    """Of a file: more rows. Of time: not the same silence or week, since that grows by itself every day."""
    return now.count > old.count if now.batch_id else now.first_day != old.first_day


def _keep_scores(batch: Batch, kind: str, looked: Looked, seen: whole.Seen) -> None:
    sizes = measuring.sizes(batch.pk)
    shared = {
        "batch": batch,
        "kind": kind,
        "method": METHOD,
        "received_at": batch.known_at or batch.received_at,
        "measured_at": clock.now(),
    }
    claims, answers = (sum(size[place] for size in sizes.values()) for place in (0, 1))
    rows = [
        FileScore(
            score=looked.score(None), claims=claims, answers=answers, measured=looked.measured, layout=seen.layout,
            codes=seen.codes, **shared,
        ),
        *(
            FileScore(
                payer_id=payer, score=looked.score(payer), claims=claims, answers=answers,
                measured=looked.of_payers.get(payer, {}), **shared,
            )
            for payer, (claims, answers) in sizes.items()
        ),
    ]  # fmt: skip
    FileScore.objects.filter(batch=batch).delete()
    FileScore.objects.bulk_create(rows)
