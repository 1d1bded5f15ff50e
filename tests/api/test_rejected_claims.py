"""Claims turned away before adjudication, which is no denial."""

import json

from tests import factories
from tests.api.conftest import Caller, rows_of
from tests.ingestion.told import status, tell
from upstream.claims.choices import Outcome
from upstream.core import tenancy


def test_claims_turned_away_before_adjudication_can_be_asked_for(us: Caller) -> None:
    with tenancy.bind(us.practice.pk):
        summit = factories.payer("Summit Mutual")
        factories.claim(summit, "C0")
        waiting = factories.claim(summit, "C1", outcome=Outcome.PENDING)
        tell(status("C1", "A7", status_code="21"), status("C0", "A2"))
    assert [row["id"] for row in rows_of(us.get("claims/?rejected=true"))] == [str(waiting.public_id)]
    (_, event) = json.loads(us.get(f"claims/{waiting.public_id}/").content)["events"]
    assert event["status"] == {
        "stage": "acknowledgement", "rejected": True, "category_code": "A7", "status_code": "21", "entity_code": "",
        "further_codes": "", "line": 0,
    }  # fmt: skip
