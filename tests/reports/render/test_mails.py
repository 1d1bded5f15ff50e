"""The two mails: every part renders, holds counts, money and a link, and escapes where it is HTML."""

import pytest
from django.template import Context, Engine
from django.template.loader import render_to_string

PRACTICE = "Lakeside <b>Orthopedics</b> & Imaging"
INCIDENT = {
    "practice": PRACTICE,
    "severity": "Critical",
    "claims": 14,
    "money": "$9,200 to $14,800",
    "deadline": "2 December 2026",
    "link": "https://upstream.example/portal/incidents/0007",
    "portal_url": "https://upstream.example",
}
WEEK = {
    "practice": PRACTICE,
    "period": "9 to 15 November 2026",
    "new": 1,
    "open": 3,
    "money": "$15,200 to $24,200",
    "at_stake": "$18,100",
    "deadlines": 2,
    "attached": True,
    "link": "https://upstream.example/portal/reports/46",
    "portal_url": "https://upstream.example",
}


def plain(name, part, context):
    """As the mail transport writes a text part."""
    return str(Engine.get_default().get_template(f"email/{name}/{part}").render(Context(context, autoescape=False)))


def test_incident_opened_as_text():
    assert plain("incident_opened", "subject.txt", INCIDENT).strip() == f"{PRACTICE}: one new critical incident"
    assert plain("incident_opened", "body.txt", INCIDENT) == (
        f"A payer has changed how it treats claims of {PRACTICE}.\n\n"
        "Severity: Critical\nClaims so far: 14\nLost so far: $9,200 to $14,800\nNearest deadline: 2 December 2026\n\n"
        "What changed, how sure it is and what to do first:\nhttps://upstream.example/portal/incidents/0007\n\n"
        "To choose which mails you get: https://upstream.example/portal/\n"
    )


def test_weekly_report_as_text():
    assert plain("weekly_report", "subject.txt", WEEK).strip() == f"{PRACTICE}: weekly report, 9 to 15 November 2026"
    assert plain("weekly_report", "body.txt", WEEK) == (
        f"The report of {PRACTICE} for 9 to 15 November 2026 is ready.\n\n"
        "New incidents: 1\nOpen incidents: 3\nLost so far: $15,200 to $24,200\n"
        "At stake with the next 30 days: $18,100\nDeadlines in the next 7 days: 2\n\n"
        "The report is attached. It holds no patient names.\n\n"
        "Read it, with the claims behind each figure:\nhttps://upstream.example/portal/reports/46\n\n"
        "To choose which mails you get: https://upstream.example/portal/\n"
    )


def test_a_quiet_week_says_so_and_names_no_money():
    quiet = {**WEEK, "new": 0, "open": 0, "money": "", "attached": False}
    body = plain("weekly_report", "body.txt", quiet)
    assert "No new incident. What was checked stands in the report.\nOpen incidents: 0\nDeadlines" in body
    assert "attached" not in body


@pytest.mark.parametrize(("name", "context"), [("incident_opened", INCIDENT), ("weekly_report", WEEK)])
def test_html_parts_escape_and_use_nothing_active(name, context):
    body = render_to_string(f"email/{name}/body.html", context)
    assert body.startswith("<!doctype html>")
    assert "Lakeside &lt;b&gt;Orthopedics&lt;/b&gt; &amp; Imaging" in body
    assert f'<a href="{context["link"]}">' in body
    assert context["money"] in body
    assert not any(word in body for word in ("<script", "style=", "<img", "<b>"))
