"""Mutes and planned work: what is not told for a while, by whom, why and until when. Each can be taken back."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from upstream.core import clock
from upstream.core.db.versions import edit
from upstream.core.errors import Conflict, Invalid
from upstream.core.stages import nudge
from upstream.routing import queries, scopes
from upstream.routing.choices import NoticeState
from upstream.routing.models import Mute, Notice, Window

LONGEST_MUTE, LONGEST_WINDOW = timedelta(days=366), timedelta(days=14)
MOST_MUTES = 100


@transaction.atomic
def add_mute(*, scope: Mapping[str, Any], reason: str, expires_at: datetime, actor: str) -> Mute:
    """Nobody is told of incidents of this scope until then; they are listed all the same and say so.

    Invalid without a reason, for an end that has passed or lies more than a year ahead, or for a scope that is empty.
    """
    now, values = clock.now(), scopes.checked(scope)
    if not any(values.values()):
        raise Invalid("scope", "say which incidents are meant: a mute of everything would hide what you are here for")
    if not reason.strip():
        raise Invalid("reason", "say why, for those who find an incident muted")
    if not now < expires_at <= now + LONGEST_MUTE:
        raise Invalid("expires_at", "a mute ends some day from tomorrow on, within a year")
    if len(queries.mutes_at(now)) >= MOST_MUTES:
        raise Invalid("scope", f"at most {MOST_MUTES} mutes hold at a time; end one first")
    made: Mute = Mute.objects.create(
        **values, reason=reason.strip()[:300], author=actor[:80], made_at=now, expires_at=expires_at
    )
    return made


@transaction.atomic
def end_mute(mute: Mute, *, version: int, actor: str) -> Mute:
    """It keeps nothing quiet any more, and what it kept quiet and is still open is told now.

    Conflict when it is over already or was changed meanwhile.
    """
    if not mute.holds_at(clock.now()):
        raise Conflict("not_a_move", "this mute is over already")
    ended = edit(mute, version=version, values={"ended_at": clock.now(), "ended_by": actor[:80]}, labels={})
    nudge()
    return ended


@transaction.atomic
def put_mute_back(mute: Mute, *, version: int) -> Mute:
    """The taking back is undone: it holds until its end again. Conflict when that has passed or it holds."""
    if mute.ended_at is None or mute.expires_at <= clock.now():
        raise Conflict("not_a_move", "this mute was not taken back, or its time is over")
    return edit(mute, version=version, values={"ended_at": None, "ended_by": ""}, labels={})


@transaction.atomic
def plan_work(*, name: str, reason: str, starts_at: datetime, ends_at: datetime, actor: str) -> Window:
    """Telling is held between these times, and what was held is told together afterwards.

    Invalid without a name, for times that end before they begin or have passed, or longer than two weeks.
    """
    name = " ".join(name.split())
    if not name or len(name) > 80:
        raise Invalid("name", "planned work needs a name of at most 80 letters")
    if not starts_at < ends_at or ends_at <= clock.now():
        raise Invalid("ends_at", "planned work ends after it begins, and not in the past")
    if ends_at - starts_at > LONGEST_WINDOW:
        raise Invalid("ends_at", f"at most {LONGEST_WINDOW.days} days")
    made: Window = Window.objects.create(
        name=name, reason=reason.strip()[:300], author=actor[:80], starts_at=starts_at, ends_at=ends_at
    )
    return made


@transaction.atomic
def end_work(window: Window, *, version: int, actor: str) -> Window:
    """The planned work is over now, or will not be; what it held is told now. Conflict when it was over already."""
    now = clock.now()
    if window.ends_at <= now:
        raise Conflict("not_a_move", "this work is over already")
    values = {
        "ends_at": now, "starts_at": min(window.starts_at, now), "ended_by": actor[:80],
        "planned_from": window.starts_at, "planned_until": window.ends_at,
    }  # fmt: skip
    ended = edit(window, version=version, values=values, labels={})
    held = Notice.objects.filter(window=window, state__in=(NoticeState.HELD, NoticeState.DIGEST))
    held.update(due_at=now)
    nudge()
    return ended


@transaction.atomic
def put_work_back(window: Window, *, version: int) -> Window:
    """The ending is undone: telling is held until the end that was planned; what was told meanwhile stays told.

    Conflict when it was not ended before its time, or that time is over.
    """
    if not window.may_go_on(clock.now()):
        raise Conflict("not_a_move", "this work was not ended, or its time is over")
    values = {
        "starts_at": window.planned_from, "ends_at": window.planned_until, "planned_from": None, "planned_until": None,
        "ended_by": "",
    }  # fmt: skip
    return edit(window, version=version, values=values, labels={})
