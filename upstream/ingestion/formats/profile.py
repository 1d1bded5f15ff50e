"""How one source writes its claims: which column is which fact, and the words, dates and numbers that stand in them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from upstream.core.errors import Invalid, Unreadable
from upstream.ingestion.formats.columns import DATE_COLUMNS, FIELDS

DAY_ORDERS = ("mdy", "dmy")
DECIMALS = ("us", "eu")
SEPARATORS = ("", ",", ";", "\t", "|")
ENCODINGS = ("", "utf-8", "cp1252", "latin-1", "mac-roman", "cp437", "cp850")
STATUSES = ("paid", "denied", "partial", "pending", "reversed", "adjudicated")
MAX_COLUMNS, MAX_WORDS, MAX_WORD = 200, 200, 120


class NeedsMapping(Unreadable):
    """The file has columns, but which of them is which fact must be said first: nothing is lost, nothing is refused."""


@dataclass(frozen=True, slots=True)
class Profile:
    """`columns`: a column's key (`keys_of`) -> canonical column; columns that it does not name are passed over.

    `day_order` reads 03/04/2025 as month or day first; `decimals` is "us" (1,234.50) or "eu" (1.234,50). `statuses`:
    the source's word in small letters -> one of STATUSES; with `status_from_amounts` a row that says none is judged by
    its amounts and denial codes. `payer` pays every claim of a file that names none. `submitted_from` and
    `decided_from` are the columns whose date stands in for a date that is not told; with `undated` a decision needs no
    date. With `lines` rows that follow one another under one claim number are lines of that claim.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    separator: str = ""
    encoding: str = ""
    day_order: str = "mdy"
    decimals: str = "us"
    statuses: Mapping[str, str] = field(default_factory=dict)
    status_from_amounts: bool = False
    payer: str = ""
    submitted_from: str = ""
    decided_from: str = ""
    undated: bool = False
    lines: bool = False

    def lacking(self) -> tuple[str, ...]:
        """What must be known of each claim and is neither mapped nor to be worked out, in the order of the columns."""
        mapped = set(self.columns.values())
        met = {
            "claim_id": "claim_id" in mapped,
            "payer": "payer" in mapped or bool(self.payer),
            "submitted_date": "submitted_date" in mapped or self.submitted_from in mapped,
            "decided_date": "decided_date" in mapped or self.decided_from in mapped or self.undated,
            "status": "status" in mapped or (self.status_from_amounts and "paid" in mapped),
            "billed": "billed" in mapped,
        }
        return tuple(name for name, is_met in met.items() if not is_met)


def title_key(title: str) -> str:
    """A column's title as it is compared: small letters, single spaces."""
    return " ".join(title.strip().strip("\ufeff").lower().split())


def keys_of(titles: Iterable[str]) -> list[str]:
    """A key for each column, unlike every other: its title, "title #2" when that stands twice, "column 4" without."""
    seen: dict[str, int] = {}
    keys = []
    for number, title in enumerate(titles, start=1):
        key = title_key(title) or f"column {number}"
        seen[key] = seen.get(key, 0) + 1
        keys.append(key if seen[key] == 1 else f"{key} #{seen[key]}")
    return keys


def layout_of(titles: Sequence[str]) -> str:
    """The same text for files with the same columns; their order counts only where some lack a title of their own."""
    keys = keys_of(titles)
    own = keys == [title_key(title) for title in titles]
    return "\x1f".join(sorted(keys) if own else keys)


def as_json(profile: Profile) -> dict[str, Any]:
    """The profile as plain values, which `from_json` reads back."""
    return {name: dict(value) if isinstance(value, Mapping) else value for name, value in asdict(profile).items()}


def from_json(values: Mapping[str, Any]) -> Profile:
    """The profile of values that came from outside. Raises Invalid("bad_profile") naming the first that will not do."""
    unknown = set(values) - {item.name for item in fields(Profile)}
    if unknown:
        raise Invalid("bad_profile", f"a mapping has no {sorted(unknown)[0]!r}")
    profile = Profile(**values)
    for name, allowed in CHOICES.items():
        if getattr(profile, name) not in allowed:
            raise Invalid("bad_profile", f"{name} may be {', '.join(map(repr, allowed))}")
    for name in ("status_from_amounts", "undated", "lines"):
        if not isinstance(getattr(profile, name), bool):
            raise Invalid("bad_profile", f"{name} is true or false")
    if not isinstance(profile.payer, str) or len(profile.payer) > MAX_WORD:
        raise Invalid("bad_profile", f"payer is a name of up to {MAX_WORD} letters")
    columns = _words(profile.columns, "columns", MAX_COLUMNS)
    statuses = _words(profile.statuses, "statuses", MAX_WORDS)
    _columns_are_ours(columns)
    if set(statuses.values()) - set(STATUSES):
        raise Invalid("bad_profile", f"a status is one of {', '.join(STATUSES)}")
    plain = {name: getattr(profile, name) for name in CHOICES}
    return Profile(
        columns,
        statuses=statuses,
        status_from_amounts=profile.status_from_amounts,
        payer=profile.payer.strip(),
        undated=profile.undated,
        lines=profile.lines,
        **plain,
    )


def _words(found: Any, name: str, most: int) -> dict[str, str]:
    if not isinstance(found, Mapping) or len(found) > most:
        raise Invalid("bad_profile", f"{name} is an object of at most {most} entries")
    if not all(isinstance(text, str) and len(text) <= MAX_WORD for pair in found.items() for text in pair):
        raise Invalid("bad_profile", f"{name} holds texts of up to {MAX_WORD} letters")
    return {title_key(key): value for key, value in found.items()}


def _columns_are_ours(columns: Mapping[str, str]) -> None:
    for name in columns.values():
        if name not in FIELDS:
            raise Invalid("bad_profile", f"{name!r} is not a column of ours")
        if list(columns.values()).count(name) > 1:
            raise Invalid("column_twice", f"{FIELDS[name].label} is matched to two columns of the file")


CHOICES: Mapping[str, tuple[str, ...]] = {
    "separator": SEPARATORS,
    "encoding": ENCODINGS,
    "day_order": DAY_ORDERS,
    "decimals": DECIMALS,
    "submitted_from": ("", *DATE_COLUMNS),
    "decided_from": ("", *DATE_COLUMNS),
}
