"""Which names in a folder are files to take. Pure."""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from upstream.ingestion.connectors.contract import RemoteObject

# What programs call a file while they write it.
UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".writing", ".swp")
MARKER = ".done"


def wanted(name: str, pattern: str) -> bool:
    """Whether the name is one of those asked for, and not of a file still being written."""
    lowered = name.lower()
    if lowered.startswith((".", "~")) or lowered.endswith((*UNFINISHED, MARKER)):
        return False
    patterns = [each.strip().lower() for each in pattern.replace(";", ",").split(",") if each.strip()]
    return not patterns or any(fnmatchcase(lowered, each) for each in patterns)


def whole(found: Iterable[RemoteObject], names: set[str], complete: str) -> Iterator[RemoteObject]:
    """Those that are said to be whole: with markers in use, those with one beside them."""
    for each in found:
        if complete != "marker" or each.name + MARKER in names:
            yield each
