"""The weekly PDF: four tagged pages, the same bytes each time, and nothing from outside."""

import contextlib
import socket
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.reports.render.sample import DELAY, MRI, UNDERPAID
from upstream.core.documents.pdf import RenderError, write_pdf
from upstream.reports.render.pdf import render_pdf


def read(pdf):
    return PdfReader(BytesIO(pdf))


def words_of(page):
    return " ".join(page.extract_text().split())


@pytest.fixture(scope="module")
def pages():
    from tests.reports.render.sample import weekly_report

    return [words_of(page) for page in read(render_pdf(weekly_report())).pages]


def test_the_report_has_four_pages_on_letter_and_on_a4(report):
    letter, a4 = read(render_pdf(report)), read(render_pdf(report, "A4"))
    assert (len(letter.pages), [float(n) for n in letter.pages[0].mediabox[2:]]) == (4, [612.0, 792.0])
    assert (len(a4.pages), [round(float(n), 1) for n in a4.pages[0].mediabox[2:]]) == (4, [595.3, 841.9])


def test_the_same_report_gives_the_same_bytes(report):
    first = render_pdf(report)
    assert first == render_pdf(report)
    assert len(first) < 1_000_000


def test_the_file_says_its_title_language_and_structure(report):
    reader = read(render_pdf(report))
    assert reader.metadata.title == "Lakeside Orthopedics & Imaging: weekly revenue report, 9 to 15 November 2026"
    catalog = reader.trailer["/Root"]
    assert catalog["/Lang"] == "en"
    assert catalog["/MarkInfo"]["/Marked"].value is True
    assert "/StructTreeRoot" in catalog
    assert b'pdfuaid:part="1"' in catalog["/Metadata"].get_object().get_data()


def test_the_first_page_is_a_letter(pages):
    letter = pages[0]
    assert "Data through 15 November 2026. 98% of expected remittances have arrived" in letter
    assert "Cash expected, 4 weeks Lost so far, open incidents Recovered this quarter" in letter
    assert "$196,400 $19,750 $3,860" in letter
    assert "range $181,200 to $210,500" in letter
    assert "-$5,600 against last week" in letter
    assert "Summit Mutual denies knee MRI for missing authorization" in letter
    assert "Critical, strong evidence, since 19 Oct 2026, working. First appeal deadline 2 Dec 2026." in letter
    assert "Decide: First appeal, knee MRI: 6 claims, $5,140 expected, by 25 Nov." in letter
    assert "No owner yet." in letter
    assert "What we ruled out" in letter
    assert "Summit Mutual: +6.0 points within 4 weeks" in letter
    assert "Blue Mesa Plan denied injections" not in letter


def test_the_second_page_scores_payers_and_marks_few_claims(pages):
    assert "Summit Mutual 31% 412 18.3% 14.1 to 23.1% +7.4 strong $38,940 $12,100 15 / 31 – – – 1" in pages[1]
    assert "Blue Mesa Plan 9% 121 11.6% 6.5 to 18.7% +1.1 $6,100" in pages[1]
    assert "few claims 2% 9 22.2% 2.8 to 60.0%" in pages[1]
    assert "waiting on payer" in pages[1]
    assert "Summit Mutual, knee MRI: denial rate by week" in pages[1]
    assert "authorization denials from 19 Oct" in pages[1]


def test_the_third_page_shows_causes_speed_and_deadlines(pages):
    assert "$77,445 in all, +$20,605" in pages[2]
    assert "Authorization missing 61 $32,120 $10,040 +$22,080" in pages[2]
    assert "Harbor Advantage 30 42 over 60" in pages[2]
    assert "Harbor Advantage 42 298 14.1%" in pages[2]
    assert "30 Nov 2026 Northstar Health 97153 8.5" in pages[2]
    assert "9 undecided claims, $8,120 billed, may be denied for want of one" in pages[2]
    assert "2 Dec 2026 25 Nov 2026 First appeal, knee MRI Summit Mutual 6 $5,140 Dana Whitfield" in pages[2]


def test_the_fourth_page_says_how_and_ties_to_deposits(pages, report):
    assert "All payers $50,000 $45,000 $55,000 $46,400 $196,400 $181,200 to $210,500 220 (157 to 298)" in pages[3]
    assert "Of 98 earlier forecasts of a week, 82% came inside the range; the mean error was 8%." in pages[3]
    assert "The 52 weeks that end 12 weeks before" in pages[3]
    assert "3 remittances: checks $79,812.65, claim payments $79,917.65" in pages[3]
    assert "EFT 551207 Northstar Health 13 Nov 2026 $28,710.00 $15.00 does not tie" in pages[3]
    assert "CHK 10442 Civic Care 13 Nov 2026 $9,902.10 no deposit found" in pages[3]
    closed = "payer change 4, our process 1, data fault 1, noise 1; back to usual by itself 0; still open 3."
    assert f"Closed as {closed}" in pages[3]
    assert "Alarms of these 13 weeks that were real: 71.4% (35.9 to 91.8%)." in pages[3]
    assert f"Content SHA-256 {report.content_hash}" in pages[3]


def test_a_quiet_week_says_that_nothing_needs_action(report):
    quiet = replace(report, incidents=(), payers=(), causes=(), lag=(), deadlines=(), changes=(), remits=())
    reader = read(render_pdf(quiet))
    text = " ".join(words_of(page) for page in reader.pages)
    assert len(reader.pages) == 4
    assert "No action needed" in text
    assert "No mapping, contract or method changed since the last report." in text
    assert "payments could not be tied to deposits" in text


