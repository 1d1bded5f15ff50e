"""The ways through the portal: three places that people go to daily, and the rest in groups."""

from collections.abc import Iterator
from dataclasses import dataclass

from upstream.tenants.choices import Right


@dataclass(frozen=True, slots=True)
class Way:
    """One entry: `home` is the name of its page, `pages` how the names begin of those that belong to it."""

    label: str
    home: str
    icon: str
    pages: tuple[str, ...]
    right: Right = Right.READ


@dataclass(frozen=True, slots=True)
class Place:
    """An entry as one page shows it."""

    way: Way
    here: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one word; those without stand in the row themselves."""

    label: str
    places: tuple[Place, ...]

    @property
    def here(self) -> bool:
        return any(place.here for place in self.places)


WAYS: tuple[tuple[str, tuple[Way, ...]], ...] = (
    (
        "",
        (
            Way("Today", "today", "home", ("today", "trouble")),
            Way("Incidents", "incidents", "inbox", ("incident", "claim")),
            Way("Worklist", "worklist", "list", ("worklist", "item", "act_")),
        ),
    ),
    (
        "Follow-up",
        (
            Way("Letters", "letters", "letter", ("letter", "template", "packet")),
            Way("My patients", "panel", "person", ("panel",)),
            Way("Authorizations", "register", "shield", ("register", "authorization_", "time_take_back")),
        ),
    ),
    (
        "Insight",
        (
            Way("Week", "week", "week", ("week",)),
            Way(
                "Payers",
                "payers",
                "payer",
                ("payer", "name_", "decision", "contract", "modifier_", "load_", "underpaid", "short"),
            ),
            Way("Measures", "measures", "gauge", ("measure",)),
            Way("Next four weeks", "forecast", "trend", ("forecast",)),
            Way("Reports", "reports", "report", ("report", "definition")),
            Way("Own reports", "explore", "columns", ("explore", "own", "sql", "question")),
            Way("Recovered", "recovered", "coins", ("recovered",)),
            Way("What we would have caught", "replays", "rewind", ("replay",)),
            Way("How well we do", "outcomes", "check", ("outcome",)),
            Way("Method", "methods", "columns", ("method",)),
        ),
    ),
    (
        "Data",
        (
            Way("Files", "data", "data", ("data", "batch", "upload", "rejection", "code", "claims_")),
            Way("Mappings", "mappings", "columns", ("mapping",)),
            Way("Data quality", "quality", "warning", ("quality", "finding")),
            Way("Reconciliation", "reconciliation", "scale", ("reconciliation", "ledger", "deposits")),
            Way("Told by payers", "authorizations", "chat", ("authorizations", "coverages")),
            Way("Sources", "sources", "plug", ("source",), Right.CONNECT),
        ),
    ),
    (
        "Practice",
        (
            Way(
                "My account",
                "account",
                "shield",
                ("account", "confirm", "second_", "factor_", "codes_of_recovery", "drafts"),
            ),
            Way("Settings", "settings", "gear", ("settings", "money", "quiet", "letterhead", "client")),
            Way("Who is told", "routing", "tell", ("routing", "rule", "rota", "mute", "window")),
            Way("Channels", "channels", "bell", ("channel",), Right.CONNECT),
            Way("Calendar", "calendar", "calendar", ("calendar", "event")),
            Way("People", "people", "people", ("people",), Right.ADMINISTER),
            Way("Audit", "access_log", "eye", ("access_log", "audit"), Right.AUDIT),
        ),
    ),
)


# What our staff can switch off for a practice: entries by their home, which nothing else depends on.
SWITCHES = {"letters": "Letters", "register": "Authorizations", "measures": "Measures", "channels": "Channels"}


def navigation(page: str, rights: frozenset[str], off: frozenset[str] = frozenset()) -> list[Group]:
    """What may be opened with these rights and is not switched off, and where `page` (the name of an address) is."""
    here = _way_of(page)
    groups = [(label, [w for w in ways if w.right in rights and w.home not in off]) for label, ways in WAYS]
    return [Group(label, tuple(Place(way, way is here) for way in ways)) for label, ways in groups if ways]


def ways_for(rights: frozenset[str]) -> Iterator[Way]:
    """Every entry that may be opened with these rights."""
    return (way for _, ways in WAYS for way in ways if way.right in rights)


def is_switched_off(page: str, off: list[str]) -> bool:
    """Whether this page, by the name of its address, belongs to an entry that is off for the practice."""
    way = _way_of(page) if off else None
    return way is not None and way.home in off and way.home in SWITCHES


def _way_of(page: str) -> Way | None:
    """The entry whose pages' common beginning fits longest."""
    fits = [(len(start), way) for _, ways in WAYS for way in ways for start in way.pages if page.startswith(start)]
    return max(fits, key=lambda fit: fit[0], default=(0, None))[1]
