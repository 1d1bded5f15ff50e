"""Practice files become claims with memory."""

import json
from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from tests.factories import organization
from tests.ingestion.world import HEADER, MAY, PHI, counts, csv_of, denied, load, paid, pending
from upstream.claims import rollups
from upstream.claims.choices import Outcome
from upstream.claims.models import (
    Adjudication,
    Adjustment,
    Claim,
    ClaimIdentity,
    ClaimRevision,
    Patient,
    PayerWeek,
    ServiceLine,
)
from upstream.core import tenancy
from upstream.core.errors import Unreadable
from upstream.ingestion import services
from upstream.ingestion.choices import BatchState
from upstream.ingestion.models import Batch, Rejection
from upstream.tenants.services import tenant_keys

pytestmark = pytest.mark.usefixtures("practice")


def test_a_paid_claim():
    batch = load(csv_of(paid()))
    claim = Claim.objects.select_related("payer", "site").get()
    assert (batch.state, batch.status) == ("loaded", "loaded")
    assert (batch.claims, batch.adjudications, batch.rejected) == (1, 1, 0)
    assert (claim.payer.name, claim.site.name, claim.procedure_code) == ("Summit Mutual", "Main", "99213")
    assert (claim.billed_cents, claim.allowed_cents, claim.paid_cents) == (10_000, 8_000, 6_400)
    assert (claim.outcome, claim.submitted_date, claim.decided_date) == (
        Outcome.PAID,
        date(2026, 3, 2),
        date(2026, 3, 16),
    )


def test_a_snapshots_rows_are_known_from_their_own_dates():
    load(csv_of(paid()))
    claim = Claim.objects.get()
    # Midnight in Chicago, where the practice is.
    assert claim.known_at == datetime(2026, 3, 2, 6, tzinfo=UTC)
    assert claim.decision_known_at == datetime(2026, 3, 16, 5, tzinfo=UTC)


def test_a_stated_time_of_knowledge_wins():
    load(csv_of(paid()), known_at=MAY)
    claim = Claim.objects.get()
    assert (claim.known_at, claim.decision_known_at) == (MAY, MAY)


def test_a_denial_has_its_reason_and_category():
    load(csv_of(denied()))
    claim = Claim.objects.get()
    assert (claim.outcome, claim.denial_group, claim.denial_carc) == (Outcome.DENIED, "CO", "197")
    assert claim.denial_category == "AUTH"
    assert list(Adjustment.objects.values_list("group_code", "carc", "cents")) == [("CO", "197", 90_000)]


def test_a_pending_claim_is_decided_by_a_later_file():
    load(csv_of(pending()), known_at=datetime(2026, 3, 3, 12, tzinfo=UTC))
    assert Claim.objects.get().outcome == Outcome.PENDING
    load(csv_of(paid()), known_at=datetime(2026, 3, 17, 12, tzinfo=UTC))
    claim = Claim.objects.get()
    assert (claim.outcome, claim.known_at.day, claim.decision_known_at.day) == (Outcome.PAID, 3, 17)
    assert (Adjudication.objects.count(), ClaimRevision.objects.count()) == (1, 0)


def test_the_first_decision_stays_and_a_later_one_is_an_event():
    load(csv_of(denied()), known_at=datetime(2026, 3, 21, 12, tzinfo=UTC))
    load(csv_of(denied().replace("denied,CO-197,900.00,,0.00", "paid,,900.00,700.00,700.00")), known_at=MAY)
    claim = Claim.objects.get()
    assert (claim.outcome, claim.denial_carc, claim.decision_known_at.month) == (Outcome.DENIED, "197", 3)
    assert list(Adjudication.objects.order_by("known_at").values_list("outcome", flat=True)) == [2, 1]


def test_a_decision_known_earlier_but_loaded_later_is_the_first():
    load(csv_of(paid()), known_at=MAY)
    load(csv_of(denied().replace("73721,M17.11", "99213,M54.50")), known_at=datetime(2026, 3, 21, 12, tzinfo=UTC))
    assert Claim.objects.get().outcome == Outcome.DENIED


def test_corrected_facts_leave_what_was_known():
    load(csv_of(pending()), known_at=datetime(2026, 3, 3, 12, tzinfo=UTC))
    load(csv_of(pending().replace("99213", "99214").replace("Main", "North")), known_at=MAY)
    claim = Claim.objects.select_related("site").get()
    revision = ClaimRevision.objects.select_related("site").get()
    assert (claim.procedure_code, claim.site.name, claim.facts_known_at) == ("99214", "North", MAY)
    assert (revision.procedure_code, revision.site.name) == ("99213", "Main")
    assert (revision.known_from.month, revision.known_until) == (3, MAY)


