"""Versions of the method as the page shows them."""

from dataclasses import dataclass

from upstream.alerts.method_comparison import Comparison, comparison
from upstream.core import clock
from upstream.detection import method_choices
from upstream.detection.methods import BY_NAME, METHODS, Method
from upstream.detection.models import MethodChoice
from upstream.portal.queries.people import names_of


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """One switch, who made it, and who took it back."""

    choice: MethodChoice
    by: str
    undone_by: str


@dataclass(frozen=True, slots=True)
class MethodsPage:
    """`other` is the version that is being compared with the one in force."""

    in_force: Method
    methods: list[Method]
    choices: list[ChoiceRow]
    other: Method | None
    comparison: Comparison | None

    @property
    def can_undo(self) -> bool:
        return any(row.choice.undone_at is None for row in self.choices)


def page_of(time_zone: str, other: str) -> MethodsPage:
    now = method_choices.method_on(clock.today(time_zone))
    chosen = BY_NAME.get(other)
    rows = list(method_choices.choices()[:50])
    names = names_of({row.chosen_by for row in rows} | {row.undone_by for row in rows if row.undone_by})
    return MethodsPage(
        in_force=now,
        methods=list(reversed(METHODS)),
        choices=[ChoiceRow(row, names[row.chosen_by], names.get(row.undone_by, "")) for row in rows],
        other=chosen,
        comparison=comparison(chosen.name, against=now.name) if chosen and chosen != now else None,
    )
