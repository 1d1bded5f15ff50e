"""An incident in plain words: names of payers, places and codes; never of people. Pure: values in, text out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from upstream.claims.choices import DenialCategory
from upstream.claims.rules import denial_words, procedure_group
from upstream.core.money import show_dollars
from upstream.detection.choices import Direction, Metric

# Our own short names; the code lists' descriptions belong to their owners.
SHORT_NAMES = {
    "20610": "joint injection",
    "29881": "knee arthroscopy",
    "64483": "spine injection",
    "72100": "lower back X-ray",
    "72148": "lower back MRI",
    "73030": "shoulder X-ray",
    "73221": "shoulder MRI",
    "73562": "knee X-ray",
    "73721": "knee MRI",
    "80053": "metabolic panel",
    "83036": "long-term glucose test",
    "85025": "blood count",
    "87880": "strep test",
    "90471": "vaccine administration",
    "93000": "electrocardiogram",
    "97110": "therapeutic exercise",
    "97140": "manual therapy",
    "97161": "therapy evaluation",
    "99203": "new patient visit",
    "99213": "follow-up visit",
    "99214": "longer follow-up visit",
    "99396": "yearly check-up",
    "G0439": "yearly wellness visit",
}
# Where the category's own words do not follow "for".
AFTER_FOR = {
    "ELIG": "inactive coverage",
    "DOC": "missing records",
    "DATA": "missing or wrong information",
    "NONCOV": "not being covered",
    "LIMIT": "a reached limit",
    "CODING": "conflicting codes",
    "BUNDLE": "being part of another service",
    "COB": "another payer being responsible",
    "TIMELY": "late filing",
    "CRED": "provider enrollment",
    "DUP": "being duplicates",
}
MUCH_MORE = 3.0
NO_DENIALS = {Metric.DOWN_CODING, Metric.TAKE_BACKS, Metric.SILENT_CLAIMS}


@dataclass(frozen=True)
class Told:
    """What a title is made of; blank scope parts mean all.

    `levels` are the usual and the present one: days of delays, shares of the usual amount. `detail` is the code that is
    paid instead of the billed one, or the weeks after which a claim counts as unanswered.
    """

    payer: str
    procedure_code: str
    denial_reason: str
    category: str
    location: str
    metric: str
    direction: str
    onset: date
    observed: int
    decided: int
    expected: float
    levels: tuple[float, float] = (0.0, 0.0)
    doubt: str = ""
    detail: str = ""


DATA, US = "Check data first: ", "Check us first: "


def doubt_of(finding: Mapping[str, Any], caveats: Sequence[str] = ()) -> str:
    """How a title begins: with us where an innocent cause explains the change, with the data where they have faults."""
    if finding.get("innocent"):
        return US
    return DATA if finding["data_fault"] or caveats else ""


def is_ours_first(title: str) -> bool:
    """Whether a title sends people to their own side first."""
    return title.startswith(US)


def title(told: Told) -> str:
    """One sentence: who does what since when, and the numbers."""
    words = f"{told.payer} {_happening(told)} around {day(told.onset)}: {_numbers(told)}."
    return doubted(words, doubt=told.doubt)


def doubted(words: str, *, doubt: str) -> str:
    """The title with or without the words that send people to the data first."""
    return f"{doubt}{words.removeprefix(DATA).removeprefix(US)}"[:300]


def day(when: date) -> str:
    return f"{when.day} {when:%B}"


def procedure(code: str) -> str:
    """ "knee MRI (73721)"; the group's name for a code that has no short name."""
    name = SHORT_NAMES.get(code) or procedure_group(code).replace("imaging: ", "imaging, ")
    return f"{name} ({code})" if name else f"procedure {code}"


def reason(denial_reason: str, category: str) -> str:
    """ "missing authorization"; the code itself when its category says nothing."""
    if category in {"", DenialCategory.UNSPEC}:
        return f"reason {denial_reason}"
    return AFTER_FOR.get(category) or denial_words(category)


