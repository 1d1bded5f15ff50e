"""A fault in the data of an incident's payer and time sends people to the data first, and lets go again."""

from datetime import timedelta

import pytest
from django.db import transaction

from tests.alerts.conftest import Practice
from tests.factories import batch, claim
from tests.factories.weeks import remittance
from tests.factories.worlds import LAST_SUNDAY, STEP, noon
from tests.ingestion.world import csv_of, load
from upstream.alerts import intake, recompute, upkeep
from upstream.alerts.models import Incident
from upstream.claims.models import Payer
from upstream.detection import services
from upstream.ingestion.models import Batch
from upstream.ingestion.quality import services as quality
from upstream.ingestion.quality.models import Finding
from upstream.ingestion.quality.queries import faults


@pytest.fixture(autouse=True)
def received_at_the_end(practice: Practice) -> None:
    """The world's one file holds nothing that comes after it."""
    Batch.objects.update(received_at=noon(LAST_SUNDAY))


CAVEAT = "1 file of Summit Mutual is out of balance: look at the data first"


def out_of_balance(payer: Payer, days_after_step: int) -> None:
    """A payment of this payer that does not add up, looked at."""
    day = STEP + timedelta(days=days_after_step)
    remittance(payer, payment_date=day, difference_cents=-500, known_at=noon(day))
    with transaction.atomic():
        quality.measure_new()


def opened() -> Incident:
    intake.take_signals(services.run(LAST_SUNDAY).pk)
    found: Incident = Incident.objects.get()
    return found


def test_an_incident_on_doubtful_data_is_medium_at_most_and_says_so(practice: Practice) -> None:
    out_of_balance(practice.world.summit, 4)
    incident = opened()
    assert incident.severity == "medium"
    assert incident.title.startswith("Check data first: Summit Mutual started denying knee MRI")
    assert incident.finding["caveats"] == [CAVEAT]
    assert recompute.differences(incident) == {}


def test_faults_of_others_and_of_other_times_say_nothing(practice: Practice) -> None:
    out_of_balance(practice.world.civic, 4)
    out_of_balance(practice.world.summit, -70)
    incident = opened()
    assert (incident.severity, incident.finding["caveats"]) == ("critical", [])
    assert incident.title.startswith("Summit Mutual")


def test_a_fault_found_later_is_told_and_one_dismissed_is_not(practice: Practice) -> None:
    incident = opened()
    before = (incident.severity, incident.title)
    out_of_balance(practice.world.summit, 4)
    with transaction.atomic():
        assert upkeep.tell_caveats(LAST_SUNDAY) == 1
        assert upkeep.tell_caveats(LAST_SUNDAY) == 0
    incident.refresh_from_db()
    assert (incident.severity, incident.title) == ("medium", f"Check data first: {before[1]}")
    quality.dismiss(Finding.objects.get(), actor="user:1", note="the bank has it")
    with transaction.atomic():
        upkeep.tell_caveats(LAST_SUNDAY)
    incident.refresh_from_db()
    assert (incident.severity, incident.title, incident.finding["caveats"]) == (*before, [])


def remit_of(*denied: str) -> None:
    """A file of 400 answers of Summit Mutual in the first week of its change; 180 of them denied, by these in turn."""
    day, answered = STEP - timedelta(days=9), STEP + timedelta(days=5)
    reasons = [denied[n % len(denied)] for n in range(180)]
    rows = [
        f"L{n},Summit Mutual,73721,M17.11,North,{day},{answered},denied,{why},980.00,,0.00"
        for n, why in enumerate(reasons)
    ]
    rows += [f"P{n},Summit Mutual,73721,M17.11,North,{day},{answered},paid,,980.00,360.00,360.00" for n in range(220)]
    load(csv_of(*rows), known_at=noon(answered))
    with transaction.atomic():
        quality.measure_new()


def test_a_true_rise_to_45_percent_of_all_lines_is_told_as_the_payers_own(practice: Practice) -> None:
    remit_of("CO-197")
    incident = opened()
    assert (incident.severity, incident.finding["caveats"]) == ("critical", [])
    assert incident.title.startswith("Summit Mutual started denying knee MRI (73721)")


def test_as_many_denials_of_every_kind_send_people_to_the_data_first(practice: Practice) -> None:
    incident = opened()
    before = incident.title
    remit_of("CO-197", "CO-16", "CO-96")
    with transaction.atomic():
        upkeep.tell_caveats(LAST_SUNDAY)
    incident.refresh_from_db()
    assert (incident.severity, incident.title) == ("medium", f"Check data first: {before}")
    assert incident.finding["caveats"] == [
        "1 file of Summit Mutual has more than 40% of lines denied: look at the data first"
    ]


def test_a_files_own_fault_touches_the_payers_in_it(practice: Practice) -> None:
    incident = opened()
    file = batch(notices={"bad_amount": 30}, claims=100, received_at=noon(LAST_SUNDAY))
    claim(practice.world.summit, "odd", batch_id=file.pk, submitted_date=STEP + timedelta(days=3))
    with transaction.atomic():
        quality.measure_new()
        upkeep.tell_caveats(LAST_SUNDAY)
    incident.refresh_from_db()
    assert incident.finding["caveats"] == ["1 file has amounts that could not be read: look at the data first"]
    assert upkeep.caveats_of(faults(), practice.world.civic.pk, STEP, LAST_SUNDAY) == []
