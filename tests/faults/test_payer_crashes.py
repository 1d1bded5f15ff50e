"""Killed while claims are moved to another payer: nothing is half there, and whoever comes next ends it."""

import pytest
from django.db import transaction

from tests import factories
from tests.factories.worlds import recount
from tests.faults.commands import KILLED, begin, ended
from upstream.claims import payer_decisions
from upstream.claims.models import Claim, Payer, PayerMove, PayerWeek
from upstream.core import tenancy

pytestmark = pytest.mark.django_db(transaction=True)


def standing(practice: int) -> tuple[list[str], list[tuple[str, int]], str]:
    with tenancy.bind(practice), transaction.atomic():
        claims = sorted(Claim.objects.values_list("payer__name", flat=True))
        cells = sorted(PayerWeek.objects.filter(outcome=0).values_list("payer__name", "claims"))
        return claims, cells, PayerMove.objects.get().state


def test_a_kill_before_the_commit_leaves_all_as_it_was_and_is_made_up_for() -> None:
    practice = factories.organization("calm")
    with tenancy.bind(practice.pk), transaction.atomic():
        small, large = factories.payer("Summit"), factories.payer("Summit Mutual")
        for of in (small, small, large):
            factories.claim(of)
        recount(practice)
        payer_decisions.same_payer(Payer.objects.get(pk=small.pk), large, actor="command:test")
    work = ("work", "--once", "--tenant", "calm")
    ended(begin(*work, UPSTREAM_CRASH_AT="before_payer_move_commit"), KILLED)
    assert standing(practice.pk) == (
        ["Summit", "Summit", "Summit Mutual"], [("Summit", 2), ("Summit Mutual", 1)], "waiting",
    )  # fmt: skip
    ended(begin(*work))
    assert standing(practice.pk) == (["Summit Mutual"] * 3, [("Summit Mutual", 3)], "done")
