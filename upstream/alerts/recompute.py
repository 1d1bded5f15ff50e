"""An incident worked out again from the facts known at its last run."""

from datetime import date
from typing import Any

import numpy as np

from upstream.alerts.amounts import amounts_of
from upstream.alerts.families import families
from upstream.alerts.keeping import as_measured
from upstream.alerts.models import Incident
from upstream.alerts.queries import member_rows
from upstream.detection.models import Signal
from upstream.detection.record import draft_of
from upstream.detection.services import look_again

# What an incident of several parts tells of all its claims together.
DATED = frozenset({"severity", "deadline", "deadline_source", "internal_due", "deadlines", "split"})


def differences(incident: Incident) -> dict[str, tuple[Any, Any]]:
    """What is stored and what comes out now, for each value that is not the same; in a transaction.

    Compared are the run's input hash, the signal that the incident was last seen in, the incident's own numbers and
    the claims behind it; where others were merged into it or split off it, those of its own cause, without its dates.
    Invalid for a part that was split off another.
    """
    kin = families()
    dated = frozenset() if kin.is_plain(incident.pk) else DATED
    incident, rows = as_measured(incident, kin)
    run = incident.finding["tracked"]["run"]
    kept = Signal.objects.select_related("run", "payer").get(
        run_id=run, payer_id=incident.payer_id, direction=incident.direction, finding__family=incident.finding["family"]
    )
    again = look_again(kept.run)
    found: dict[str, tuple[Any, Any]] = {}
    if again.view.fingerprint() != kept.run.input_hash:
        found["input_hash"] = (kept.run.input_hash, again.view.fingerprint())
    signal = next((s for s in again.signals(kept.run) if _cause(s) == _cause(kept)), None)
    if signal is None:
        return {**found, "signal": ("seen", "not seen")}
    onset = np.datetime64(incident.onset_week, "D")
    amounts = amounts_of(
        again.view, signal, draft_of(signal), onset, kept.run, today=_told_on(incident),
        caveats=incident.finding.get("caveats", ()),
    )  # fmt: skip
    for name, value in amounts.fields.items():
        if name not in dated and getattr(incident, name) != value:
            found[name] = (getattr(incident, name), value)
    members = {claim: member for claim, *_place, member in member_rows(rows)}
    if members != amounts.members:
        found["claims"] = (len(members), len(amounts.members))
    stored = {name: value for name, value in incident.finding.items() if name != "tracked"}
    found |= {
        f"finding.{name}": (stored.get(name), value)
        for name, value in amounts.finding.items()
        if name not in dated and stored.get(name) != value
    }
    return found


def _told_on(incident: Incident) -> date:
    """The day as of which its dates were last told."""
    return date.fromisoformat(incident.finding["deadlines"]["as_of"])


def _cause(signal: Signal) -> tuple[int, str, str]:
    return signal.payer_id, signal.finding["family"], signal.direction
