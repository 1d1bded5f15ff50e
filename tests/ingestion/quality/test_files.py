"""Files are looked at: what fails, how many rows, which money; and looking again changes nothing."""

from datetime import UTC, date, datetime

import pytest
from pytest_django import Settings

from tests.ingestion.quality.looking import found, look
from tests.ingestion.world import DENIED_835, HEADER, PAID_835, PHI, REVERSAL, csv_of, denied, load, paid, pending, x12
from upstream.claims.models import Payer
from upstream.core.errors import Conflict, Invalid
from upstream.ingestion.models import Batch
from upstream.ingestion.quality import behind, queries, services
from upstream.ingestion.quality.models import FileScore, Finding

pytestmark = pytest.mark.usefixtures("practice")
MARCH = datetime(2026, 3, 22, 12, tzinfo=UTC)
TODAY = date(2026, 3, 22)


def many(row: str, number: int, start: int = 0) -> list[str]:
    return [row.replace("C1,", f"C{start + place},", 1) for place in range(number)]


def test_a_good_file_has_all_points_and_no_finding() -> None:
    load(csv_of(*many(paid(), 40)), known_at=MARCH)
    look()
    assert found() == {}
    scores = list(FileScore.objects.order_by("payer").values_list("payer__name", "score", "claims", "answers"))
    assert scores == [("Summit Mutual", 100, 40, 40), (None, 100, 40, 40)]


def test_a_payment_out_of_balance_is_told_at_its_payer_with_the_money() -> None:
    batch = load(x12(PAID_835, amount="60"), known_at=MARCH)
    look()
    assert found() == {"unbalanced_payments": (1, 1, 400)}
    finding = Finding.objects.get()
    assert (finding.payer, finding.batch, finding.severity) == (Payer.objects.get(), batch, "fault")
    assert (finding.first_day, finding.last_day) == (date(2026, 3, 20), date(2026, 3, 20))
    assert [caveat.words for caveat in queries.caveats()] == [
        "1 file of SUMMIT MUTUAL is out of balance: look at the data first"
    ]
    assert set(FileScore.objects.values_list("score", flat=True)) == {75}


def test_rows_behind_a_finding_add_up_to_it() -> None:
    future = many(pending(day="2026-05-01"), 3)
    load(csv_of(*many(paid(), 30, 10), *future), known_at=MARCH)
    look()
    assert found()["date_in_future"] == (3, 33, 30_000)
    finding = Finding.objects.get(check_name="date_in_future")
    rows = behind.rows(finding, limit=100)
    assert (len(rows), sum(row.cents for row in rows)) == behind.total(finding) == (3, 30_000)
    assert {row.day for row in rows} == {date(2026, 5, 1)}


def denials(number: int, reason: str = "CO-197", payer: str = "Summit Mutual", start: int = 0) -> list[str]:
    return many(denied().replace("CO-197", reason).replace("Summit Mutual", payer), number, start)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([*denials(10), *denials(10, "CO-16", start=10), *denials(10, "CO-96", start=20)], id="reasons"),
        pytest.param(denials(30, ""), id="no reason said"),
    ],
)
def test_denials_above_forty_percent_of_many_lines_suspect_the_reading(rows: list[str]) -> None:
    load(csv_of(*rows, *many(paid(), 20, 100)), known_at=MARCH)
    look()
    assert found()["heavy_denials"] == (30, 50, 2_700_000)


def test_what_one_payer_denies_for_one_reason_is_its_own_doing_while_the_rest_is_as_always() -> None:
    load(csv_of(*denials(30), *denials(2, "CO-16", start=50), *many(paid(), 18, 100)), known_at=MARCH)
    look()
    assert found() == {}


def test_a_file_with_hardly_anything_but_denials_suspects_the_reading_whatever_their_reason() -> None:
    load(csv_of(*denials(41), *many(paid(), 9, 100)), known_at=MARCH)
    look()
    assert found()["heavy_denials"] == (41, 50, 3_690_000)


def test_two_payers_that_deny_alike_at_once_suspect_the_reading() -> None:
    both = [*denials(40), *denials(40, payer="Civic Care", start=100)]
    seen = [*many(paid(), 20, 200), *many(paid().replace("Summit Mutual", "Civic Care"), 20, 300)]
    load(csv_of(*both, *seen), known_at=MARCH)
    look()
    assert found(payer=None)["heavy_denials"] == (80, 120, 7_200_000)


