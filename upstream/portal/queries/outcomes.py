"""How well the system does, by what people made of its incidents."""

from dataclasses import dataclass

from upstream.alerts import scoring, scoring_queries
from upstream.alerts.choices import ResolutionOutcome
from upstream.alerts.scoring import FalseAlarms, Judged, Lead, Money, Rate, Tally
from upstream.alerts.scoring_queries import Watch
from upstream.detection.choices import Metric, Strength
from upstream.portal import words
from upstream.tenants.models import Organization

LABELS = {**dict(Metric.choices), **dict(Strength.choices)}


@dataclass(frozen=True, slots=True)
class Scores:
    """`first_look` counts incidents of the very first look, which goes over all the past at once: no rate, no lead."""

    watch: Watch
    all: Tally
    outcomes: list[tuple[str, int]]
    kinds: list[tuple[str, Tally]]
    strengths: list[tuple[str, Tally]]
    false: FalseAlarms
    lead: Lead | None
    money: Money
    first_look: int

    @property
    def observed(self) -> str:
        return rate_words(self.false.observed)

    @property
    def sentence(self) -> str:
        """The budget against what was observed, in plain words."""
        if self.false.observed is None:
            return "Nothing can be said yet: the live system has looked for less than a day."
        said = f"{self.observed} a quarter observed in {self.false.quarters:.1f} quarters"
        most = f"at most {self.false.budget:g} a quarter asked for"
        verdict = {
            "kept": "Kept, even if everything that nobody has judged were false",
            "exceeded": "More than asked for, and not by chance",
            "open": "Whether that is kept cannot be told from so little",
        }[self.false.verdict]
        return f"{words.counted(self.false.observed.n, 'false incident')}: {said}, {most}. {verdict}."


def rate_words(rate: Rate | None) -> str:
    """0.8 (0.2 to 2.1)."""
    return "–" if rate is None else f"{rate.mid:.1f} ({rate.low:.1f} to {rate.high:.1f})"


def scores(practice: Organization) -> Scores:
    """Three queries."""
    rows, watch = scoring_queries.judged(), scoring_queries.watch()
    live = [row for row in rows if row.as_of != watch.first]
    return Scores(
        watch=watch,
        all=scoring.tally(rows),
        outcomes=_outcomes(rows),
        kinds=_named(scoring.tallies(rows, "metric")),
        strengths=_named(scoring.tallies(rows, "strength")),
        false=scoring.false_alarms(live, watch.days, float(practice.false_incidents_per_quarter)),
        lead=scoring.lead(live),
        money=scoring.money(scoring_queries.brought(practice.time_zone)),
        first_look=len(rows) - len(live),
    )


def observed_false(practice: Organization) -> str:
    """The sentence alone, for the settings. Two queries."""
    rows, watch = scoring_queries.judged(), scoring_queries.watch()
    live = [row for row in rows if row.as_of != watch.first]
    found = scoring.false_alarms(live, watch.days, float(practice.false_incidents_per_quarter))
    return rate_words(found.observed)


def _outcomes(rows: list[Judged]) -> list[tuple[str, int]]:
    counted = [(str(outcome.label), sum(row.outcome == outcome for row in rows)) for outcome in ResolutionOutcome]
    still = sum(not row.closed for row in rows)
    return [*counted, ("Still open", still)]


def _named(tallies: dict[str, Tally]) -> list[tuple[str, Tally]]:
    return [(LABELS.get(value, value), found) for value, found in tallies.items()]
