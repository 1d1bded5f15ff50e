"""The sentences of the report. Names of payers, codes and places; never of people or claims."""

from collections.abc import Mapping, Sequence
from typing import Any

from upstream.alerts.models import Incident
from upstream.claims.choices import DenialCategory
from upstream.claims.rules import denial_words
from upstream.core.charts.words import day, percent
from upstream.core.money import show_dollars
from upstream.detection.choices import Direction, Metric
from upstream.detection.models import Baseline, DetectionRun
from upstream.detection.spans import BY_DECISION, GAP, SPAN
from upstream.kpis.choices import Basis
from upstream.kpis.measures import Measures
from upstream.kpis.rules import Measure
from upstream.reports.facts import Files
from upstream.reports.shapes import DeadlineLine, Definition, IncidentLine, Method, PayerLine

DATE_BASIS = (
    "Denial rates follow the week in which a claim was first submitted. Denied dollars and payments follow the week"
    " in which we learned of the payer's first decision. Only that first decision counts, each claim once."
)
DEFINITIONS = (
    Definition(
        "Denial", "A first decision that refuses a claim in full or in part, for a reason that is not contractual."
    ),
    Definition(
        "Lost so far", "Expected dollars of the denials above the usual level since the change, with a 95% range."
    ),
    Definition(
        "At stake",
        "A cautious sum: the lower 80% bounds of what is lost so far and of the next 30 days. It decides severity.",
    ),
)
IN_THE_BOX = (
    "denial_rate", "denied_dollars", "denied_expected", "payment_lag_50", "prompt_pay", "take_back_rate",
    "overturn_rate", "alert_precision",
)  # fmt: skip
EXCLUSIONS = (
    "Second and later payers, replacements and voids of a claim, contractual and patient adjustments, capitated and"
    " zero-priced lines never count as denials."
)

# What to do first about a cause, short enough for one line of a table.
FIRST_ACTIONS: Mapping[str, str] = {
    DenialCategory.AUTH: "Match the authorization on file.",
    DenialCategory.ELIG: "Check coverage and bill again.",
    DenialCategory.COB: "Bill the payer that comes first.",
    DenialCategory.TIMELY: "Send proof of timely filing.",
    DenialCategory.CRED: "Have the payer load the provider.",
    DenialCategory.MEDNEC: "Appeal with policy and notes.",
    DenialCategory.LIMIT: "Check units used; ask for more.",
    DenialCategory.NONCOV: "Check the plan and any waiver.",
    DenialCategory.BUNDLE: "Check the edit and its modifier.",
    DenialCategory.CODING: "Correct the code and send again.",
    DenialCategory.DOC: "Send the records asked for.",
    DenialCategory.DATA: "Correct the field and send again.",
    DenialCategory.DUP: "Find the first claim's answer.",
    DenialCategory.UNSPEC: "Read the remark, or ask the payer.",
}
# What a clinician can write or ask for, so that the payer refuses it no more.
WANTED: Mapping[str, str] = {
    DenialCategory.AUTH: "An authorization from before the visit, for the same procedure and dates.",
    DenialCategory.MEDNEC: "A note that says why the service was needed, in the words of the payer's policy.",
    DenialCategory.DOC: "The note or record that it asked for, complete, signed and in time.",
    DenialCategory.LIMIT: "An extension, asked for before the plan's units or visits were used up.",
}


def short_title(incident: Incident) -> str:
    """The incident's title without its date and numbers, which stand in the sentence below it."""
    words, numbers = _title_parts(incident)
    return (words.rpartition(" around ")[0] or words).removesuffix(" since") if numbers else words


def _title_parts(incident: Incident) -> tuple[str, str]:
    """What happens, and the numbers that say so."""
    words, _, numbers = incident.title.rstrip(".").rpartition(": ")
    return (words, numbers) if "usually" in numbers else (incident.title.rstrip("."), "")


def deadline_words(source: str) -> str:
    """What is due, such as "Appeal, 60 days", without where that is written."""
    return source.partition(":")[0] or "First answer"


def onset_label(finding: Mapping[str, Any]) -> str:
    """What changed from the date on that is marked in a chart by submission week.

    A change on the clock of decisions also meets claims submitted some weeks before it.
    """
    return "decisions" if finding.get("clock") == BY_DECISION else "change"


def incident_sentence(incident: Incident) -> str:
    """Since the week of 19 Oct, 14 of 31 decided claims for 73721 were denied with CO-197; 3 would be usual."""
    since, numbers = f"Since the week of {day(incident.onset_week)}", _title_parts(incident)[1]
    if incident.metric not in {Metric.DENIAL_RATE, Metric.DENIAL_DOLLARS} and numbers:
        return f"{since}: {numbers}."
    scope = f" for {incident.procedure_code}" if incident.procedure_code else ""
    place = f" at {incident.location}" if incident.location else ""
    reason = f" with {incident.denial_reason}" if incident.denial_reason else ""
    only = "only " if incident.direction == Direction.IMPROVE else ""
    counts = f"{only}{incident.observed:,} of {incident.decided:,} decided claims"
    return f"{since}, {counts}{scope}{place} were denied{reason}; {incident.expected:,.0f} would be usual."