def test_an_older_file_does_not_undo_newer_facts():
    load(csv_of(pending().replace("99213", "99214")), known_at=MAY)
    load(csv_of(pending()), known_at=datetime(2026, 3, 3, 12, tzinfo=UTC))
    claim, revision = Claim.objects.get(), ClaimRevision.objects.get()
    assert (claim.procedure_code, claim.known_at.month) == ("99214", 3)
    assert (revision.procedure_code, revision.known_from.month, revision.known_until) == ("99213", 3, MAY)


def test_the_same_file_twice_changes_nothing():
    first = load(csv_of(paid(), denied("C2")))
    before = counts()
    again, new = services.receive([csv_of(paid(), denied("C2")).encode()], name="again.csv", received_from="test")
    assert (again.pk, new, services.load(again.pk)) == (first.pk, False, False)
    assert counts() == before


def test_the_same_rows_in_another_file_change_nothing():
    load(csv_of(paid(), denied("C2")))
    before = counts()
    second = load(csv_of(paid(), denied("C2")) + "\n")
    assert (second.adjudications, second.new_adjudications) == (2, 0)
    assert counts() == before


def test_a_file_cut_in_half_and_then_whole_doubles_nothing():
    rows = [paid(f"C{n}") for n in range(10)]
    whole = csv_of(*rows)
    cut = load(whole[: len(whole) // 2])
    assert cut.rejected + cut.claims == len(whole[: len(whole) // 2].strip().splitlines()) - 1
    load(whole)
    assert (Claim.objects.count(), Adjudication.objects.count()) == (10, 10)


def test_bad_rows_are_set_aside_and_good_rows_load():
    batch = load(csv_of(paid(), paid("C2").replace("100.00", "a lot"), paid("C3")))
    rejection = Rejection.objects.get()
    assert (batch.status, batch.claims, batch.rejected) == ("partly_loaded", 2, 1)
    assert (rejection.position, rejection.field, rejection.code) == (3, "billed", "bad_amount")
    raw = tenant_keys().unseal(rejection.sealed_raw, Rejection.TABLE, "sealed_raw", f"{batch.sha256}:3".encode())
    assert b"a lot" in raw


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\x00\x00", "empty_file"),
        (b"<html><body>Please sign in</body></html>", "unknown_format"),
        (b"%PDF-1.7 something", "unknown_format"),
        (b"C1,Summit Mutual,2026-03-02,100.00\nC2,Summit Mutual,2026-03-03,90.00\n", "no_header"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_reason(content, code):
    batch = load(content)
    assert (batch.state, batch.error_code, Claim.objects.count()) == (BatchState.REJECTED, code, 0)
    assert batch.error_message


def test_a_refused_file_may_be_tried_again():
    load(b"<html></html>")
    batch, new = services.receive([b"<html></html>"], name="again", received_from="test")
    assert (new, batch.state, batch.error_code) == (True, BatchState.LANDED, "")


def test_a_fault_while_reading_leaves_nothing(monkeypatch):
    def fails(*_: object, **__: object) -> int:
        raise Unreadable("broken", "broken in the middle", line=7, field="paid")

    monkeypatch.setattr(rollups, "recount", fails)
    batch = load(csv_of(paid()))
    assert (batch.state, batch.error_message) == ("rejected", "broken in the middle (line 7, paid)")
    assert counts()["Claim"] == 0


def test_a_file_that_fails_five_times_is_given_up():
    batch, _ = services.receive([csv_of(paid()).encode()], name="x", received_from="test")
    Batch.objects.filter(pk=batch.pk).update(attempts=5)
    services.load(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.error_code) == (BatchState.REJECTED, "gave_up")


def test_identifying_values_are_dropped_at_the_door_by_default():
    load(csv_of(paid() + ",Ada,Lovelace,1980-01-01,M100,A200", header=HEADER + PHI))
    opened = ClaimIdentity.objects.get().opened(tenant_keys())
    assert (Patient.objects.count(), opened) == (0, {"claim_number": "C1"})


def test_identifying_values_are_sealed_in_real_data_mode(settings):
    settings.REAL_DATA_MODE = True
    load(csv_of(paid() + ",Ada,Lovelace,1980-01-01,M100,A200", header=HEADER + PHI))
    patient = Patient.objects.get()
    assert patient.opened(tenant_keys()) == {
        "first_name": "Ada",
        "last_name": "Lovelace",
        "birth_date": "1980-01-01",
        "member_id": "M100",
        "account": "A200",
    }
    assert Claim.objects.get().patient_id == patient.pk
    assert b"Lovelace" not in bytes(patient.sealed)
    assert Patient.objects.filter(key_bidx=tenant_keys().index("member_id", "M100")).exists()


def test_a_patients_new_name_replaces_the_old_one_and_stays_one_patient(settings):
    settings.REAL_DATA_MODE = True
    for last, number in (("Byron", "C1"), ("Lovelace", "C2")):
        load(csv_of(paid(number) + f",Ada,{last},1980-01-01,M100,A200", header=HEADER + PHI))
    assert Patient.objects.get().opened(tenant_keys())["last_name"] == "Lovelace"


def test_replacements_are_one_family_with_their_first_claim():
    header = HEADER + ",frequency_code,original_claim_id"
    load(csv_of(denied("C1") + ",1,", paid("C2") + ",7,C1", paid("C3") + ",7,C2", header=header))
    families = dict(Claim.objects.values_list("position", "family_key"))
    assert len({bytes(key) for key in families.values()}) == 1
    assert PayerWeek.objects.filter(outcome=0).values_list("claims", flat=True).get() == 1


def test_replacements_are_one_family_in_whatever_order_they_come():
    header = HEADER + ",frequency_code,original_claim_id"
    for row in (paid("C3") + ",7,C2", paid("C2") + ",7,C1", denied("C1") + ",1,"):
        load(csv_of(row, header=header))
    assert len({bytes(key) for key in Claim.objects.values_list("family_key", flat=True)}) == 1


def test_another_practices_same_claim_number_is_another_claim(practice):
    load(csv_of(paid()))
    mine = Claim.objects.get().number_bidx
    tenancy._scope.set(tenancy.Scope())
    with tenancy.bind(organization().pk), transaction.atomic():
        load(csv_of(denied()))
        theirs = Claim.objects.get()
        assert (theirs.outcome, bytes(theirs.number_bidx) != bytes(mine)) == (Outcome.DENIED, True)
    with tenancy.bind(practice):
        pass


def test_the_file_name_is_sealed():
    batch = load(csv_of(paid()), name="Ada Lovelace.csv")
    assert b"Lovelace" not in bytes(batch.sealed_name)
    assert (batch.name(tenant_keys()), str(batch)) == ("Ada Lovelace.csv", f"batch {batch.public_id}")
    assert "Lovelace" not in json.dumps(batch.notices)


@pytest.mark.parametrize("name", ["語" * 200, "a\udc80b.csv"])
def test_any_file_name_can_be_shown(name):
    assert load(csv_of(paid()), name=name).name(tenant_keys())


def test_three_statements_of_the_facts_follow_one_another():
    march, april, may = (datetime(2026, month, 3, 12, tzinfo=UTC) for month in (3, 4, 5))
    for place, known_at in (("South", may), ("Main", march), ("North", april)):
        load(csv_of(pending().replace("Main", place)), known_at=known_at)
    spans = ClaimRevision.objects.order_by("known_from").values_list("site__name", "known_from", "known_until")
    assert list(spans) == [("Main", march, april), ("North", april, may)]
    assert Claim.objects.select_related("site").get().site.name == "South"


def test_a_replacement_that_names_its_original_later_joins_the_family():
    header = HEADER + ",frequency_code,original_claim_id"
    load(csv_of(denied("C1"), paid("C2")))
    load(csv_of(paid("C2") + ",7,C1", header=header))
    assert sum(PayerWeek.objects.filter(outcome=0).values_list("claims", flat=True)) == 1


def test_a_corrected_claim_has_the_lines_of_the_correction():
    header = HEADER + ",line_id"
    load(csv_of(pending() + ",1", pending() + ",2", header=header), known_at=datetime(2026, 3, 3, tzinfo=UTC))
    load(csv_of(pending().replace("99213", "99214").replace("100.00", "150.00") + ",1", header=header), known_at=MAY)
    assert list(ServiceLine.objects.values_list("number", "procedure_code", "billed_cents")) == [(1, "99214", 15_000)]


def test_a_disk_that_is_away_costs_no_attempt(monkeypatch):
    batch, _ = services.receive([csv_of(paid()).encode()], name="x", received_from="test")

    def away(*_: object) -> None:
        raise OSError("no disk")

    monkeypatch.setattr(services.storage, "read", away)
    with pytest.raises(OSError, match="no disk"):
        services.load(batch.pk)
    assert Batch.objects.values_list("attempts", "state").get() == (0, BatchState.LANDED)
