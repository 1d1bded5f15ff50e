"""Stored text is shown as text, and no page holds a script or style of its own."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.factories import findings, payer
from tests.portal.conftest import Practice, words_of
from upstream.portal.urls import urlpatterns

BREAKER = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
OF_ITS_OWN = re.compile(r"<script(?![^>]* src=)|<style|<[^>]* (?:style|on[a-z]+)=|<[^>]*javascript:", re.IGNORECASE)
PAGES = [
    "today",
    "incidents",
    "replays",
    "outcomes",
    "recovered",
    "recovered_lines",
    "methods",
    "payers",
    "data",
    "mappings",
    "claims_rejected",
    "claims_unmatched",
    "claims_silent",
    "clients",
    "codes",
    "measures",
    "measure_behind",
    "forecast",
    "explore",
    "explore_build",
    "sql",
    "reports",
    "letters",
    "letters_outcomes",
    "templates",
    "template_shipped",
    "settings",
    "money",
    "letterhead",
    "definition_add",
    "report_keeping",
    "underpaid",
    "practices",
    "login",
    "people",
    "access_log",
    "access_log_record",
    "panel",
    "panel_providers",
    "week",
    "search",
    "audit_changes",
    "forgot",
    "password",
    "sources",
    "channels",
    "calendar",
    "worklist",
    "worklist_calendar",
    "quality",
    "quality_limits",
    "reconciliation",
    "reconciliation_payments",
    "ledger",
    "authorizations",
    "coverages",
    "register",
    "authorization_risks",
    "authorization_decisions",
    "authorization_times",
    "quiet",
    "notices",
    "routing",
    "routing_policy",
    "routing_learned",
    "routing_log",
    "rule_add",
    "rota_add",
    "mute_list",
    "mute_add",
    "window_add",
    "troubles",
    "trouble_limits",
    "account",
    "confirm",
    "account_password",
    "second_factor",
    "factor_app",
    "factor_passkey",
    "codes_of_recovery",
    "drafts",
    "second_step",
]


@pytest.mark.parametrize("name", PAGES)
def test_pages_hold_no_script_or_style_of_their_own(name: str, manager: Client) -> None:
    response = manager.get(reverse(f"portal:{name}"), follow=True)
    assert OF_ITS_OWN.findall(response.content.decode()) == []
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


# Addresses of acts and files, which show no page of their own.
NO_PAGES = {
    "report_make",
    "stop_mail",
    "explore_csv",
    "explore_claims",
    "explore_save",
    "sql_people",
    "logout",
    "letters_draft",
    "letters_start",
    "letters_review",
    "template_add",
    "template_layout",
    "switch",
    "no_practice",
    "audit_export",
    "client_revoke",
    "view_save",
    "style",
    "sample_open",
    "sample_leave",
    "sample_progress",
    "sample_remove",
    "upload",
    "code_meaning",
    "letterhead_logo",
    "letterhead_put",
    "letterhead_away",
    "letterhead_back",
    "letterhead_paper",
    "underpaid_csv",
    "underpaid_leeway",
    "underpaid_move",
    "incident_bulk",
    "recovered_xlsx",
    "incident_bulk_undo",
    "people_add",
    "people_change",
    "reconciliation_xlsx",
    "measures_csv",
    "measure_behind_csv",
    "forecast_csv",
    "measures_cost",
    "authorizations_people",
    "coverages_people",
    "source_add",
    "channel_add",
    "worklist_bulk",
    "worklist_calendar_change",
    "deadlines",
    "calendar_add",
    "calendar_shared",
    "deposits",
    "replay_start",
    "outcome_budget",
    "outcome_preview",
    "method_compare",
    "method_switch",
    "method_undo",
    "authorization_time_set",
    "notices_read",
    "notices_poll",
    "people_mail",
    "people_account",
    "sign_in_policy",
    "visit_end",
    "session_end",
    "sessions_end",
    "factor_remove",
    "still_here",
    "passkey",
}


def test_every_list_is_among_them() -> None:
    lists = {p.name for p in urlpatterns if not p.pattern.converters}
    assert lists - set(PAGES) == NO_PAGES


def test_names_titles_and_notes_are_shown_as_text(manager: Client, practice: Practice) -> None:
    with practice.bound():
        breaker = payer(BREAKER)
        findings.baseline(practice.run, breaker)
        made = findings.incident(breaker, practice.run, title=BREAKER, location=BREAKER)
    page = f"/portal/incidents/{made.public_id}/"
    manager.post(f"{page}move/", {"to_state": "working", "note": BREAKER})
    for path in ("/portal/", "/portal/incidents/", page):
        said = words_of(manager, path)
        assert "&lt;script&gt;alert(1)" in said
        assert OF_ITS_OWN.findall(said) == []


@pytest.mark.django_db(transaction=True)
def test_hostile_file_name_is_only_a_name(manager: Client) -> None:
    file = SimpleUploadedFile(f"../../etc/{BREAKER}.csv", b"claim_id,payer\n")
    manager.post("/portal/data/upload/", {"file": [file]})
    said = words_of(manager, "/portal/data/")
    assert OF_ITS_OWN.findall(said) == []
    assert "etc/" not in said
