"""The payment around the claims: who pays, whether it adds up, what names it."""

from datetime import date

from tests.ingestion.formats.x12 import (
    PAID_CLAIM,
    claims_of,
    interchange,
    notices_of,
    remittance,
    remittances_of,
    transaction,
)
from upstream.ingestion.formats.x12_835 import read
from upstream.ingestion.records import (
    ClaimRecord,
    ProviderAdjustmentRecord,
    RemittanceRecord,
)


def test_the_remittance_follows_its_claims_and_adds_up():
    records = list(read([remittance(PAID_CLAIM, amount="75", tail="PLB*1999999984*20251231*WO:ICN0*5~")]))
    assert [type(record) for record in records] == [ClaimRecord, RemittanceRecord]
    assert records[1] == RemittanceRecord(
        position=3,
        transaction_key="HA001|EFT77|20250310|7500|1999999984|e109e292b988375c",
        payer_name="Harbor Advantage",
        payer_id="HA001",
        payee_npi="1999999984",
        check_number="EFT77",
        method="ACH",
        amount_cents=7500,
        payment_date=date(2025, 3, 10),
        claims=1,
        claims_paid_cents=8000,
        provider_adjustments=[ProviderAdjustmentRecord("WO", "ICN0", 500)],
        difference_cents=0,
    )


def test_a_take_back_larger_than_the_claims_balances_with_plb():
    tail = "PLB*1999999984*20251231*WO:ICN0*500*FB:BAL1*-420*L6:ICN1*-.5~PLB*1999999984*20251231*CS*.5~"
    (remit,) = remittances_of(remittance(PAID_CLAIM, amount="0", tail=tail))
    assert remit.provider_adjustments == [
        ProviderAdjustmentRecord("WO", "ICN0", 50000),
        ProviderAdjustmentRecord("FB", "BAL1", -42000),
        ProviderAdjustmentRecord("L6", "ICN1", -50),
        ProviderAdjustmentRecord("CS", "", 50),
    ]
    assert remit.difference_cents == 0
    assert remit.claims_paid_cents == 8000


def test_an_unbalanced_payment_shows_the_difference():
    (remit,) = remittances_of(remittance(PAID_CLAIM, amount="81.25"))
    assert remit.difference_cents == 125


def test_the_payer_is_named_by_its_strongest_id():
    data = remittance(PAID_CLAIM)
    assert claims_of(data)[0].payer_id == "HA001"
    by_reference = data.replace(b"*XV*HA001~", b"~REF*2U*87~")
    assert claims_of(by_reference)[0].payer_id == "87"
    assert claims_of(data.replace(b"*XV*HA001~", b"~"))[0].payer_id == "1512345678"


def test_a_payer_repeated_between_claims_names_what_follows():
    second = "N1*PR*Civic Care*XV*CC9~LX*2~" + PAID_CLAIM.replace("A1", "A2")
    data = remittance(PAID_CLAIM, second, amount="160")
    assert [(claim.claim_number, claim.payer_name, claim.payer_id) for claim in claims_of(data)] == [
        ("A1", "Harbor Advantage", "HA001"),
        ("A2", "Civic Care", "CC9"),
    ]
    assert notices_of(data) == [("N1", "repeated_header")]


def test_a_facility_named_by_npi_bills_its_own_claims():
    body = "TS3*6543210903*11*20251231*1*120~" + PAID_CLAIM + "LX*2~" + PAID_CLAIM
    assert [claim.billing_npi for claim in claims_of(remittance(body))] == ["6543210903", "1999999984"]


def test_the_same_event_has_the_same_key_in_a_new_interchange():
    first = claims_of(interchange(transaction(PAID_CLAIM), control="000000101"))
    again = claims_of(interchange(transaction(PAID_CLAIM, control="0009"), control="000000999"))
    rewritten = claims_of(remittance(PAID_CLAIM.replace("*120*80*", "*120.00*80.0*")))
    assert first[0].event_key == again[0].event_key == rewritten[0].event_key


def test_equal_claims_in_one_transaction_are_different_events():
    claims = claims_of(remittance(PAID_CLAIM, PAID_CLAIM, amount="160"))
    assert [claim.event_key.rsplit("|", 1)[1] for claim in claims] == ["1", "2"]


def test_a_reused_check_number_with_other_claims_is_another_part():
    data = interchange(transaction(PAID_CLAIM), transaction(PAID_CLAIM.replace("A1", "B7"), control="0002"))
    first, second = remittances_of(data)
    assert first.transaction_key.rsplit("|", 1)[0] == second.transaction_key.rsplit("|", 1)[0]
    assert first.transaction_key != second.transaction_key