def test_ranges_dates_and_order_are_each_found() -> None:
    rows = [
        *many(paid(), 34, 10),
        *many(paid(day="1999-03-02").replace("2026-03-16", "1999-03-20"), 2),
        *many(paid().replace("100.00,80.00,64.00", "100.00,180.00,190.00"), 4, 60),
    ]
    load(csv_of(*rows), known_at=MARCH)
    look()
    assert found() == {
        "date_too_old": (2, 40, 20_000),
        "allowed_over_billed": (4, 40, 40_000),
        "paid_over_allowed": (4, 40, 40_000),
    }


def test_answers_before_their_claims_are_found_once_both_are_there() -> None:
    answers = [PAID_835.replace("C1*", f"C{n}*") for n in range(20)]
    load(x12(*answers, amount="1280"), known_at=MARCH)
    load(csv_of(*many(pending(day="2026-03-21"), 20)), known_at=MARCH)
    look()
    assert found() == {"decided_before_submitted": (20, 20, 200_000)}


def test_rows_left_out_are_counted_and_what_could_not_be_read_in_them() -> None:
    bad = many(paid().replace("100.00,80.00", "lots,80.00"), 5, 100)
    load(csv_of(*many(paid(), 35), *bad), known_at=MARCH)
    look()
    assert found() == {
        "rows_left_out": (5, 40, 0),
        "mostly_left_out": (5, 40, 0),
        "unreadable_amounts": (5, 40, 0),
    }
    assert [caveat.words for caveat in queries.caveats(Payer.objects.get().pk)] == [
        "1 file has amounts that could not be read: look at the data first",
        "1 file was read in part: look at the data first",
    ]


def test_looking_again_changes_nothing() -> None:
    load(x12(PAID_835, DENIED_835, amount="60"), known_at=MARCH)
    look()
    before = list(Finding.objects.values())
    look()
    look(again=True)
    assert list(Finding.objects.values()) == before
    assert FileScore.objects.count() == 2


def test_a_later_file_clears_what_it_mends() -> None:
    whole = x12(PAID_835, DENIED_835, amount="64")
    load(whole[: whole.index(b"CLP*C2")], known_at=MARCH)
    look()
    assert found()["cut_off"] == (1, 1, 6_400)
    load(whole, known_at=datetime(2026, 3, 23, tzinfo=UTC))
    look()
    assert found() == {"wrong_totals": (2, 2, 0)}
    assert Finding.objects.get(check_name="cut_off").state == "cleared"


def test_a_take_back_without_its_answer_waits_for_it() -> None:
    take_backs = [REVERSAL.replace("C1*", f"C{n}*").replace("ICN1", f"ICN{n}") for n in range(10)]
    load(x12(*take_backs, amount="-640", check="CHK2"), known_at=MARCH)
    look()
    assert found()["reversal_without_original"] == (10, 10, -100_000)
    firsts = [PAID_835.replace("C1*", f"C{n}*").replace("ICN1", f"ICN{n}") for n in range(10)]
    load(x12(*firsts, amount="640"), known_at=datetime(2026, 3, 20, tzinfo=UTC))
    look()
    assert "reversal_without_original" not in found()


def test_a_dismissed_finding_is_no_caveat_until_more_rows_fail() -> None:
    batch = load(x12(PAID_835, amount="60"), known_at=MARCH)
    look()
    with pytest.raises(Invalid):
        services.dismiss(Finding.objects.get(), actor="user:1", note=" ")
    services.dismiss(Finding.objects.get(), actor="user:1", note="interest, as the payer says")
    look(again=True)
    assert (queries.caveats(), Finding.objects.get().state) == ([], "dismissed")
    with pytest.raises(Conflict):
        services.dismiss(Finding.objects.get(), actor="user:1", note="again")
    services.reopen(Finding.objects.get(), actor="user:1")
    assert len(queries.caveats(since=date(2026, 3, 20))) == 1
    assert queries.caveats(since=date(2026, 3, 21)) == []
    assert queries.caveats(until=date(2026, 3, 19)) == []
    assert Finding.objects.get().batch == batch


def test_a_practice_sets_its_own_limit_from_a_day_on() -> None:
    load(x12(PAID_835, amount="60"), known_at=MARCH)
    services.set_threshold("unbalanced_payments", value=None, valid_from=date(2026, 3, 23), actor="user:1", reason="x")
    look()
    assert "unbalanced_payments" in found()
    services.set_threshold("unbalanced_payments", value=None, valid_from=date(2026, 3, 22), actor="user:1", reason="x")
    look(again=True)
    assert found() == {}
    with pytest.raises(Invalid):
        services.set_threshold("no_such", value=1, valid_from=TODAY, actor="user:1", reason="x")


