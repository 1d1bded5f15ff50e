"""What became of denials, and claims that needed no second try."""

from collections.abc import Iterator

from upstream.kpis import definitions as d
from upstream.kpis import sums
from upstream.kpis.choices import Fact
from upstream.kpis.rules import Measure, Span, endings, share, unknown
from upstream.kpis.sums import Ask, waited

MATURE = 0.9
NO_WRITE_OFFS = "no file that we read tells of write-offs, and silence is none"


def measures(ask: Ask, mature: Span | None) -> Iterator[Measure]:
    """Three queries."""
    yield from _resolved(ask)
    yield unknown(d.WRITE_OFF, NO_WRITE_OFFS)
    found = sums.totals([Fact.ACKNOWLEDGED, Fact.TURNED_AWAY], ask.span, ask.payer)
    taken, away = found[Fact.ACKNOWLEDGED].number, found[Fact.TURNED_AWAY].number
    yield (
        share(d.CLEAN, taken - away, taken)
        if taken
        else unknown(d.CLEAN, "no acknowledgement (277CA) of claims of this period was received")
    )
    yield _first_pass(ask, mature)


def _resolved(ask: Ask) -> Iterator[Measure]:
    """Of first denials of claims submitted in the weeks: paid, given to the patient, still open."""
    found = sums.by_days([Fact.DENIED_PAID, Fact.DENIED_PATIENT, Fact.DENIED_OPEN], ask.span, ask.payer)
    paid, patient = found[Fact.DENIED_PAID], found[Fact.DENIED_PATIENT]
    still = waited(found[Fact.DENIED_OPEN], ask.as_of)
    number = sum(sum(kind.values()) for kind in (paid, patient, still))
    for days, definition in d.RESOLVED.items():
        shares = endings((paid, patient), still, days) if number else None
        if shares is None:
            why = f"no denial of these weeks is {days} days old" if number else "nothing of the kind in this period"
            yield unknown(definition, why)
            continue
        won, given = shares
        said = f"{100 * given:.0f}% given to the patient, {100 * (1 - won - given):.0f}% still open"
        yield Measure(definition, won * number, number, won, n=number, note=said)


def _first_pass(ask: Ask, mature: Span | None) -> Measure:
    if mature is None:
        return unknown(d.FIRST_PASS, "no week of this period is old enough: nine tenths of its answers are not due yet")
    found = sums.totals([Fact.FIRST_PASS, Fact.ANSWERED], mature, ask.payer)
    return share(d.FIRST_PASS, found[Fact.FIRST_PASS].number, found[Fact.ANSWERED].number)
