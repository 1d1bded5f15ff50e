"""Which version of the method is in force, and its change by a person."""

from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from upstream.core import clock
from upstream.core.errors import Conflict
from upstream.detection.methods import BY_NAME, NEWEST, Method, named
from upstream.detection.models import DetectionRun, MethodChoice
from upstream.tenants.queries import bound_organization


def choices() -> QuerySet[MethodChoice]:
    """Every choice that was made, the newest first."""
    return MethodChoice.objects.order_by("-pk")


def standing() -> QuerySet[MethodChoice]:
    """Those that were not taken back, the one that begins last first."""
    return MethodChoice.objects.filter(undone_at=None).order_by("-valid_from", "-pk")


def method_on(day: date) -> Method:
    """The version in force: the chosen one, else that of the newest run, so that an update of the software changes
    nothing unasked; the newest version for a practice that was never looked at."""
    choice = standing().filter(valid_from__lte=day).first()
    if choice is not None:
        return named(choice.method)
    last = DetectionRun.objects.filter(method__in=BY_NAME).order_by("-pk").values_list("method", flat=True).first()
    return named(last) if last else NEWEST


@transaction.atomic
def choose(name: str, *, actor: str, valid_from: date | None = None) -> MethodChoice:
    """From the day on, today by default, this version is in force.

    Invalid for an unknown one; Conflict for the one that is in force then, or for a day that has passed.
    """
    method, today = named(name), clock.today(bound_organization().time_zone)
    day = valid_from or today
    if day < today:
        raise Conflict("day_passed", "what was found on past days stays what it was: choose today or a later day")
    if method_on(day) == method:
        raise Conflict("in_force", f"{name} is in force then already")
    made: MethodChoice = MethodChoice.objects.create(
        method=name, valid_from=day, chosen_by=actor[:80], chosen_at=clock.now()
    )
    return made


@transaction.atomic
def undo(*, actor: str) -> MethodChoice:
    """The newest choice that stands is taken back; Conflict when there is none."""
    last: MethodChoice | None = MethodChoice.objects.filter(undone_at=None).order_by("-pk").first()
    if last is None:
        raise Conflict("nothing_chosen", "no method was chosen that could be taken back")
    last.undone_by, last.undone_at = actor[:80], clock.now()
    last.save(update_fields=["undone_by", "undone_at"])
    return last
