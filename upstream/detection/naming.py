"""Causes that only the naming of payers makes: they are left out, and it is said. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from upstream.detection.grouping import IncidentDraft  # its arithmetic is 15 MB


@dataclass(frozen=True)
class Naming:
    """`unmapped`: payers whose name waits for a person. `changed`: by payer the Mondays at which names changed."""

    unmapped: frozenset[int]
    changed: Mapping[int, set[date]]

    def keeps(self, draft: "IncidentDraft") -> bool:
        """Whether the cause is told: its payer is known for what it is, and it began when no name changed."""
        payer = draft.scope.payer
        return payer not in self.unmapped and draft.onset.astype(date) not in self.changed.get(payer, ())

    def told(self, drafts: Sequence["IncidentDraft"]) -> list["IncidentDraft"]:
        return [draft for draft in drafts if self.keeps(draft)]

    def left_out(self, drafts: Sequence["IncidentDraft"], names: Mapping[int, str]) -> list[str]:
        """What was kept back, in words; nothing where nothing was."""
        waiting = sorted(names[payer] for payer in self.unmapped)
        bent = sorted(
            {names[d.scope.payer] for d in drafts if d.scope.payer not in self.unmapped and not self.keeps(d)}
        )
        said = []
        if waiting:
            said.append(f"Not watched until somebody confirms the payer's name: {', '.join(waiting)}.")
        if bent:
            said.append(f"Changes that began in the week in which names were changed are not told: {', '.join(bent)}.")
        return said

    def kept(self) -> dict[str, Any]:
        """As a run remembers it; empty where nothing is kept back."""
        changed = {str(payer): sorted(map(str, weeks)) for payer, weeks in sorted(self.changed.items())}
        found = {"unmapped": sorted(self.unmapped), "changed": changed}
        return {name: value for name, value in found.items() if value}