def test_faults_in_the_data_stand_first_and_leave_four_pages(report):
    doubted = replace(report.payers[0], doubtful=True)
    caveats = tuple(f"{n} files of {doubted.payer} are out of balance: look at the data first" for n in (4, 3, 2))
    reader = read(render_pdf(replace(report, caveats=caveats, payers=(doubted, *report.payers[1:]))))
    first, second = (words_of(reader.pages[number]) for number in (0, 1))
    assert len(reader.pages) == 4
    assert f"4 files of {doubted.payer} are out of balance: look at the data first." in first
    assert "1 more in the Excel." in first
    assert second.count("look at the data first") == 1


def test_a_full_week_stays_on_four_pages_and_points_to_the_excel(report):
    full = replace(
        report,
        payers=report.payers * 3,
        incidents=(MRI, DELAY, UNDERPAID) * 4,
        causes=report.causes * 2,
        deadlines=report.deadlines * 5,
        changes=report.changes * 9,
        remits=report.remits * 5,
        lag=report.lag * 2,
        horizons=report.horizons * 3,
        late=report.late * 5,
        authorizations=report.authorizations * 9,
        risks=report.risks * 3,
        forecast=report.forecast * 4,
    )
    for paper in ("Letter", "A4"):
        reader = read(render_pdf(full, paper))
        text = " ".join(words_of(page) for page in reader.pages)
        assert len(reader.pages) == 4
        assert "9 more open on the next page." in text
        assert "6 other payers" in text
        assert "knee MRI: denial rate by week" not in text
        assert "9 more incidents are in the Excel." in text
        assert "8 other causes" in text


def test_markup_in_a_name_is_shown_as_text_and_nothing_is_fetched(report):
    planted = '<img src="http://169.254.169.254/latest"><link rel=attachment href="file:///etc/passwd">'
    owned = replace(MRI, title=planted, sentence="<script>alert(1)</script>", owner="</section><style>*{}</style>")
    reader = read(render_pdf(replace(report, practice=planted, incidents=(owned,))))
    text = "".join("".join(page.extract_text().split()) for page in reader.pages)
    assert "".join(planted.split()) in text
    assert "<script>alert(1)</script>" in text
    assert "</section><style>*{}</style>" in text
    assert list(reader.attachments) == []


@pytest.mark.parametrize(
    "html",
    [
        '<img src="http://169.254.169.254/latest/meta-data/">',
        '<img src="file:///etc/passwd">',
        '<link rel="attachment" href="file:///etc/passwd">',
        '<link rel="stylesheet" href="https://example.com/a.css">',
        "<style>@import url(http://example.com/a.css);</style>",
        '<p style="background: url(ftp://example.com/a.png)">x</p>',
        '<img src="http://[::ffff:169.254.169.254]/latest/meta-data/">',
        '<img src="http://2852039166/latest/meta-data/">',
        '<img src="http://0xA9FEA9FE/">',
        '<img src="http://metadata.google.internal/computeMetadata/v1/">',
        '<img src="http://127.0.0.1:5432/"><img src="http://localhost:6379/">',
        '<img src="http://[::1]:8000/">',
        '<img src="FILE:///etc/passwd">',
        '<img src="file://localhost/proc/self/environ">',
        '<link rel="attachment" href="http://10.0.0.1/x.pdf">',
        '<a rel="attachment" href="file:///etc/shadow">x</a>',
        '<link rel="stylesheet" href="file:///etc/passwd">',
        "<style>@font-face { font-family: x; src: url(http://10.0.0.1/x); } p { font-family: x; }</style><p>x</p>",
        "<style>p::before { content: url(http://10.0.0.1/a.png); }</style><p>x</p>",
        '<p style="list-style-image: url(http://192.168.0.1/a.png); display: list-item">x</p>',
        '<p style="border-image: url(gopher://127.0.0.1:6379/_INFO) 30">x</p>',
        '<object data="http://169.254.169.254/" type="image/png"></object>',
        '<embed src="http://169.254.169.254/" type="image/png">',
    ],
)
def test_a_page_that_names_something_outside_itself_is_not_made(html):
    with pytest.raises(RenderError, match="outside itself"):
        write_pdf(f'<html lang="en"><head><title>t</title></head><body>{html}</body></html>', "")


@pytest.mark.parametrize(
    "html",
    [
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="{url}" width="9" height="9"/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><use href="{url}#a"/></svg>',
        '<img src="data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22%3E'
        '%3Cimage href=%22{url}%22/%3E%3C/svg%3E">',
        '<iframe src="{url}"></iframe><script src="{url}"></script><video src="{url}"></video>',
        '<img srcset="{url} 2x" alt=""><base href="{url}"><a href="{url}">x</a>',
    ],
)
def test_what_is_not_refused_is_not_fetched_either(html):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/a.svg"
        with contextlib.suppress(RenderError):
            write_pdf(f'<html lang="en"><head><title>t</title></head><body>{html.format(url=url)}</body></html>', "")
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize("where", ["/etc/passwd", "//169.254.169.254/latest", "etc/passwd", "?x", "../../etc/passwd"])
def test_an_address_without_a_place_is_nowhere(where):
    page = read(write_pdf(f'<html lang="en"><title>t</title><img src="{where}" alt="left out"></html>', ""))
    assert "root:" not in words_of(page.pages[0])


def test_dates_across_months_are_written_in_full(report):
    across = replace(report, period_start=date(2026, 11, 30), period_end=date(2026, 12, 6))
    assert "30 November to 6 December 2026" in words_of(read(render_pdf(across)).pages[0])
