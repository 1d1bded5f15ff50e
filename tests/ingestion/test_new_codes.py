"""Codes that no map has are told, counted once, and can be given a meaning by the practice."""

from datetime import UTC, date, datetime

import pytest

from tests.ingestion.world import load, x12
from upstream.claims.models import CarcOverride, Claim, NewCode
from upstream.claims.queries import new_codes
from upstream.claims.services import carc_map, set_meaning
from upstream.core.errors import Invalid

pytestmark = pytest.mark.usefixtures("practice")
ODD = "CLP*C1*1*100*0**12*ICN1*11~DTM*232*20260227~SVC*HC:99213*100*0**1~CAS*CO*979*100"
AGAIN = ODD.replace("C1*", "C2*")


def test_a_new_code_is_noticed_and_listed_with_its_payer():
    batch = load(x12(ODD, amount="0"), known_at=datetime(2026, 3, 20, tzinfo=UTC))
    assert batch.notices == {"new_code": 1}
    assert (Claim.objects.get().outcome, Claim.objects.get().denial_category) == (2, "UNSPEC")
    load(x12(AGAIN, amount="0", check="CHK2"), known_at=datetime(2026, 3, 13, tzinfo=UTC))
    load(x12(ODD, amount="0", control="000000009"))
    (code,) = new_codes()
    assert (code.carc, code.payer.name, code.times, code.meaning) == ("979", "SUMMIT MUTUAL", 2, None)
    assert (code.first_seen_at.day, code.last_seen_at.day) == (13, 20)


def test_a_meaning_given_by_the_practice_holds_from_then_on_with_who_said_why():
    load(x12(ODD, amount="0"))
    set_meaning(carc="979", category="AUTH", reason="bulletin of 1 March", actor="user:1", day=date(2026, 3, 1))
    load(x12(AGAIN, amount="0", check="CHK2"))
    assert set(Claim.objects.values_list("denial_category", flat=True)) == {"UNSPEC", "AUTH"}
    said = CarcOverride.objects.get()
    assert (said.author, said.reason, said.adjustment_class) == ("user:1", "bulletin of 1 March", "DENIAL")
    assert new_codes().get().meaning == "AUTH"
    assert not carc_map(date(2026, 2, 1)).knows("979")


def test_a_code_that_the_practice_calls_the_contracts_is_no_denial():
    set_meaning(carc="979", category="CONTRACT", reason="contract", actor="user:1", day=date(2026, 3, 1))
    load(x12(ODD, amount="0"))
    assert Claim.objects.get().outcome == 4


@pytest.mark.parametrize(
    "wrong", [{"carc": "x; --"}, {"category": "DENIAL"}, {"category": "nonsense"}, {"reason": "  "}]
)
def test_a_meaning_is_a_known_one_for_a_code_and_a_reason(wrong):
    right = {"carc": "979", "category": "AUTH", "reason": "bulletin"}
    with pytest.raises(Invalid):
        set_meaning(**{**right, **wrong}, actor="user:1", day=date(2026, 3, 1))


def test_known_codes_are_no_news():
    batch = load(x12(ODD.replace("979", "197"), amount="0"))
    assert (batch.notices, NewCode.objects.count()) == ({}, 0)
