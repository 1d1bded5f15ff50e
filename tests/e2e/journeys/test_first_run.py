"""A new owner: from the invitation to the first report and what would have been caught, on files of their own."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.db import transaction
from pytest_django import Settings

from tests.e2e.journeys.conftest import Begin
from tests.e2e.manners import Traveller
from tests.factories import doors, organization
from tests.factories.practice_files import HISTORY, monday, week_of
from upstream import pipeline
from upstream.alerts.models import Replay
from upstream.core import tenancy
from upstream.reports.models import Artifact
from upstream.tenants.models import Organization
from upstream.tenants.people import add_person

PASSWORD = "a wholly new and long sentence"
TITLES = (
    "Claim #,Payor,CPT,Dx,Clinic,Date Billed,Date Processed,Line Status,Denial Cd,Chg Amt,Allowed Amt,Ins Pmt"
)  # fmt: skip
WEEKS = HISTORY + 2


@pytest.fixture
def work(transactional_db: None, settings: Settings, tmp_path: Path) -> Callable[[], None]:
    """A practice with nothing but its invited owner; what workers do is done when this is called."""
    settings.FIXED_NOW = datetime.combine(monday(WEEKS), time(15), UTC)
    settings.STATIC_ROOT = tmp_path
    with tenancy.directory(), transaction.atomic():
        practice = organization(slug="riverside", name="Riverside Imaging")
        practice.second_factor = "phi"
        practice.save()
    with tenancy.bind(practice.pk):
        add_person(email="nora@riverside.example", role="owner")

    def work_on() -> None:
        with tenancy.bind(practice.pk):
            pipeline.run_to_end()

    return work_on


def _rate(payer: str, decided: date) -> float:
    return 0.6 if payer == "Summit Mutual" and decided >= monday(HISTORY - 4) else 0.1


def _export(folder: Path) -> Path:
    """A year of claims in the practice's own columns, of which Summit Mutual came to refuse six in ten."""
    until = monday(WEEKS)
    rows = [claim.row(_rate, until) for week in range(WEEKS) for claim in week_of(week, each=1)]
    file = folder / "claims-2025.csv"
    file.write_text("\n".join([TITLES, *rows, ""]))
    return file


def _visit_the_sample(me: Traveller) -> None:
    """One click in, one click out."""
    me.looks()
    me.press("Open a sample practice")
    me.sees("Sample practice – invented claims", ".sample")
    me.looks()
    me.press("Back to my practice")


def test_from_the_invitation_to_the_first_report_and_the_replay(
    begin: Begin, work: Callable[[], None], tmp_path: Path
) -> None:
    link = urlsplit(next(word for word in str(mail.outbox[-1].body).split() if "/portal/password/" in word))
    me = begin(f"{link.path}?{link.query}")
    me.is_at("Set a password")
    me.write("New password", PASSWORD)
    me.write("New password confirmation", PASSWORD)
    me.press("Set the password")
    me.is_at("Sign in")
    me.sign_in("nora@riverside.example", PASSWORD)
    me.is_at("Add a second factor")
    me.follow("Add an authenticator app")
    me.write("Code that the app shows", doors.code(seed=me.page.locator("code").inner_text().replace(" ", "")))
    me.press("Add the app")
    me.is_at("Recovery codes")
    me.looks()
    me.follow("Go on")
    me.sees("First steps", "h2")
    _visit_the_sample(me)
    me.follow("Send files")
    me.is_at("Data")
    me.hand_in("Files", _export(tmp_path))
    me.press("Upload")
    me.sees("1 file received.")
    work()
    me.follow("Match", me.page.get_by_role("row").filter(has_text="claims-2025.csv"))
    me.is_at("Match the columns")
    me.press("Check")
    me.sees("3,680 claims would be loaded", "h2")
    me.write("Keep this under the name", "Billing system")
    me.press("Confirm and load")
    me.sees("The file is being read.")
    work()
    me.go("/portal/")
    me.sees("Summit Mutual", "ol.incidents")
    me.looks()
    me.area("Reports", "Insight")
    me.is_at("Reports")
    me.press("Make Weekly report now")
    me.sees("Waiting", ".badge")
    work()
    me.sees("Ready", ".badge")
    me.looks()
    assert me.takes(lambda: me.follow("PDF")).endswith(".pdf")
    me.go("/portal/incidents/replays/")
    me.write("From", monday(HISTORY - 2).isoformat())
    me.press("Look back")
    me.sees("Judged by people")
    work()
    me.sees("1 change for the worse found", "p.lead")
    me.looks()
    me.go("/portal/")
    me.is_at("incident")
    assert me.page.locator(".first-steps").count() == 0
    with tenancy.directory(), transaction.atomic():
        practice = Organization.objects.get(slug="riverside")
    with tenancy.bind(practice.pk), transaction.atomic():
        assert Replay.objects.get().findings.count() == 1
        assert Artifact.objects.filter(format="pdf").exists()
