"""What the practice and its people say about being disturbed."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction

from upstream.core.db.versions import edit
from upstream.core.errors import Invalid
from upstream.routing.models import Policy, Preference
from upstream.routing.rules import NOT_TOLD, SEVERITIES
from upstream.tenants.models import Membership

MOST_A_WEEK, LONGEST_COALESCED = 500, 90
LABELS = {
    "weekly_budget": "interruptions a week", "at_once_from": "at once from", "digest_from": "in the digest from",
    "digest_at": "time of the digest", "coalesce_days": "days in which the same is not told again",
    "quiet_from": "start of quiet hours", "quiet_until": "end of quiet hours", "quiet_days": "quiet days",
    "critical_any_time": "critical ones at any time", "office_from": "start of work", "office_until": "end of work",
    "office_days": "days of work", "learns": "learning from verdicts", "zone": "time zone",
    "digest_only": "daily digest alone",
}  # fmt: skip


@transaction.atomic
def save_policy(*, version: int, values: Mapping[str, Any]) -> Policy:
    """The practice wants to be told like this from now on. Invalid names the field; Conflict for an older version.

    `version` is that of `queries.policy()`; `values` names columns of Policy.
    """
    _check_quiet(values)
    _check_policy(values)
    return edit(Policy.objects.get_or_create()[0], version=version, values=values, labels=LABELS)


@transaction.atomic
def save_preference(member: Membership, *, version: int, values: Mapping[str, Any]) -> Preference:
    """The member wants to be told like this from now on. Invalid names the field; Conflict for an older version."""
    _check_quiet(values)
    if values["zone"]:
        try:
            ZoneInfo(values["zone"])
        except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
            raise Invalid("zone", f"there is no time zone {values['zone']!r}") from exc
    row = Preference.objects.get_or_create(member=member)[0]
    return edit(row, version=version, values=values, labels=LABELS)


def _check_quiet(values: Mapping[str, Any]) -> None:
    start, end = values.get("quiet_from"), values.get("quiet_until")
    if (start is None) != (end is None):
        raise Invalid("quiet_until", "quiet hours need a start and an end, or neither")
    if start is not None and start == end:
        raise Invalid("quiet_until", "quiet hours that begin and end at the same time would never end")
    _check_days("quiet_days", values.get("quiet_days", []), most=6)


def _check_days(name: str, days: Any, *, most: int = 7) -> None:
    if not set(days) <= set(range(7)) or len(set(days)) > most:
        raise Invalid(name, "choose days of the week, and leave at least one")


def _check_policy(values: Mapping[str, Any]) -> None:
    budget = values["weekly_budget"]
    if budget is not None and not 0 <= budget <= MOST_A_WEEK:
        raise Invalid("weekly_budget", f"between 0 and {MOST_A_WEEK} a week, or none for no limit")
    if values["at_once_from"] not in SEVERITIES:
        raise Invalid("at_once_from", "there is no such severity")
    if values["digest_from"] not in (*SEVERITIES, NOT_TOLD):
        raise Invalid("digest_from", "there is no such severity")
    if not 0 <= values["coalesce_days"] <= LONGEST_COALESCED:
        raise Invalid("coalesce_days", f"between 0 and {LONGEST_COALESCED} days")
    if values["office_from"] >= values["office_until"]:
        raise Invalid("office_until", "work must end after it begins")
    _check_days("office_days", values["office_days"])
    if not values["office_days"]:
        raise Invalid("office_days", "choose at least one day of work")
