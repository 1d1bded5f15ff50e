"""A person's deadlines as a calendar (RFC 5545), for whoever holds the address: counts, money and links alone."""

import secrets
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from icalendar import Calendar, Event, vDuration

from upstream.core import clock, tenancy
from upstream.core.errors import NotAllowed
from upstream.core.money import show_dollars
from upstream.tenants.models import Membership, Organization
from upstream.tenants.queries import bound_organization
from upstream.tenants.services import hash_secret
from upstream.worklist.models import Feed
from upstream.worklist.queries import FeedDay, feed_days

AHEAD = timedelta(days=180)
LINK = "/portal/worklist/"


@transaction.atomic
def make_feed(member: Membership, *, everybody: bool = False) -> tuple[Feed, str]:
    """The member's feed and its key, which is not kept; an earlier feed of the member is dead from now on."""
    revoke_feed(member)
    key = secrets.token_urlsafe(32)
    feed: Feed = Feed.objects.create(
        member=member, key_hash=hash_secret(key), everybody=everybody, made_at=clock.now()
    )  # fmt: skip
    return feed, f"{bound_organization().public_id.hex}.{key}"


def revoke_feed(member: Membership) -> int:
    """The member's address answers nobody any more; how many were alive."""
    alive: int = Feed.objects.filter(member=member, revoked_at=None).update(revoked_at=clock.now())
    return alive


def practice_of_key(key: str) -> tuple[Organization, str]:
    """The practice that a key names, and the key's own part; NotAllowed("bad_key") when it names none."""
    prefix, _, own = key.partition(".")
    try:
        public_id = uuid.UUID(hex=prefix)
    except ValueError as exc:
        raise _unknown() from exc
    with tenancy.directory(), transaction.atomic():
        found = Organization.objects.filter(public_id=public_id).first()
    if found is None or not own:
        raise _unknown()
    return found, own


@transaction.atomic
def calendar_of(key: str) -> bytes:
    """The calendar behind the key's own part, in the bound practice; the same bytes while nothing changed.

    NotAllowed("bad_key") for one that is unknown or revoked, or whose person is no active member any more.
    """
    feed = Feed.objects.select_related("member__user").filter(key_hash=hash_secret(key), revoked_at=None).first()
    if feed is None or "read" not in feed.member.rights or not feed.member.user.is_active:
        raise _unknown()
    Feed.objects.filter(pk=feed.pk).update(read_at=clock.now())
    practice = bound_organization()
    today = clock.today(practice.time_zone)
    made = Calendar()
    made.add("prodid", "-//Upstream//Deadlines of denied claims//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", f"Denials due, {practice.name}")
    made.add("refresh-interval", vDuration(timedelta(hours=6)), parameters={"VALUE": "DURATION"})
    for day in feed_days(feed, today, today + AHEAD):
        made.add_component(_event(feed, day))
    return bytes(made.to_ical())


def _event(feed: Feed, day: FeedDay) -> Event:
    """One whole day, known by feed and date however its contents change."""
    claims = "1 denial" if day.claims == 1 else f"{day.claims:,} denials"
    link = f"{settings.PORTAL_BASE_URL}{LINK}?on={day.day.isoformat()}" + ("" if feed.everybody else "&whose=mine")
    event = Event()
    event.add("uid", f"{day.day.isoformat()}.{feed.public_id}@upstream")
    event.add("dtstamp", day.changed_at)
    event.add("dtstart", day.day)
    event.add("dtend", day.day + timedelta(days=1))
    event.add("summary", f"{claims} to answer, {show_dollars(day.recovery_cents, whole=True)} expected back")
    first = day.first_deadline
    event.add("description", f"The payers' first deadline among them is {first.day} {first:%B %Y}.\n{link}")
    event.add("url", link)
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event


def _unknown() -> NotAllowed:
    return NotAllowed("bad_key", "this calendar address is not in use")