def _happening(told: Told) -> str:
    what = procedure(told.procedure_code) if told.procedure_code else "claims"
    place = f" from {told.location}" if told.location else ""
    why = f" for {reason(told.denial_reason, told.category)}" if told.denial_reason else ""
    if told.metric == Metric.PAYMENT_DELAY:
        return f"decides {what}{place} {'later' if told.direction == Direction.ADVERSE else 'sooner'} since"
    if told.metric == Metric.UNDERPAYMENT:
        return f"allows {'less' if told.direction == Direction.ADVERSE else 'more'} for {what}{place} since"
    if told.metric in NO_DENIALS:
        return _answered(told, f"{what}{place}")
    if told.direction == Direction.IMPROVE:
        return f"denies {what}{place}{why} less often since"
    if told.metric == Metric.DENIAL_DOLLARS:
        return f"denies expensive {what}{place}{why} more often since"
    rare = told.observed >= MUCH_MORE * max(told.expected, 0.5)
    return f"started denying {what}{place}{why}" if rare else f"denies {what}{place}{why} more often since"


def _answered(told: Told, what: str) -> str:
    """What a payer does to claims that it does not deny."""
    if told.metric == Metric.SILENT_CLAIMS:
        return f"leaves {what} without an answer since"
    less = told.direction == Direction.IMPROVE
    often = " less often" if less else ""
    if told.metric == Metric.DOWN_CODING:
        paid = told.detail or "a cheaper code"
        where = f"{told.procedure_code} was billed" if told.procedure_code else "another was billed"
        place = f" at {told.location}" if told.location else ""
        return f"pays {paid} where {where}{place}{often} since"
    if not less and told.expected < 1:
        return f"started taking back payments for {what}"
    return f"takes back payments for {what}{often or ' more often'} since"


def _numbers(told: Told) -> str:
    if told.metric == Metric.PAYMENT_DELAY:
        return f"about {told.levels[1]:.0f} days, usually {told.levels[0]:.0f}"
    if told.metric == Metric.UNDERPAYMENT:
        return f"{told.levels[1]:.0%} of the usual amount on {told.observed:,} claims"
    if told.metric == Metric.TAKE_BACKS:
        whose = f"{told.observed:,} claim{'' if told.observed == 1 else 's'}" if told.observed else "no claim is named"
        return f"{whose}, usually {told.expected:,.0f}"
    old = f" older than {told.detail} weeks" if told.metric == Metric.SILENT_CLAIMS else ""
    return f"{told.observed:,} of {told.decided:,} claims{old}, usually {told.expected:,.0f}"


def money(low_cents: int, high_cents: int) -> str:
    """ "$9,200 to $14,800", to the whole dollar."""
    return f"{show_dollars(low_cents, whole=True)} to {show_dollars(high_cents, whole=True)}"


def evidence(log10: float) -> str:
    """How surely it is no chance, for the history."""
    return (
        "less than one in a million by chance" if log10 >= 6 else f"about one in {10 ** max(log10, 0):,.0f} by chance"
    )


def deadlines(due: date | None, standing: Mapping[str, Any]) -> str:
    """ "Next of 62 open deadlines: 21 November; 13 claims worth $4,100 are past theirs", "" when no clock runs.

    `due` is the first open date, `standing` what an incident's finding keeps under "deadlines".
    """
    count, passed = standing.get("open", 0), standing.get("passed", 0)
    said = []
    if due and count:
        said.append(f"Next of {count:,} open deadlines: {day(due)}" if count > 1 else f"One open deadline: {day(due)}")
    if passed:
        worth = show_dollars(standing["passed_cents"], whole=True)
        said.append(f"1 claim worth {worth} is past its own" if passed == 1 else
                    f"{passed:,} claims worth {worth} are past theirs")  # fmt: skip
    return "; ".join(said)
