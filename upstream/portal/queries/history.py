"""An incident's history as its page tells it, and which steps may be taken back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from upstream.alerts.choices import IncidentState, StepKind
from upstream.alerts.models import Incident, Transition
from upstream.core.charts import percent
from upstream.core.money import show_dollars
from upstream.detection.choices import Metric
from upstream.portal.queries.people import name_of, names_of
from upstream.portal.words import long_day
from upstream.tenants.services import tenant_keys


@dataclass(frozen=True, slots=True)
class HistoryStep:
    """One step with the person's name; `undone` when a later one took it back, `may_undo` when the reader can."""

    transition: Transition
    actor: str
    note: str
    words: str
    undone: bool = False
    may_undo: bool = False


def history_of(incident: Incident, actor: str) -> list[HistoryStep]:
    """Steps, newest first, as told to that reader. What a comment said that was taken back is not told."""
    rows = list(_steps(incident))
    names, keys = names_of({row.actor for row in rows}), tenant_keys()
    undone = {row.undoes_id for row in rows}
    by_id = {row.pk: row for row in rows}
    found, changed = [], set[str]()
    for row in rows:
        gone = row.pk in undone
        stands = not gone and not row.undoes_id
        mine = stands and row.actor == actor and bool(row.from_state) and row.kind != StepKind.OPENED
        note = "" if gone and row.kind == StepKind.COMMENTED else row.note(keys)
        told = f"took back: {_words(by_id[row.undoes_id], incident)}" if row.undoes_id else _words(row, incident)
        found.append(HistoryStep(row, names[row.actor], note, told, gone, mine and not (changed & row.changes.keys())))
        changed |= set(row.changes) if stands else set()
    return found


def changed_since(incident: Incident, version: int, actor: str) -> list[HistoryStep]:
    """What was done since the incident stood at that version, oldest first."""
    found = [step for step in history_of(incident, actor) if step.transition.version > version]
    return [replace(step, may_undo=False) for step in reversed(found)]


def _steps(incident: Incident) -> list[Transition]:
    rows = Transition.objects.filter(incident=incident).select_related("owner_after__user")
    return list(rows.order_by("-at", "-pk"))


def _words(step: Transition, incident: Incident) -> str:
    """What was done."""
    if step.kind == StepKind.OPENED or not step.from_state:
        return "split it off another incident" if step.bulk else "opened it"
    if step.kind == StepKind.ASSIGNED:
        return f"gave it to {name_of(step.owner_after)}" if step.owner_after else "gave it to nobody"
    if step.kind == StepKind.SNOOZED:
        return f"snoozed it until {_until(step.changes, incident)}"
    if step.kind == StepKind.RAISED:
        return "put it on the list for the payer" if step.changes["for_meeting"][1] else "took it off the payer's list"
    if step.kind == StepKind.MERGED:
        return "made it part of another incident" if step.changes else "took another incident in"
    return _SAID.get(step.kind) or _moved(step)


_SAID: Mapping[str, str] = {
    StepKind.COMMENTED: "commented", StepKind.WOKEN: "woke it", StepKind.SPLIT: "split a part off",
}  # fmt: skip


def _moved(step: Transition) -> str:
    said = f"moved it to {IncidentState(step.to_state).label.lower()}"
    by = step.changes.get("return_by", [None, None])[1]
    return f"{said}, to be as usual by {long_day(date.fromisoformat(by))}" if by else said


def _until(changes: Mapping[str, list[str | float | None]], incident: Incident) -> str:
    """The snooze's ends that this step wrote down."""
    after = {name: pair[1] for name, pair in changes.items() if pair[1] is not None}
    said = []
    if "snoozed_until" in after:
        said.append(long_day(date.fromisoformat(str(after["snoozed_until"]))))
    if "snooze_money_cents" in after:
        said.append(f"more than {show_dollars(int(after['snooze_money_cents']), whole=True)} are lost")
    if "snooze_rate" in after:
        said.append(f"the rate passes {rate_words(incident, float(after['snooze_rate']))}")
    return " or ".join(said) or "the same as before"


def sleeps_until(incident: Incident) -> str:
    """Until when a snoozed incident sleeps, in words; "" for one that does not."""
    names = ("snoozed_until", "snooze_money_cents", "snooze_rate")
    marks = {name: [None, value] for name in names if (value := getattr(incident, name)) is not None}
    return _until(marks, incident) if marks else ""


def rate_words(incident: Incident, rate: float) -> str:
    """Days of a delay, percent of anything else."""
    return f"{rate:.0f} days" if incident.metric == Metric.PAYMENT_DELAY else percent(rate, 1)


def comes_back_when(incident: Incident) -> str:
    """What a person closed comes back by, in words; "" for what nobody closed."""
    if incident.mark_rate is None or incident.mark_annual_cents is None:
        return ""
    cents = show_dollars(incident.mark_annual_cents, whole=True)
    return f"the rate surely passes {rate_words(incident, incident.mark_rate)}, or a year of it costs more than {cents}"
