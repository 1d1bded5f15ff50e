"""A table read under a wrong mapping is read again under the right one, as if it had never been read otherwise."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from tests.factories import organization
from tests.ingestion.test_any_order import COUNTED, KNOWN
from tests.ingestion.test_mapping import EXPORT, confirmed, loaded
from tests.ingestion.world import MAY, csv_of, load, pending, x12
from upstream.claims.choices import Outcome
from upstream.claims.models import Adjudication, Claim, NewCode, Withdrawal
from upstream.claims.queries import claims, timeline
from upstream.core import storage, tenancy
from upstream.core.errors import Conflict, Invalid
from upstream.ingestion import mapping, rereading, services
from upstream.ingestion.models import Batch, MappingProfile, Rejection
from upstream.ingestion.quality.models import FileScore
from upstream.ingestion.quality.services import measure_new
from upstream.tenants.services import tenant_keys

TITLES = "Claim #,Acct,Payor,CPT,DOS,Chg Amt,Allowed,Ins Pmt,Denial Cd,Pmt Date"
TABLE = "\n".join(
    [
        TITLES,
        "1001,A1,Summit Mutual,99213,03/02/2026,120.00,100.00,80.00,,03/20/2026",
        "1002,A2,Summit Mutual,73721,03/03/2026,1900.00,,0.00,CO197,03/21/2026",
        "1003,A3,Summit Mutual,99213,03/04/2026,120.00,,,,",
    ]
) + "\n"  # fmt: skip


def with_columns(batch: Batch, **changes: str) -> Any:
    """The proposed profile of the file with some of its columns meaning something else ("" for nothing)."""
    profile = mapping.preview(batch, tenant_keys()).proposal.profile
    columns = {**profile.columns, **{name.replace("_", " "): ours for name, ours in changes.items()}}
    return replace(profile, columns={name: ours for name, ours in columns.items() if ours})


def misread(**changes: str) -> Batch:
    """The table, read under a mapping in which some of the columns mean something else."""
    batch = load(TABLE, MAY)
    mapping.confirm(batch, profile=with_columns(batch, **changes), name="Export", actor="user:1")
    return loaded(batch)


RIGHT = {
    "claim_#": "claim_id", "acct": "patient_account", "cpt": "procedure_code", "chg_amt": "billed",
    "allowed": "allowed", "ins_pmt": "paid",
}  # fmt: skip


def right(batch: Batch) -> Any:
    return with_columns(batch, **RIGHT)


def read_rightly(batch: Batch) -> Batch:
    with transaction.atomic():
        rereading.corrected(batch, profile=right(batch), name="Export", actor="user:2")
    return loaded(batch)


def held() -> list[Any]:
    with connection.cursor() as cursor:
        found = []
        for question in (KNOWN, COUNTED):
            cursor.execute(question)
            found.append(cursor.fetchall())
        return found


@pytest.mark.usefixtures("practice")
def test_what_only_the_wrong_reading_said_counts_nowhere_and_stays_in_the_claims_history():
    batch = misread(**{"claim_#": "", "acct": "claim_id"})
    assert (batch.claims, claims().count()) == (3, 3)
    wrong = set(Claim.objects.values_list("pk", flat=True))
    batch = read_rightly(batch)
    assert (batch.status, batch.mapping.version, batch.claims, batch.adjudications) == ("loaded", 2, 3, 2)
    assert batch.notices == {"withdrawn_claims": 3, "withdrawn_answers": 2}
    assert claims().count() == 3
    assert not wrong & set(claims().values_list("pk", flat=True))
    denied = Claim.objects.get(pk__in=wrong, billed_cents=190_000)
    assert (denied.payer_order, denied.outcome) == (0, Outcome.PENDING)
    assert [event.words for event in timeline(denied)][1:] == [
        "Withdrawn, as its file was read again: denied", "Withdrawn, as its file was read again: what was billed",
    ]  # fmt: skip
    assert {(row.withdrawn_by, row.batch_id) for row in Withdrawal.objects.all()} == {("user:2", batch.pk)}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"claim_#": "", "acct": "claim_id"},
        {"allowed": "paid", "ins_pmt": ""},
        {"allowed": "billed", "chg_amt": "allowed"},
        {"cpt": "diagnosis"},
    ],
    ids=["another number", "another paid", "another charge", "no procedure"],
)
@pytest.mark.parametrize("around", [True, False], ids=["among others", "alone"])
def test_after_it_everything_is_as_if_it_had_been_read_rightly_at_once(settings, wrong, around):
    settings.REAL_DATA_MODE = True
    before = csv_of(pending("1001", "2026-03-02"), pending("7777"))
    after = x12(
        "CLP*1003*1*120*64*16*12*ICN1*11~DTM*232*20260304~SVC*HC:99213*120*64**1~CAS*CO*45*40~CAS*PR*2*16", amount="64"
    )
    found = []
    for reading in (wrong, None):
        with tenancy.bind(organization().pk):
            if around:
                load(before, MAY - timedelta(days=20))
            batch = misread(**wrong) if reading else None
            if around:
                load(after, MAY + timedelta(days=3))
            if batch:
                read_rightly(batch)
            else:
                batch = load(TABLE, MAY)
                mapping.confirm(batch, profile=right(batch), name="Export", actor="user:1")
                loaded(batch)
            found.append((held_without_withdrawn(), NewCode.objects.count()))
    assert found[0] == found[1]


def held_without_withdrawn() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number_bidx IS NOT NULL, procedure_code, diagnosis, submitted_date, service_date, billed_cents,"
            " payer_order, outcome, decided_date, denial_carc, allowed_cents, paid_cents, known_at, facts_known_at"
            " FROM claims_claim WHERE payer_order > 0 ORDER BY 2, 3, 4, 5, 6, 8, 9"
        )
        rows = cursor.fetchall()
        cursor.execute("SELECT count(*), sum(paid_cents), sum(billed_cents) FROM claims_adjudication")
        rows += cursor.fetchall()
        cursor.execute("SELECT count(*) FROM claims_serviceline")
        rows += cursor.fetchall()
        cursor.execute(
            "SELECT submitted_week, known_week, outcome, sum(claims), sum(billed_cents), sum(paid_cents)"
            " FROM claims_payerweek GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
        )
        return rows + cursor.fetchall()


@pytest.mark.usefixtures("practice")
def test_reading_again_and_back_again_changes_nothing_else():
    batch = read_rightly(misread(allowed="paid", ins_pmt=""))
    first = held()
    one, two = MappingProfile.objects.order_by("version")
    mapping.use_again(one)
    for version in (one, two):
        with transaction.atomic():
            rereading.read_again(batch, mapping=version, actor="user:1")
        batch = loaded(batch)
    assert held() == first
    assert set(Withdrawal.objects.values_list("kind", "said__paid_cents")) == {("answer", 10_000), ("answer", 8_000)}


@pytest.mark.usefixtures("practice")
def test_an_answer_of_a_payer_keeps_a_claim_that_the_file_does_not_tell_of():
    batch = misread(**{"claim_#": "", "acct": "claim_id"})
    load(
        x12(
            "CLP*A1*1*120*64*16*12*ICN1*11~DTM*232*20260302~SVC*HC:99213*120*64**1~CAS*CO*45*40~CAS*PR*2*16",
            amount="64",
        )
    )
    read_rightly(batch)
    kept = Claim.objects.get(number_bidx=tenant_keys().index("claim_number", "A1"))
    assert (kept.payer_order, kept.outcome, kept.paid_cents, kept.procedure_code) == (1, Outcome.PAID, 6_400, "")
    load(
        x12(
            "CLP*A2*4*1900*0**12*ICN2*11~DTM*232*20260303~SVC*HC:73721*1900*0**1~CAS*CO*50*1900", amount="0", check="C9"
        )
    )
    again = Claim.objects.get(number_bidx=tenant_keys().index("claim_number", "A2"))
    assert (again.payer_order, again.outcome, again.denial_carc) == (1, Outcome.DENIED, "50")
    assert claims().count() == 5


@pytest.mark.usefixtures("practice")
def test_rows_in_quarantine_are_those_of_the_new_reading_and_settled_ones_stay():
    table = TABLE.replace("120.00,,,,", "broken,,,,").replace("1900.00", "n/a")
    batch = load(table, MAY)
    mapping.confirm(batch, profile=right(batch), name="Export", actor="user:1")
    batch = loaded(batch)
    Rejection.objects.filter(batch=batch, position=3).update(state="discarded")
    assert (batch.claims, batch.rejected) == (1, 2)
    with transaction.atomic():
        rereading.corrected(batch, profile=with_columns(batch, allowed="", acct=""), name="Export", actor="user:1")
    batch = loaded(batch)
    assert (batch.claims, batch.rejected) == (1, 2)
    states = Rejection.objects.order_by("position").values_list("position", "state")
    assert list(states) == [(3, "discarded"), (4, "open")]


@pytest.mark.usefixtures("practice")
def test_when_the_new_reading_fails_the_earlier_one_stands():
    batch = misread(allowed="paid", ins_pmt="")
    before = held()
    other = mapping.keep(profile=right(batch), name="Other", actor="user:1")
    storage.remove("landing", batch.sha256, tenant_keys())
    with transaction.atomic():
        rereading.read_again(batch, mapping=other, actor="user:1")
    batch = loaded(batch)
    assert (batch.state, batch.error_code, batch.mapping.name, batch.claims) == (
        "loaded",
        "not_read_again",
        "Export",
        3,
    )
    assert "stands as it was read before" in batch.error_message
    assert (held(), Withdrawal.objects.count()) == (before, 0)


@pytest.mark.usefixtures("practice")
def test_what_cannot_be_read_again():
    batch = misread(allowed="paid", ins_pmt="")
    with pytest.raises(Conflict, match="as it stands now"):
        rereading.read_again(batch, mapping=batch.mapping, actor="user:1")
    other = mapping.keep(profile=with_columns(batch, cpt=""), name="Export", actor="user:1")
    assert rereading.newer_mapping(batch) == other
    with pytest.raises(Invalid, match="only CSV and Excel"):
        rereading.read_again(load(x12("CLP*Z1*1*5*5**12*I*11", amount="5")), mapping=other, actor="user:1")
    Batch.objects.filter(pk=batch.pk).update(removed_at=MAY)
    with pytest.raises(Invalid, match="was removed"):
        rereading.read_again(batch, mapping=other, actor="user:1")
    Batch.objects.filter(pk=batch.pk).update(removed_at=None, state="landed")
    with pytest.raises(Conflict, match="not read yet"):
        rereading.read_again(batch, mapping=other, actor="user:1")


@pytest.mark.usefixtures("practice")
def test_all_files_of_earlier_versions_are_read_again_and_looked_at_again():
    first = misread(allowed="paid", ins_pmt="")
    second = load(TABLE.replace("100", "200"), MAY)
    with transaction.atomic():
        measure_new()
    mapping.keep(profile=right(first), name="Export", actor="user:1")
    with transaction.atomic():
        assert rereading.read_all_again(mapping.named("Export"), actor="user:1") == 2
    for batch in (first, second):
        services.load(batch.pk)
    looked = FileScore.objects.filter(payer=None)
    before = set(looked.values_list("pk", flat=True))
    with transaction.atomic():
        measure_new()
    assert not before & set(looked.values_list("pk", flat=True))
    assert set(Adjudication.objects.values_list("paid_cents", flat=True)) == {8_000, 0}


@pytest.mark.usefixtures("practice")
def test_rows_of_a_retired_mapping_are_put_right_by_it():
    from upstream.ingestion import corrections

    batch = load(EXPORT.replace("$120.00", "twelve"))
    kept = confirmed(batch)
    batch = loaded(batch)
    mapping.retire(kept)
    row = Rejection.objects.get(batch=batch)
    with transaction.atomic():
        text = row.raw(tenant_keys())
    made = corrections.fix(row, text=text.replace("twelve", "120.00"), actor="user:1")
    services.load(made.pk)
    made.refresh_from_db()
    assert (made.status, made.claims, made.mapping_id) == ("loaded", 1, kept.pk)
