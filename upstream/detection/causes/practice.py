"""What was looked at beside one change, and over all payers: in lines for people. Pure."""

from collections.abc import Mapping, Sequence

from upstream.detection.causes.files import DROP, RECENT
from upstream.detection.causes.verdict import listed
from upstream.detection.detectors.findings import ADVERSE
from upstream.detection.grouping import IncidentDraft
from upstream.detection.rules import DELAY, DENIAL, Strength
from upstream.detection.triangle import ONE_WEEK, Triangle
from upstream.detection.world import View

BEFORE = 26
SAME_TIME = 2 * ONE_WEEK


def besides(view: View, draft: IncidentDraft, drafts: Sequence[IncidentDraft]) -> list[str]:
    """What a sceptic asks of one change besides innocent causes."""
    others = {
        d.scope.payer
        for d in _sure(drafts)
        if d.family == draft.family and d.scope.payer != draft.scope.payer and abs(d.onset - draft.onset) <= SAME_TIME
    }
    lines = [
        f"Other payers: {len(others) or 'none'} changed in the same way at the same time.",
        "Newest weeks: claims still undecided are estimated to their end.",
    ]
    if draft.family == DENIAL:
        lines.append(f"This description holds {min(max(draft.explained, 0.0), 1.0):.0%} of the payer's extra denials.")
    if left_out := len(view.masks.of(draft.scope.payer)):
        lines.append(f"Calendar: {left_out} week{'s' * (left_out != 1)} of this payer's past are left out.")
    return lines


def ruled_out(view: View, drafts: Sequence[IncidentDraft], names: Mapping[int, str]) -> list[str]:
    """What was checked over all payers."""
    payers = next(made for made in view.triangles if made.level == "payer")
    late = sorted({names[d.scope.payer] for d in _sure(drafts) if d.family == DELAY})
    fewer = sorted(names[payer] for i, (payer, _) in enumerate(payers.keys) if _volume(view, payers, i) < DROP)
    lines = [
        f"Decisions come later than usual at {listed(late)}." if late else "No payer decides later than usual.",
        f"Fewer claims than usual at {listed(fewer)}." if fewer else "The number of claims did not drop at any payer.",
        "Changes in the mix of procedures are taken into account.",
        "Claims still undecided are estimated to their end.",
    ]
    if weeks := len(view.masks.everyone):
        lines.append(f"The calendar leaves out {weeks} week{'s' * (weeks != 1)}.")
    return lines


def _sure(drafts: Sequence[IncidentDraft]) -> list[IncidentDraft]:
    return [d for d in drafts if d.direction == ADVERSE and d.strength is not Strength.WATCH]


def _volume(view: View, payers: Triangle, row: int) -> float:
    """Claims a week in the last 4 weeks as a share of the 26 weeks before, weeks left out not counted."""
    kept = ~view.masks.left_out(payers.keys[row][0], payers.weeks)
    recent, before = kept.copy(), kept.copy()
    recent[:-RECENT], before[-RECENT:], before[: -(RECENT + BEFORE)] = False, False, False
    weekly = payers.submitted[row]
    usual = float(weekly[before].mean()) if before.any() else 0.0
    return float(weekly[recent].mean()) / usual if usual and recent.any() else 1.0
