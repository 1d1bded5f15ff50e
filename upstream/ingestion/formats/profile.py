"""How one source's columns are called: the confirmed mapping to the canonical names."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Profile:
    """`columns`: the source's header -> canonical column; headers that it does not name keep their own meaning."""

    columns: Mapping[str, str] = field(default_factory=dict)