def test_a_new_column_and_a_new_sender_are_told_after_three_files() -> None:
    header = csv_of(
        header="claim_id,payer,procedure_code,diagnosis,location,submitted_date,decided_date,status,denial_reason,billed,allowed,paid"
    ).strip()
    for number in range(3):
        load(csv_of(*many(paid(), 3, 10 * number), header=header), known_at=MARCH)
        load(x12(PAID_835.replace("C1*", f"X{number}*"), amount="64", control=f"00000000{number}"), known_at=MARCH)
    load(csv_of(paid("C90") + ",1,x", header=header + ",units,Secret Name"), known_at=MARCH)
    load(x12(PAID_835, amount="64", check="C9").replace(b"*ZZ*PAYER  ", b"*ZZ*OTHER  "), known_at=MARCH)
    look()
    new = list(Finding.objects.filter(check_name="new_layout").order_by("batch").values_list("count", "detail"))
    assert [count for count, _ in new] == [2, 1]
    assert new[1][1] == {"new_senders": ["OTHER"]}
    assert sorted(new[0][1]) == ["new_columns"]
    assert "units" in new[0][1]["new_columns"]
    assert "secret" not in str(list(FileScore.objects.values_list("layout", flat=True))).lower()


def test_a_file_too_small_to_move_numbers_is_no_new_layout() -> None:
    for number in range(3):
        load(csv_of(*many(paid(), 50, 100 * number)), known_at=MARCH)
    load(csv_of(paid("C991") + ",1", header=HEADER + ",units"), known_at=MARCH)
    look()
    assert "new_layout" not in found()
    load(csv_of(*(f"{row},1" for row in many(paid(), 3, 995)), header=HEADER + ",units"), known_at=MARCH)
    look()
    assert "new_layout" in found()


def test_the_first_file_of_authorizations_is_no_new_layout_of_claims() -> None:
    for number in range(3):
        load(csv_of(*many(paid(), 3, 10 * number)), known_at=MARCH)
    columns = b"authorization_number,payer,status,procedure_code,requested_units,requested_at,valid_from,valid_until"
    load(columns + b"\nAU1,Summit Mutual,approved,97110,12,2026-03-01,2026-03-02,2026-05-31\n", known_at=MARCH)
    look()
    assert found() == {}
    assert list(FileScore.objects.filter(payer=None).order_by("batch").values_list("kind", flat=True)) == [
        "csv", "csv", "csv", "csv-told",
    ]  # fmt: skip


def test_the_same_claim_under_another_number_is_told_with_real_patients(settings: Settings) -> None:
    settings.REAL_DATA_MODE = True
    header = HEADER + PHI

    def of(number: int, account: int) -> str:
        return f"{paid(f'N{number}')},Ada,Lovelace,1980-01-01,M{account},A{account}"

    load(csv_of(*(of(number, number) for number in range(30)), header=header), known_at=MARCH)
    load(csv_of(*(of(100 + number, number) for number in range(30)), header=header), known_at=MARCH)
    load(csv_of(*(of(200 + number, 900 + number) for number in range(30)), header=header), known_at=MARCH)
    look()
    rows = Finding.objects.filter(check_name="repeated_claims").order_by("batch")
    assert [(row.count, row.of) for row in rows] == [(30, 30), (30, 30)]
    assert len(behind.rows(rows[0], limit=50)) == 30


def test_new_codes_are_told_once_enough_is_known() -> None:
    for number in range(3):
        load(x12(PAID_835.replace("C1*", f"X{number}*"), amount="64", control=f"00000000{number}"), known_at=MARCH)
    odd = PAID_835.replace("CAS*CO*45*20", "CAS*CO*ZZ9*20")
    load(x12(odd, DENIED_835, amount="64", check="C9"), known_at=MARCH)
    look()
    newest = Batch.objects.latest("pk")
    assert found(batch=newest, severity="note") == {"new_codes": (2, 3, 0)}
    assert found(batch=newest, severity="warning") == {"unlisted_codes": (1, 3, 0)}
    assert Finding.objects.get(check_name="new_codes").detail == {"codes": ["197", "ZZ9"]}
