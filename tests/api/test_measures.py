"""Measures as programs get them: the same values, formulas and reasons as the page."""

import json

from tests.api.conftest import Caller
from tests.kpis import world
from upstream.claims.models import Payer
from upstream.core import tenancy
from upstream.kpis.definitions import BY_KEY

WEEKS = "measures/?first=2026-01-05&last=2026-02-22"


def test_values_carry_everything_that_they_are(us: Caller) -> None:
    with tenancy.bind(us.practice.pk):
        world.build()
        civic = Payer.objects.get(name="Civic Care")
    body = json.loads(us.get(WEEKS).content)
    found = {one["measure"]: one for one in body.pop("measures")}
    assert list(found) == list(BY_KEY)
    assert {name: body[name] for name in ("first", "last", "payer", "method")} == {
        "first": "2026-01-05", "last": "2026-02-22", "payer": None, "method": "kpi-1",
    }  # fmt: skip
    dollars = found["denied_dollars"]
    assert (dollars["numerator"], dollars["denominator"], dollars["n"]) == ("1210.00", "1760.00", 4)
    assert (dollars["basis"], dollars["unit"], dollars["better"]) == ("remit", "share", "lower")
    assert dollars["formula"] == BY_KEY["denied_dollars"].formula
    assert (found["write_off_rate"]["value"], found["write_off_rate"]["unknown"][:12]) == (None, "no file that")
    alone = json.loads(us.get(f"{WEEKS}&payer={civic.public_id}").content)
    assert alone["payer"] == {"id": str(civic.public_id), "name": "Civic Care"}
    assert alone["measures"][1]["numerator"] == "1"


def test_what_cannot_be_asked_is_refused(us: Caller, stranger: Caller) -> None:
    assert us.get("measures/?first=2026-02-02&last=2026-01-05").status_code == 422
    assert us.get("measures/?first=soon").status_code == 400
    with tenancy.bind(stranger.practice.pk):
        theirs = Payer.objects.create(name="Theirs", name_key="THEIRS")
    assert us.get(f"measures/?payer={theirs.public_id}").status_code == 404


def test_the_claims_behind_a_measure_add_up_to_it(us: Caller, stranger: Caller) -> None:
    with tenancy.bind(us.practice.pk):
        world.build()
    query = WEEKS.replace("measures/", "measures/claims/")
    body = json.loads(us.get(f"{query}&measure=denied_dollars").content)
    assert (body["measure"]["numerator"], body["next_page"], body["sites"]) == ("1210.00", None, [])
    assert sorted(one["counted"] for one in body["results"]) == ["100.00", "150.00", "60.00", "900.00"]
    rate = json.loads(us.get(f"{query}&measure=denial_rate_remitted").content)
    assert [(site["numerator"], site["denominator"]) for site in rate["sites"]] == [("3", "9")]
    assert json.loads(stranger.get(f"{query}&measure=denied_dollars").content)["results"] == []
    assert us.get(f"{query}&measure=cash_lag").status_code == 400
