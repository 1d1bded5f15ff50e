"""What a report can be about where its kind is about one thing."""

from collections.abc import Callable
from uuid import UUID

from upstream.alerts.models import Incident
from upstream.claims.models import Payer
from upstream.core.errors import Invalid
from upstream.explore.queries import shared_report, shared_reports
from upstream.reports.kinds import Kind

MOST_INCIDENTS = 200
Things = list[tuple[str, str]]


def things(kind: Kind) -> Things:
    """Public ids and names of what a report of this kind can be about; none where it needs nothing."""
    listed = LISTS.get(kind.period)
    return listed() if listed else []


def name_of(kind: Kind, about: str) -> str:
    """What the report is about, by name; "" for nothing, or for what is not there any more."""
    named = NAMES.get(kind.period)
    return named(UUID(about)) if named and about else ""


def check(kind: Kind, about: str) -> str:
    """The public id as it is kept; Invalid("about") when the kind needs one that is not there, or needs none."""
    if not kind.about_one:
        if about:
            raise Invalid("about", "this report is about nothing in particular")
        return ""
    try:
        found = name_of(kind, about) if about else ""
    except ValueError:
        found = ""
    if not found:
        raise Invalid("about", f"name the {kind.about_words} that this report is about")
    return str(UUID(about))


def _payers() -> Things:
    rows = Payer.objects.filter(counted_with=None).order_by("name").values_list("public_id", "name")
    return [(str(public_id), name) for public_id, name in rows]


def _incidents() -> Things:
    rows = Incident.objects.order_by("-opened_at", "-pk").values_list("public_id", "title")[:MOST_INCIDENTS]
    return [(str(public_id), title) for public_id, title in rows]


def _payer(about: UUID) -> str:
    return Payer.objects.filter(public_id=about).values_list("name", flat=True).first() or ""


def _incident(about: UUID) -> str:
    return Incident.objects.filter(public_id=about).values_list("title", flat=True).first() or ""


def _own_reports() -> Things:
    return [(str(public_id), name) for public_id, name in shared_reports().values_list("public_id", "name")]


def _own(about: UUID) -> str:
    found = shared_report(about)
    return found.name if found else ""


LISTS: dict[str, Callable[[], Things]] = {"payer": _payers, "incident": _incidents, "own": _own_reports}
NAMES: dict[str, Callable[[UUID], str]] = {"payer": _payer, "incident": _incident, "own": _own}
