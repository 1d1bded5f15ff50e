"""What a file leaves blank it does not say: the fact that stood before it goes on standing.

SQL expressions over the facts of `staging.FACTS`. A fact that a file has no column for is staged as NULL, one that it
leaves empty as NULL or as an empty text; both say nothing. So at any moment a fact is the latest one that was said of
it by then, in whatever order the files came. What nobody has said reads as DEFAULTS.
"""

from upstream.claims.staging import FACTS

DEFAULTS = {"frequency_code": "'1'", "payer_order": "1", "billed_cents": "0"}
FILLED_LATER = tuple(name for name, kind in FACTS.items() if kind == "text" and name not in DEFAULTS) + (
    "site_id",
    "service_date",
)


def said(alias: str, name: str) -> str:
    """The fact of this row, NULL where the row does not say it."""
    return f"nullif({alias}.{name}, '')" if FACTS[name] == "text" else f"{alias}.{name}"


def first_said(name: str, *aliases: str) -> str:
    """The fact of the first of these rows that says it, else the one that stands for silence."""
    default = DEFAULTS.get(name, "''" if FACTS[name] == "text" else "NULL")
    return f"coalesce({', '.join(said(alias, name) for alias in aliases)}, {default})"


def facts(*aliases: str) -> str:
    """All facts, each of the first of these rows that says it, in the order of FACTS."""
    return ", ".join(first_said(name, *aliases) for name in FACTS)


def fill(alias: str, source: str) -> str:
    """SET list: what this row leaves blank is taken from the source."""
    return ", ".join(f"{name} = {first_said(name, alias, source)}" for name in FILLED_LATER)


def has_blanks_for(alias: str, source: str) -> str:
    """Whether `fill` would change the row."""
    return " OR ".join(f"({said(alias, name)} IS NULL AND {said(source, name)} IS NOT NULL)" for name in FILLED_LATER)
