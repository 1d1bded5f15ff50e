"""Sources as the pages tell of them."""

from dataclasses import dataclass
from datetime import datetime

from upstream.core import clock
from upstream.core.phi.keyring import TenantKeys
from upstream.ingestion.connectors.kinds import KINDS, Kind
from upstream.ingestion.models import Source, SourceObject
from upstream.ingestion.sources.choices import Circuit, SourceRunState
from upstream.ingestion.sources.queries import objects_of, runs_of
from upstream.portal.words import counted

SHOWN_FILES = 50


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source with its health: a badge's style, a word, and what is wrong in words."""

    source: Source
    kind: str
    style: str
    health: str
    trouble: str

    @property
    def next_at(self) -> datetime | None:
        return self.source.next_run_at if self.source.enabled else None


def row_of(source: Source) -> SourceRow:
    style, health, trouble = _health(source)
    return SourceRow(source, kind_label(source.kind), style, health, trouble)


def kind_label(key: str) -> str:
    return KINDS[key].label if key in KINDS else key


def _health(source: Source) -> tuple[str, str, str]:
    times = f"{counted(source.failures, 'time')} in a row" if source.failures > 1 else "the last time"
    trouble = f"It failed {times}: {source.error_message}." if source.error_message else ""
    if not source.enabled:
        return "", "Switched off", trouble
    if source.circuit == Circuit.HALF_OPEN:
        return "partial", "Being tried again", trouble
    if source.circuit == Circuit.OPEN:
        return "failed", "Resting", trouble
    if source.failures:
        return "partial", "Failing", trouble
    return ("ok", "Working", "") if source.last_success_at else ("waiting", "Not asked yet", "")


def is_moving(source: Source) -> bool:
    """Whether something is being pulled from it, or about to be."""
    return bool(
        source.enabled
        and (source.next_run_at <= clock.now() or runs_of(source).filter(state=SourceRunState.RUNNING).exists())
    )


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting in words."""

    label: str
    value: str


def settings_of(source: Source, kind: Kind) -> list[SettingRow]:
    """Settings without secrets; of a long text only that it is there."""
    rows = []
    for ask in kind.asks:
        value = "" if ask.secret else source.settings.get(ask.name, "")
        if value:
            shown = "given" if ask.long and "BEGIN" in value else dict(ask.choices).get(value, value)
            rows.append(SettingRow(ask.label, shown))
    return rows


@dataclass(frozen=True, slots=True)
class FileRow:
    """One remote file, with its name."""

    seen: SourceObject
    name: str


def files_of(source: Source, keys: TenantKeys) -> list[FileRow]:
    """The newest, with their own names."""
    return [FileRow(row, row.name(keys).rpartition("/")[2][:120]) for row in objects_of(source)[:SHOWN_FILES]]
