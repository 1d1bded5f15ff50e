"""An incident that we make ourselves: named so, capped, without a mail, until the next look says otherwise."""

from datetime import date, timedelta

from django.db.models import F
from pytest_django import DjangoAssertNumQueries

from tests.alerts.conftest import Practice
from tests.factories.telling import mails
from tests.factories.worlds import LAST_SUNDAY, WEEKS, add_weeks
from upstream.alerts import intake
from upstream.alerts.models import Incident
from upstream.alerts.recompute import differences
from upstream.alerts.replay import load_past
from upstream.claims.models import Claim
from upstream.detection import services
from upstream.detection.methods import NEWEST
from upstream.detection.models import Signal

NEXT_SUNDAY = LAST_SUNDAY + timedelta(weeks=1)
OLD, NEW = "1000000001", "1999999999"


def new_doctor(practice: Practice) -> None:
    """The claims that are denied since the step are those of a provider who came two weeks before it."""
    Claim.objects.update(rendering_npi=OLD)
    came = practice.world.step - timedelta(weeks=2)
    mine = Claim.objects.filter(payer=practice.world.summit, submitted_date__gte=came)
    mine.annotate(kind=F("position") % 4).filter(kind=2).update(rendering_npi=NEW)


def taken(day: date) -> Incident:
    assert intake.take_signals(services.run(day).pk)
    return Incident.objects.get()


def verdicts(incident: Incident) -> dict[str, str]:
    return {kept["cause"]: kept["verdict"] for kept in incident.finding["verdicts"]}


def test_what_a_payer_did_has_twelve_verdicts_and_no_innocent_cause(incident: Incident) -> None:
    assert len(verdicts(incident)) == 12
    assert "explains" not in verdicts(incident).values()
    assert incident.finding["innocent"] == ""
    assert verdicts(incident)["new_provider"] == "cannot_tell"
    assert mails() == 1
    assert differences(incident) == {}


def test_our_own_cause_is_checked_first_and_mailed_to_nobody(practice: Practice) -> None:
    new_doctor(practice)
    incident = taken(LAST_SUNDAY)
    assert incident.finding["innocent"] == "new_provider"
    assert incident.title.startswith("Check us first: Summit Mutual started denying knee MRI")
    assert incident.severity in {"medium", "low"}
    assert mails() == 0
    assert differences(incident) == {}


def test_the_mail_goes_out_when_the_next_look_takes_it_back(practice: Practice) -> None:
    new_doctor(practice)
    taken(LAST_SUNDAY)
    assert mails() == 0
    add_weeks(practice.world, WEEKS, WEEKS + 1)
    Claim.objects.update(rendering_npi=OLD)
    incident = taken(NEXT_SUNDAY)
    assert incident.finding["innocent"] == ""
    assert incident.title.startswith("Summit Mutual started denying knee MRI")
    assert mails() == 1


def test_a_replay_says_what_the_live_system_said(practice: Practice) -> None:
    new_doctor(practice)
    incident = taken(LAST_SUNDAY)
    made = practice.world.organization
    past = load_past(made, NEWEST, made.false_incidents_per_quarter)
    step = past.step(LAST_SUNDAY)
    assert step is not None
    assert [alert.values["title"] for alert in step.alerts] == [incident.title]


def test_facts_corrected_later_change_no_past_verdict(practice: Practice) -> None:
    """What a file says of the past later is a version of its own: the run of then is worked out from what it saw."""
    new_doctor(practice)
    incident = taken(LAST_SUNDAY)
    signal = Signal.objects.get(run=incident.last_run, payer=practice.world.summit)
    again = services.look_again(incident.last_run).signals(incident.last_run)
    assert [made.finding["verdicts"] for made in again if made.payer_id == signal.payer_id] == [
        signal.finding["verdicts"]
    ]


def test_verdicts_cost_a_fixed_number_of_queries(
    practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    new_doctor(practice)
    made = services.run(LAST_SUNDAY)
    looked = services.look_again(made)
    with django_assert_num_queries(2):
        looked.signals(made)