def summary(
    open_lines: Sequence[IncidentLine], new: int, deadlines: Sequence[DeadlineLine], payers: Sequence[PayerLine]
) -> tuple[str, ...]:
    """At most three sentences: what is new, what it is worth and when it is due, and who behaves as usual."""
    return tuple(s for s in (_news(open_lines, new), _worth(open_lines, deadlines), _usual(payers)) if s)


def _news(lines: Sequence[IncidentLine], new: int) -> str:
    if not lines:
        return "No payer changed its behaviour in a way that can be told from chance."
    if not new:
        return f"No new incident this week; {_count(len(lines), 'incident')} {'is' if len(lines) == 1 else 'are'} open."
    largest = f", the largest open one at {lines[0].payer}" if len(lines) > 1 else f": {lines[0].title}"
    return f"{_count(new, 'new incident')} this week{largest}."


def _worth(lines: Sequence[IncidentLine], deadlines: Sequence[DeadlineLine]) -> str:
    if not lines:
        return ""
    lost = show_dollars(sum(line.money.mid_cents for line in lines), whole=True)
    stake = show_dollars(sum(line.at_stake_cents for line in lines), whole=True)
    first = f"; the nearest deadline is {day(deadlines[0].due)} at {deadlines[0].payer}" if deadlines else ""
    where = _count(len(lines), "open incident")
    return f"About {lost} lost so far in {where}, {stake} at stake with the next 30 days{first}."


def _usual(payers: Sequence[PayerLine]) -> str:
    calm = [line.payer for line in payers if not line.open_incidents and line.rate is not None]
    if not calm:
        return ""
    if len(calm) == len(payers):
        return "All payers stand at their usual level."
    named = calm[0] if len(calm) == 1 else f"{', '.join(calm[:-1])} and {calm[-1]}"
    return f"{named} {'stands at its' if len(calm) == 1 else 'stand at their'} usual level."


def cause(category: str) -> str:
    """A denial category as a heading."""
    return denial_words(category).capitalize()


def decision(line: IncidentLine, first: DeadlineLine | None) -> str:
    """What somebody has to decide this week: who has it, and the first date that would be missed."""
    owner = "" if line.owner else "Name an owner. "
    if first is None:
        return f"{owner}Raise it with the payer, or watch on." if line.state != "Monitoring" else owner.strip()
    worth = show_dollars(first.cents, whole=True)
    return f"{owner}{first.what}: {_count(first.claims, 'claim')}, {worth} expected, by {day(first.internal_due)}."


def completeness(files: Files, rejected_rows: int) -> str:
    """How much of what was received is in the figures."""
    parts = [f"{_count(files.read, 'file')} read"]
    if files.waiting:
        parts.append(f"{files.waiting:,} waiting to be read")
    if files.refused:
        parts.append(f"{files.refused:,} refused")
    if rejected_rows:
        parts.append(f"{_count(rejected_rows, 'row')} left out until corrected")
    return ", ".join(parts) + "."


def _coverage(priced: Measure) -> str:
    """How many of the answered lines a contract prices."""
    if priced.value is None:
        return f"No line is priced by a contract: {priced.unknown}."
    return f"{percent(priced.value, 1)} of the answered lines of payers with a contract are priced by it."


def method(run: DetectionRun | None, baselines: Sequence[Baseline], found: Measures) -> Method:
    """How the figures were made; says so where no detection has run yet."""
    definitions = (*DEFINITIONS, *(_defined(found[key]) for key in IN_THE_BOX))
    coverage = _coverage(found["contract_coverage"])
    if run is None:
        none = ("none yet", DATE_BASIS, "No detection has run yet.", "None yet.", "None yet.", coverage, EXCLUSIONS)
        return Method(*none, definitions=definitions)
    filling = max((sum(bool(week.get("immature")) for week in row.series) for row in baselines), default=0)
    return Method(
        version=run.method,
        date_basis=DATE_BASIS,
        baseline_window=f"Each payer's own {SPAN} weeks that end {GAP} weeks before the week judged.",
        false_alarm_budget=(
            f"At most {run.budget_per_quarter.normalize():f} false"
            f" incident{'' if run.budget_per_quarter == 1 else 's'} in three months over all"
            f" {run.series:,} series watched."
        ),
        immature_weeks=(
            f"The newest {_count(filling, 'submission week')} may still fill up: rates are estimated to their final"
            " value, with a wider range; settled-at-first-pass and collection measures leave them out."
        ),
        contract_coverage=coverage,
        exclusions=EXCLUSIONS,
        definitions=definitions,
    )


def _defined(measure: Measure) -> Definition:
    """A measure's name and formula as the register has them."""
    definition = measure.definition
    return Definition(definition.name, f"{definition.formula}. {Basis(definition.basis).label}.")


def _count(number: int, one: str) -> str:
    return f"{number:,} {one}{'' if number == 1 else 's'}"
