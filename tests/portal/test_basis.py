"""What an incident's figures rest on stands beside them: which claims, as of when, how far decided, by which method."""

from typing import Any

import pytest
from django.test import Client

from tests.factories import findings
from tests.portal.conftest import Practice, words_of

DECIDED = "First answers known since the week of 2 February, as known at the end of 1 March 2026."
WAITING = "Claims that wait for their first answer, as known at the end of 1 March 2026."


@pytest.mark.parametrize(
    ("metric", "finding", "said"),
    [
        ("denial_rate", {}, f"{DECIDED} 72% of the 129 claims submitted since then are decided; the chart estimates"),
        (
            "denial_rate", {"clock": "submission"},
            "First answers to claims submitted since the week of 2 February, as known at the end of 1 March 2026.",
        ),
        ("payment_delay", {"family": "delay"}, f"{WAITING} 55% of the 31 claims old enough to have"),
        ("silent_claims", {"family": "silence"}, f"{WAITING} 55% of the 31 claims old enough"),
        ("underpayment", {"family": "underpayment"}, f"{DECIDED} Claims without an answer are not in these figures"),
    ],
)  # fmt: skip
def test_the_page_says_what_its_figures_rest_on(
    manager: Client, practice: Practice, metric: str, finding: dict[str, Any], said: str
) -> None:
    with practice.bound():
        kept = {**findings.FINDING, **finding}
        kept["tracked"] = {**kept["tracked"], "run": practice.run.pk}
        incident = findings.incident(practice.payer, practice.run, metric=metric, finding=kept)
    page = words_of(manager, f"/portal/incidents/{incident.public_id}/")
    assert said in page
    assert f"Method {practice.run.method}." in page
