"""Own reports and questions in SQL as programs ask them: the same values as the page, the measures and the files."""

import json
from typing import Any

import pytest

from tests.api.conftest import Caller
from tests.explore.conftest import write_facts
from tests.kpis import world
from upstream.core import tenancy

DEFINITION = {
    "measures": ["denied_dollars", "claims"], "by": ["payer"], "basis": "answer", "first": "2026-01-05",
    "last": "2026-02-22",
}  # fmt: skip


@pytest.fixture
def counted(us: Caller, own_var: object) -> None:
    with tenancy.bind(us.practice.pk):
        world.build()
        write_facts()


def body_of(answer: Any) -> Any:
    return json.loads(answer.content)


def test_a_definition_is_answered_as_the_measures_are(us: Caller, counted: None) -> None:
    table = body_of(us.post("explore/run/", DEFINITION))
    theirs = {one["measure"]: one for one in body_of(us.get("measures/?first=2026-01-05&last=2026-02-22"))["measures"]}
    total = table["total"]["values"][0]
    assert (total["some"], total["of"]) == (121_000, 176_000)
    assert (theirs["denied_dollars"]["numerator"], theirs["denied_dollars"]["denominator"]) == ("1210.00", "1760.00")
    assert float(total["value"]) == pytest.approx(theirs["denied_dollars"]["value"], abs=1e-6)
    assert [line["names"] for line in table["lines"]] == [["Civic Care"], ["Summit Mutual"]]


def test_a_report_is_kept_run_changed_and_deleted(us: Caller, counted: None) -> None:
    kept = body_of(us.post("own-reports/", {"name": "Denied dollars", "definition": DEFINITION}))
    place = f"own-reports/{kept['id']}/"
    assert body_of(us.get(f"{place}table/"))["total"]["values"][0]["some"] == 121_000
    change = {"name": "Claims", "definition": {**DEFINITION, "measures": ["claims"]}, "version": 1}
    assert body_of(us("PUT", place, change))["version"] == 2
    assert us("PUT", place, change).status_code == 409
    assert body_of(us.post(f"{place}delete/", {}))["deleted_at"]
    assert body_of(us.get("own-reports/"))["results"] == []
    assert body_of(us.post(f"{place}restore/", {}))["deleted_at"] is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"measures": ["secrets"]},
        {"measures": ["claims"], "weeks": 13, "by": ["patient"]},
        {"measures": ["claims"], "weeks": 13, "filters": [{"dimension": "payer", "values": ["Nobody"]}]},
        {"measures": ["claims"], "weeks": 13, "filters": [{"dimension": "carc", "values": ["' OR 1=1 --"]}]},
        {"measures": ["claims"], "weeks": 13, "sql": "SELECT 1"},
        {"measures": ["claims"], "weeks": 13, "sort": "claim; DROP VIEW claims"},
        {"measures": ["claims"]},
    ],
)
def test_what_no_definition_says_is_refused(us: Caller, wrong: dict[str, object]) -> None:
    assert us.post("explore/run/", wrong).status_code in {400, 422}


def test_sql_is_answered_within_the_practice(us: Caller, stranger: Caller, counted: None) -> None:
    asked = {"sql": "SELECT payer, count(*) AS n FROM claims GROUP BY 1 ORDER BY 1"}
    assert body_of(us.post("explore/sql/", asked))["rows"] == [["Civic Care", 2], ["Summit Mutual", 8]]
    assert body_of(stranger.post("explore/sql/", asked))["rows"] == []
    refused = us.post("explore/sql/", {"sql": "SELECT * FROM read_text('/etc/passwd')"})
    assert (refused.status_code, body_of(refused)["code"]) == (422, "not_allowed")
