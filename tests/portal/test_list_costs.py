"""What each list asks the database: as much for three rows as for one, and never who a patient is."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import (
    batch,
    claim,
    decision,
    denials,
    endpoint,
    entry,
    findings,
    letters,
    match,
    member,
    payer,
    prices,
    quality,
    rejection,
    source,
    trouble,
    weeks,
)
from tests.factories.exploring import own_report, sql_question
from tests.factories.telling import one_of_each
from tests.ingestion.told import coverage, tell
from tests.portal.conftest import Practice, browser_of
from tests.portal.test_markup import PAGES
from upstream.alerts.models import Incident
from upstream.audit.services import record_access
from upstream.claims.choices import Outcome
from upstream.claims.models import Payer
from upstream.tenants.choices import Role
from upstream.tenants.people import set_provider
from upstream.tenants.saved_views import save_view
from upstream.worklist import services as worklist

NPI = "1999999984"
# Tables and columns that say who a patient is; pages show them on demand, and each look is written down.
PHI = re.compile(
    r'"claims_(?:patient|claimidentity)"|"sealed_identity"|"claims_(?:authorization|coverage|claimstatus)"\."sealed"'
)
QUERIES = {
    "access_log": 25, "access_log_record": 19,
    "account": 21, "audit_changes": 21, "authorization_decisions": 21, "authorization_risks":
    22, "authorization_times": 21, "authorizations": 21, "calendar": 23, "channels": 20, "claims_rejected": 19,
    "claims_silent": 20, "claims_unmatched": 19, "clients": 19, "codes": 20, "coverages": 21, "data": 24,
    "definition_add": 19,
    "explore": 21, "explore_build": 31, "forecast": 20, "incidents": 25, "ledger": 25, "letterhead": 20,
    "letters": 21, "letters_outcomes": 19, "mappings": 19, "measures": 53, "methods": 21, "money": 19,
    "mute_add": 20, "mute_list": 20, "notices": 20, "outcomes": 21, "panel": 24, "panel_providers": 19,
    "payers": 33, "people": 21, "practices": 21, "quality": 24, "quality_limits": 19, "quiet": 20,
    "reconciliation": 28, "reconciliation_payments": 21, "recovered": 22, "recovered_lines": 20, "register": 21,
    "replays": 20, "report_keeping": 19, "reports": 24, "rota_add": 19, "routing": 29, "routing_learned": 20,
    "routing_log": 19, "routing_policy": 19, "rule_add": 29, "search": 18, "settings": 25, "sources": 19, "sql":
    24, "template_shipped": 18, "templates": 21, "today": 31, "trouble_limits": 19, "troubles": 22, "underpaid":
    25, "week": 38, "window_add": 18, "worklist": 26, "worklist_calendar": 19,
}  # fmt: skip
# What asks for a password or a measure first, or holds a form alone.
NO_LISTS = {
    "login", "forgot", "password", "confirm", "account_password", "second_step", "second_factor", "factor_app",
    "factor_passkey", "codes_of_recovery", "drafts", "measure_behind",
}  # fmt: skip


def _of_a_payer(practice: Practice, of: Payer) -> None:
    """One of everything that a payer has."""
    file, run = batch(), practice.run
    findings.baseline(run, of)
    made: Incident = findings.incident(of, run)
    findings.incident(of, run, state="resolved", outcome="payer_change")
    findings.behind(made, claim(of, batch_id=file.pk, rendering_npi=NPI))
    claim(of, outcome=Outcome.PENDING, decided_date=None, decision_known_at=None)
    denials.item(of, claim=claim(of, outcome=Outcome.DENIED, rendering_npi=NPI), category="DOC")
    weeks.remittance(of, batch_id=file.pk, position=3)
    quality.finding(file, of)
    quality.score(file, of)
    rejection(file)
    match(of)
    decision(of)
    entry(of, provider_npi=NPI)
    tell(coverage(payer_name=of.name))
    agreed = prices.contract(of)
    prices.fees(agreed, "99213,,,80.00,,,")
    prices.short_line(agreed)
    findings.replay(of)


def _of_the_practice(practice: Practice, number: int) -> None:
    """One of everything else."""
    person = member(Role.BILLER)
    given = denials.item(practice.payer)
    worklist.assign([given], member=practice.manager, actor=f"user:{practice.manager.user.public_id}")
    source(f"Source {number}")
    endpoint(f"Channel {number}")
    trouble()
    letters.letter(letters.denied(practice.payer, f"LK-{number}"))
    own_report(practice.manager, f"Report {number}", shared=True)
    sql_question(practice.manager)
    record_access(actor=f"user:{person.user.public_id}", action="find_claim", subject="claim:none", purpose=f"{number}")
    save_view(member=practice.manager, screen="incidents", name=f"View {number}", query="state=new")


@pytest.fixture
def stocked(practice: Practice) -> Callable[[int], dict[str, Client]]:
    """So many rows for every list, and browsers of who may open which."""

    def stock(rows: int) -> dict[str, Client]:
        with practice.bound():
            for number in range(rows):
                _of_a_payer(practice, payer(f"Payer No. {number}"))
                _of_the_practice(practice, number)
            one_of_each(practice.manager)
            findings.report()
            owner, auditor = member(Role.OWNER), member(Role.AUDITOR)
            set_provider(owner, npi=NPI)
            owns = browser_of(owner)
            of_auditors = ("access_log", "access_log_record", "audit_changes")
            return {"": owns, **{name: browser_of(auditor) for name in of_auditors}}

    return stock


def test_every_list_is_counted() -> None:
    assert set(QUERIES) == set(PAGES) - NO_LISTS


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_cost_the_same_whatever_they_hold_and_read_no_patient(
    rows: int, stocked: Callable[[int], dict[str, Client]]
) -> None:
    browsers, counted, patients = stocked(rows), {}, {}
    for name in QUERIES:
        client, address = browsers.get(name, browsers[""]), reverse(f"portal:{name}")
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200, name
        counted[name] = len(queries)
        found = [hit for query in queries for hit in PHI.findall(query["sql"])]
        patients |= {name: found} if found else {}
    assert counted == QUERIES
    assert patients == {}
