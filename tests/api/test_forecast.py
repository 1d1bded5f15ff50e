"""The next four weeks as programs get them: the same amounts as the page, to the cent."""

import json

from tests.api.conftest import Caller
from tests.factories import payer
from tests.factories.ahead import forecasts
from upstream.core import tenancy


def test_what_is_expected_and_how_right_we_were(us: Caller, stranger: Caller) -> None:
    with tenancy.bind(us.practice.pk):
        civic = payer("Civic Care")
        forecasts([payer("Summit Mutual"), civic], year=True)
    body = json.loads(us.get("forecast/").content)
    assert (body["as_of"], body["method"], body["total"]["payer"]) == ("2026-02-22", "forecast-2", None)
    assert body["total"]["four_weeks"] == {
        "first": "2026-02-23", "last": "2026-03-22",
        "cash": {"low": "64000.00", "expected": "80000.00", "high": "100000.00"},
        "denials": {"low": 32.0, "expected": 48.0, "high": 64.0},
    }  # fmt: skip
    line = body["payers"][0]
    assert line["payer"] == {"id": str(civic.public_id), "name": "Civic Care"}
    assert [week["first"] for week in line["weeks"]] == ["2026-02-23", "2026-03-02", "2026-03-09", "2026-03-16"]
    assert (line["cash_so_far"], line["denials_so_far"]) == ("2500.00", 1)
    assert (len(line["past"]), line["past"][-1]["cash_came"]) == (5, "11000.00")
    assert line["cash_right"] is None
    assert json.loads(us.get(f"forecast/?payer={civic.public_id}").content)["payers"] == [line]
    assert us.get("forecast/?payer=x").status_code == 400
    assert stranger.get(f"forecast/?payer={civic.public_id}").status_code == 404
    assert json.loads(stranger.get("forecast/").content) == {
        "as_of": None, "made_at": None, "method": None, "total": None, "payers": [],
    }  # fmt: skip
