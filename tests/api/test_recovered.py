"""The value ledger over the API: months, and the lines that add up to them."""

import json
from datetime import date
from decimal import Decimal

from tests.alerts.test_ledger import answer, denied
from tests.api.conftest import Caller, rows_of, told
from tests.factories import NOON, findings, payer
from upstream.alerts import ledger
from upstream.core import tenancy


def test_months_and_lines_say_the_same_to_the_cent(us: Caller) -> None:
    with tenancy.bind(us.practice.pk):
        summit = payer("Summit Mutual")
        incident = findings.incident(summit, findings.run(), first_as_of=date(2026, 2, 1))
        lost = [denied(summit, decision_known_at=NOON.replace(month=1)) for _ in range(2)]
        findings.behind(incident, *lost)
        incident.members.update(lost_cents=30_000)
        paid = answer(lost[0], date(2026, 2, 10), 36_000)
        answer(lost[1], date(2026, 3, 10), 12_345)
        ledger.settle()
    months = rows_of(us.get("recovered/"))
    assert months == [
        {"month": "2026-02-01", "paid": "360.00", "recovered": "300.00", "avoided": "0.00"},
        {"month": "2026-03-01", "paid": "123.45", "recovered": "123.45", "avoided": "0.00"},
    ]
    lines = rows_of(us.get(f"recovered/lines/?incident={incident.public_id}"))
    assert sum(Decimal(line["counted"]) for line in lines) == sum(Decimal(month["recovered"]) for month in months)
    assert (lines[0]["claim"], lines[0]["check_number"], lines[0]["kind"], lines[0]["day"]) == (
        str(lost[0].public_id), paid.check_number, "recovered", "2026-02-10",
    )  # fmt: skip
    assert len(rows_of(us.get("recovered/lines/?first=2026-03-01"))) == 1
    assert rows_of(us.get("recovered/?last=2026-02-01")) == []
    assert told(us.get("recovered/lines/?month=x"))["code"] == "invalid"
    assert json.loads(us.get("recovered/lines/?page_size=1").content)["next"]
