"""From files to the register: what stands, what is used of it, which claims are at risk."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tests.ingestion.formats.test_x12_278 import ANSWER, ASKED, FOR, REQUEST, answered
from tests.ingestion.world import HEADER, csv_of, load
from upstream.authorizations import queries, services
from upstream.authorizations.models import Entry, Need, Risk, Taken, Use
from upstream.claims.choices import Approval
from upstream.claims.models import Authorization
from upstream.ingestion.models import Rejection

pytestmark = pytest.mark.usefixtures("practice")
COLUMNS = (
    "authorization_number,payer,status,procedure_code,requested_units,approved_units,requested_at,decided_at"
    ",valid_from,valid_until,urgency,member_id"
)
ANSWER_TO = ASKED.replace("TRN*1*", "TRN*2*")
FOR_IT = FOR.replace("UM*HS*I*3~", "UM*HS*I*3~HCR*A2*AUTH-8~").replace("*UN*8", "*UN*6")
APRIL = datetime(2026, 4, 6, 15, tzinfo=UTC)
CLAIMS = f"{HEADER},service_date,units,line_id,authorization_number,member_id"


@pytest.fixture(autouse=True)
def in_april(settings) -> None:
    settings.FIXED_NOW = APRIL


def granted(
    number: str = "AU1", status: str = "approved", units: str = "12", until: str = "2026-05-31", code: str = "97110",
    decided: str = "2026-02-24",
) -> str:  # fmt: skip
    """A row asked for on 20 February for 24 units from 1 March on."""
    return f"{number},Summit Mutual,{status},{code},24,{units},2026-02-20,{decided},2026-03-01,{until},,M100"


def told(*rows: str, known_at: datetime | None = None):
    return load(csv_of(*rows, header=COLUMNS), known_at=known_at, name="authorizations.csv")


def visit(claim: str, day: str = "2026-03-10", units: str = "2", number: str = "AU1", **more: str) -> str:
    """A row of a claim that is pending, or as `status` and `reason` say."""
    status, code = more.get("status", "pending"), more.get("code", "97110")
    decided = "" if status == "pending" else "2026-03-30"
    money = ",," if status == "pending" else ",0.00,0.00" if status == "denied" else ",80.00,64.00"
    return (
        f"{claim},Summit Mutual,{code},M54.5,Main,{day},{decided},{status},{more.get('reason', '')},100.00{money},"
        f"{day},{units},{more.get('line', 'L1')},{number},{more.get('member', 'M100')}"
    )


def claims(*rows: str):
    return load(csv_of(*rows, header=CLAIMS))


def take() -> None:
    services.take_files(0)


def used() -> list[tuple[Decimal, int, int]]:
    return list(Entry.objects.order_by("pk").values_list("used_units", "used_claims", "claims_by_person"))


def test_units_of_claims_with_the_number_burn_it_down():
    told(granted())
    claims(visit("C1"), visit("C2", units="3", status="paid"), visit("C3", number="AU2"))
    take()
    assert used() == [(Decimal(5), 2, 0)]
    assert queries.weekly_units(Entry.objects.get()) == [(date(2026, 3, 9), Decimal(5))]


def test_lines_of_another_procedure_take_nothing():
    told(granted())
    claims(visit("C1"), visit("C1", units="9", line="L2", code="97140"))
    take()
    assert used() == [(Decimal(2), 1, 0)]


@pytest.mark.parametrize("later", ["claims", "authorization"])
def test_the_order_of_files_makes_no_difference(later: str):
    files = [lambda: claims(visit("C1"), visit("C2")), lambda: told(granted())]
    for file in files if later == "authorization" else reversed(files):
        file()
        take()
    assert used() == [(Decimal(4), 2, 0)]


def test_the_same_files_again_change_nothing_and_nothing_waits():
    told(granted())
    claims(visit("C1"))
    take()
    before = [list(model.objects.order_by("pk").values()) for model in (Entry, Use, Risk, Taken)]
    assert services.take_files(0) is False
    Taken.objects.all().delete()
    take()
    after = [list(model.objects.order_by("pk").values()) for model in (Entry, Use, Risk, Taken)]
    assert [len(rows) for rows in after] == [len(rows) for rows in before] == [1, 1, 0, 2]
    assert after[0] == before[0]


def test_a_denied_claim_gives_its_units_back():
    told(granted())
    claims(visit("C1"), visit("C2"))
    take()
    claims(visit("C2", status="denied", reason="CO-50"))
    take()
    assert used() == [(Decimal(2), 1, 0)]


def test_units_are_given_back_when_only_the_answer_came(settings):
    told(granted())
    claims(visit("C1", status="denied", reason="CO-50"))
    take()
    assert used() == [(Decimal(0), 0, 0)]


def test_without_a_number_patient_payer_code_and_dates_tell(settings):
    settings.REAL_DATA_MODE = True
    told(granted())
    claims(
        visit("C1", number=""), visit("C2", number="", member="M200"), visit("C3", number="", code="97140"),
        visit("C4", number="", day="2026-02-20"), visit("C5", number="AU2"),
    )  # fmt: skip
    take()
    assert used() == [(Decimal(2), 1, 1)]
    assert list(Use.objects.values_list("how", "units")) == [("person", Decimal(2))]


def test_another_members_claim_under_the_number_is_not_counted(settings):
    settings.REAL_DATA_MODE = True
    told(granted())
    claims(visit("C1", member="M200"), visit("C2"))
    take()
    assert used() == [(Decimal(2), 1, 0)]


def test_the_newest_word_stands_and_the_request_is_remembered():
    told(granted(status="requested", units="", decided=""), known_at=datetime(2026, 2, 21, tzinfo=UTC))
    told("AU1,Summit Mutual,partial,97110,,10,,2026-02-24,2026-03-01,2026-05-31,,M100")
    take()
    (entry,) = Entry.objects.all()
    assert (entry.approval, entry.requested_units, entry.approved_units) == ("A2", Decimal(24), Decimal(10))
    assert (entry.requested_date, entry.decided_date) == (date(2026, 2, 20), date(2026, 2, 24))


def test_our_own_request_waits_until_the_payer_answers_it_in_any_order_of_files():
    request, decided = answered(REQUEST + ASKED + FOR), answered(ANSWER + ANSWER_TO + FOR_IT, control="000000102")
    load(request, known_at=datetime(2025, 3, 12, 15, tzinfo=UTC), name="ours.278")
    take()
    waiting = Entry.objects.get()
    assert (waiting.action, waiting.requested_units, waiting.approved_units) == (Approval.WAITING, 8, None)
    assert (waiting.requested_date, waiting.urgency, waiting.answered_at) == (date(2025, 3, 12), "expedited", None)
    load(decided, known_at=datetime(2025, 3, 13, 15, tzinfo=UTC), name="theirs.278")
    take()
    (entry,) = Entry.objects.all()
    assert (entry.action, entry.requested_units, entry.approved_units) == (Approval.PARTLY, 8, 6)
    assert (entry.requested_date, entry.decided_date) == (date(2025, 3, 12), date(2025, 3, 12))


SECOND = FOR.replace("97110", "97140").replace("*UN*8", "*UN*4")
WHOLE = ASKED.replace("TRN*1*", "TRN*2*").replace("HSD*VS*6~", "").replace("**U~", "**U~HCR*A1*AUTH-8~")
FILES = {
    "asked": answered(REQUEST + ASKED + FOR + SECOND),
    "decided": answered(ANSWER + WHOLE, control="000000102"),
}


@pytest.mark.parametrize("order", [("asked", "decided"), ("decided", "asked"), ("decided", "asked", "decided")])
@pytest.mark.parametrize("at_once", [True, False])
def test_an_answer_to_the_whole_request_answers_each_of_its_services(order: tuple[str, ...], at_once: bool):
    for day, file in enumerate(order, start=12):
        load(FILES[file], known_at=datetime(2025, 3, day, 15, tzinfo=UTC), name=f"{day}.278")
        if not at_once:
            take()
    take()
    standing = Entry.objects.order_by("procedure_code")
    assert list(standing.values_list("procedure_code", "action", "requested_units", "approved_units")) == [
        ("97110", Approval.APPROVED, 8, 8), ("97140", Approval.APPROVED, 4, 4),
    ]  # fmt: skip
    assert len(set(standing.values_list("number_bidx", flat=True))) == 1
    assert all(standing.values_list("answered_at", flat=True))
    before = list(Entry.objects.order_by("pk").values())
    Taken.objects.all().delete()
    take()
    assert list(Entry.objects.order_by("pk").values()) == before


def test_an_answer_that_lists_the_services_answers_each():
    load(FILES["asked"], known_at=datetime(2025, 3, 12, 15, tzinfo=UTC), name="ours.278")
    load(answered(ANSWER + WHOLE + FOR + SECOND, control="000000102"), name="theirs.278")
    take()
    found = Entry.objects.order_by("procedure_code").values_list("procedure_code", "action", "approved_units")
    assert list(found) == [("97110", Approval.APPROVED, 8), ("97140", Approval.APPROVED, 4)]


def test_a_word_on_the_whole_leaves_a_service_with_its_own_word_as_it_is():
    load(FILES["asked"], known_at=datetime(2025, 3, 12, 15, tzinfo=UTC), name="ours.278")
    own = FOR.replace("UM*HS*I*3~", "UM*HS*I*3~HCR*A3**0M~")
    load(answered(ANSWER + WHOLE + own, control="000000102"), name="theirs.278")
    take()
    found = Entry.objects.order_by("procedure_code").values_list("procedure_code", "action")
    assert list(found) == [("97110", Approval.REFUSED), ("97140", Approval.APPROVED)]


def test_a_request_made_anew_after_a_refusal_waits_again():
    told(granted(status="denied"), known_at=datetime(2026, 3, 1, tzinfo=UTC))
    told("AU1,Summit Mutual,requested,97110,24,,2026-03-02,,,,,M100", known_at=datetime(2026, 3, 2, tzinfo=UTC))
    take()
    assert Entry.objects.get().action == Approval.WAITING


def test_an_older_word_that_comes_late_fills_in_and_overrules_nothing():
    told(granted(), known_at=datetime(2026, 3, 1, tzinfo=UTC))
    take()
    told("AU1,Summit Mutual,requested,97110,24,,2026-02-19,,,,urgent,M100", known_at=datetime(2026, 2, 19, tzinfo=UTC))
    take()
    (entry,) = Entry.objects.all()
    assert (entry.approval, entry.urgency, entry.approved_units) == ("A1", "expedited", Decimal(12))


def test_each_service_of_a_number_is_an_entry_of_its_own():
    told(granted(), granted(code="97140", units="4"))
    claims(visit("C1"), visit("C2", code="97140", units="1"))
    take()
    assert used() == [(Decimal(2), 1, 0), (Decimal(1), 1, 0)]
    assert not Risk.objects.exists()


def test_bad_rows_wait_in_quarantine_and_the_others_stand():
    batch = told(granted(), granted("AU2", status="perhaps"))
    take()
    assert (batch.status, batch.authorizations, batch.rejected) == ("partly_loaded", 1, 1)
    assert list(Rejection.objects.values_list("position", "field", "code")) == [(3, "status", "bad_status")]
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    ("authorization", "visited", "reason"),
    [
        (granted(status="denied"), visit("C1"), "refused"),
        (granted(status="cancelled"), visit("C1"), "refused"),
        (granted(status="requested", decided=""), visit("C1"), "waiting"),
        (granted(), visit("C1", code="97140"), "code"),
        (granted(), visit("C1", day="2026-02-28"), "dates"),
        (granted(units="1"), visit("C1"), "units"),
    ],
)
def test_claims_are_at_risk_before_they_are_decided(authorization: str, visited: str, reason: str):
    told(authorization)
    claims(visited, visit("C9", status="paid"))
    take()
    assert list(Risk.objects.values_list("reason", "found_on")) == [(reason, date(2026, 4, 6))]


def test_only_the_claims_past_the_last_unit_are_at_risk():
    told(granted(units="5"))
    claims(*(visit(f"C{n}", day=f"2026-03-{n + 10}") for n in range(4)))
    take()
    days = Risk.objects.order_by("service_date").values_list("service_date", flat=True)
    assert list(days) == [date(2026, 3, 12), date(2026, 3, 13)]


def test_a_claim_without_any_is_at_risk_where_the_payer_denies_for_it():
    claims(
        *(visit(f"D{n}", number="", status="denied", reason="CO-197") for n in range(3)),
        *(visit(f"P{n}", number="", status="paid") for n in range(4)), visit("C1", number=""),
        visit("C2", number="", code="99213"), visit("C3"),
    )  # fmt: skip
    take()
    assert not Risk.objects.exists()
    assert services.tell_day(0) is True
    assert list(Need.objects.values_list("procedure_code", "decided", "denied")) == [("97110", 7, 3)]
    assert list(Risk.objects.values_list("reason", flat=True)) == ["none"]


def test_a_risk_goes_when_its_cause_does():
    told(granted(units="1"))
    claims(visit("C1"))
    take()
    assert Risk.objects.count() == 1
    told("AU1,Summit Mutual,approved,97110,24,12,2026-02-20,2026-03-24,2026-03-01,2026-05-31,,M100")
    take()
    assert not Risk.objects.exists()


def test_a_word_taken_before_is_the_entry_that_it_made_though_that_has_got_a_number_since():
    told(granted())
    services.take_files(0)
    Authorization.objects.update(number_bidx=None, trace_bidx=None)
    Taken.objects.all().delete()
    assert services.take_files(0)
    assert Entry.objects.count() == 1
