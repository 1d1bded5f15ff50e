"""Innocent explanations that were looked at: late payments, fewer claims, another mix, other payers too."""

from collections.abc import Iterable, Mapping, Sequence

from upstream.detection.detectors.baseline import GAP, SPAN
from upstream.detection.detectors.findings import ADVERSE
from upstream.detection.grouping import IncidentDraft, Tracked
from upstream.detection.rules import DELAY, DENIAL, Strength
from upstream.detection.triangle import ONE_WEEK, Triangle
from upstream.detection.world import View

RECENT, BEFORE = 4, 26
DROP, FAULT = 0.7, 0.5
SAME_TIME = 2 * ONE_WEEK


def volume_of(view: View, payer: int) -> float:
    """Claims a week in the last 4 weeks as a share of the 26 weeks before; 1 where nothing can be said."""
    payers = next(made for made in view.triangles if made.level == "payer")
    row = next((i for i, (number, _) in enumerate(payers.keys) if number == payer), None)
    return 1.0 if row is None else _volume(payers, row)


def _volume(payers: Triangle, row: int) -> float:
    weekly = payers.submitted[row]
    before = weekly[-(RECENT + BEFORE) : -RECENT]
    usual = float(before.mean()) if len(before) else 0.0
    return float(weekly[-RECENT:].mean()) / usual if usual else 1.0


def is_data_fault(view: View, draft: IncidentDraft) -> bool:
    """Half of the payer's claims are missing: a file or a feed may be, before anything else."""
    return volume_of(view, draft.scope.payer) < FAULT


def checked(view: View, draft: IncidentDraft, drafts: Sequence[IncidentDraft]) -> list[str]:
    """What else could explain this cause, and whether it does."""
    payer = draft.scope.payer
    sure = [d for d in drafts if d.direction == ADVERSE and d.strength is not Strength.WATCH]
    late = [d for d in sure if d.family == DELAY and d.scope.payer == payer]
    volume = volume_of(view, payer)
    others = {
        d.scope.payer
        for d in sure
        if d.family == DENIAL and d.scope.payer != payer and abs(d.onset - draft.onset) <= SAME_TIME
    }
    drop = "a drop" if volume < DROP else "no drop"
    lines = [
        f"Claims received: {volume:.0%} of usual in the last {RECENT} weeks, {drop}.",
        f"Other payers: {_number(len(others))} changed at the same time.",
        "Procedures: the mix of procedures is taken into account.",
        "Newest weeks: claims still undecided are estimated to their end.",
    ]
    if draft.family == DENIAL:
        found = "also later than usual; counted per decided claim" if late else "as fast as usual"
        lines.insert(0, f"Late posting: the payer decides {found}.")
        lines.append(f"This description holds {min(max(draft.explained, 0.0), 1.0):.0%} of the payer's extra denials.")
    return lines


def ruled_out(view: View, drafts: Sequence[IncidentDraft], names: Mapping[int, str]) -> list[str]:
    """What was checked over all payers."""
    payers = next(made for made in view.triangles if made.level == "payer")
    sure = [d for d in drafts if d.direction == ADVERSE and d.strength is not Strength.WATCH]
    late = sorted({names[d.scope.payer] for d in sure if d.family == DELAY})
    fewer = sorted(names[payer] for i, (payer, _) in enumerate(payers.keys) if _volume(payers, i) < DROP)
    return [
        f"Decisions come later than usual at {_list(late)}." if late else "No payer decides later than usual.",
        f"Fewer claims than usual at {_list(fewer)}." if fewer else "The number of claims did not drop at any payer.",
        "Changes in the mix of procedures are taken into account.",
        "Claims still undecided are estimated to their end.",
    ]


def own_causes(incidents: Iterable[Tracked], drafts: Sequence[IncidentDraft]) -> list[IncidentDraft]:
    """The drafts less those that only tell the end of an incident.

    Its denials stand in the baseline for 64 weeks, so that the usual rate afterwards looks like an improvement.
    """
    worse = [incident for incident in incidents if incident.direction == ADVERSE]
    return [
        draft
        for draft in drafts
        if draft.direction == ADVERSE
        or not any(
            incident.family == draft.family
            and incident.scope.overlaps(draft.scope)
            and draft.as_of - incident.raised <= (GAP + SPAN) * ONE_WEEK
            for incident in worse
        )
    ]


def _list(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _number(count: int) -> str:
    return "none" if count == 0 else str(count)
