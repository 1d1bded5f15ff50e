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
REPORT = {
    "practice": PRACTICE,
    "title": "Weekly report",
    "period": "9 to 15 November 2026",
    "lines": ["New incidents: 1", "Open incidents: 3, $15,200 to $24,200 lost so far"],
    "chart": {
        "title": "Denied dollars by cause, last 13 weeks", "headings": ("Cause", "Dollars", "13 weeks before"),
        "rows": [("Authorization", "$15,230.00", "$9,000.00"), ("Other", "$70.00", "")], "before": "13 weeks before",
        "cid": "chart@upstream",
    },
    "attached": True,
    "files": [{"name": "PDF", "link": "https://upstream.example/portal/reports/files/a:b/"}],
    "days": 3,
    "link": "https://upstream.example/portal/reports/46",
    "unsubscribe": "https://upstream.example/portal/reports/definitions/7",
    "portal_url": "https://upstream.example",
}  # fmt: skip


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


def test_report_as_text():
    assert plain("report_ready", "subject.txt", REPORT).strip() == f"{PRACTICE}: Weekly report, 9 to 15 November 2026"
    assert plain("report_ready", "body.txt", REPORT) == (
        f'The report "Weekly report" of {PRACTICE} for 9 to 15 November 2026 is ready.\n\n'
        "New incidents: 1\nOpen incidents: 3, $15,200 to $24,200 lost so far\n\n"
        "Denied dollars by cause, last 13 weeks\n"
        "Authorization: $15,230.00 (13 weeks before: $9,000.00)\nOther: $70.00\n\n"
        "The PDF is attached. It holds no patient names.\n\n"
        "Read it, with the claims behind each figure:\nhttps://upstream.example/portal/reports/46\n\n"
        "Files, after signing in, for 3 days:\nPDF: https://upstream.example/portal/reports/files/a:b/\n\n"
        "To stop getting this report by mail: https://upstream.example/portal/reports/definitions/7\n"
        "To choose which other mails you get: https://upstream.example/portal/settings/\n"
    )


def test_a_report_without_chart_and_attachment_says_neither():
    plainer = {**REPORT, "chart": None, "attached": False}
    assert not {"attached", "cid:", "<img"} & set(plain("report_ready", "body.txt", plainer).split())
    assert "cid:" not in render_to_string("email/report_ready/body.html", plainer)


def test_the_picture_of_the_chart_stands_beside_its_table():
    body = render_to_string("email/report_ready/body.html", REPORT)
    assert '<img src="cid:chart@upstream" width="520" alt="Denied dollars by cause, last 13 weeks;' in body
    assert "<td>Authorization</td>" in body
    assert '<td align="right">$15,230.00</td>' in body


def test_a_report_that_failed_says_why():
    said = {"practice": PRACTICE, "title": "Weekly report", "reason": "A font is missing.", "link": "https://x/1"}
    assert plain("report_failed", "body.txt", said) == (
        f'The report "Weekly report" of {PRACTICE} could not be made. A font is missing.\n\n'
        "Its page says more, and has a button to try it again:\nhttps://x/1\n"
    )


@pytest.mark.parametrize(("name", "context"), [("incident_opened", INCIDENT), ("report_ready", REPORT)])
def test_html_parts_escape_and_use_nothing_active(name, context):
    body = render_to_string(f"email/{name}/body.html", context)
    assert body.startswith("<!doctype html>")
    assert "Lakeside &lt;b&gt;Orthopedics&lt;/b&gt; &amp; Imaging" in body
    assert f'<a href="{context["link"]}">' in body
    assert "$15,200 to $24,200" in body or "$9,200 to $14,800" in body
    assert not any(word in body for word in ("<script", "style=", 'src="http', "<b>"))
