from decimal import Decimal

from tests.demo.reading import World
from upstream.ingestion.formats import x12_835
from upstream.ingestion.records import ClaimRecord, Notice, RemittanceRecord
from upstream.samples.invented.remittances import ProviderAdjustment, amount, balance


def test_lines_claims_and_transactions_balance(world: World) -> None:
    assert len(world.transactions) > 400
    for transaction in world.transactions:
        for payment in transaction.payments:
            for service in payment.services:
                assert service.charge - sum(cents for _, _, cents in service.cas) == service.paid
            assert sum(service.charge for service in payment.services) == payment.charge
            assert sum(service.paid for service in payment.services) == payment.paid
        claims_paid = sum((payment.paid for payment in transaction.payments), Decimal(0))
        assert transaction.payment == claims_paid - transaction.plb
        assert transaction.payment >= 0


def test_envelopes_have_their_widths_and_counts(world: World) -> None:
    controls = set()
    for file in (each for each in world.files if each.kind == "x12"):
        lines = file.content.decode("ascii").split("~\n")
        assert file.content[104:107] == b":~\n"
        isa, gs, ge, iea = (lines[place].split("*") for place in (0, 1, -3, -2))
        assert (isa[0], gs[0], gs[1], gs[8]) == ("ISA", "GS", "HP", "005010X221A1")
        assert int(ge[1]) == file.content.count(b"\nST*835*")
        assert (ge[2], iea[1], iea[2]) == (gs[6], "1", isa[13])
        controls.add(isa[13])
    assert len(controls) == sum(file.kind == "x12" for file in world.files)
    assert all(transaction.counted == transaction.stated for transaction in world.transactions)


def test_check_numbers_are_unique(world: World) -> None:
    checks = [line for file in world.files if file.kind == "x12"
              for line in file.content.split(b"~\n") if line.startswith(b"TRN*")]  # fmt: skip
    assert len(set(checks)) == len(checks) == len(world.transactions)


def test_a_reversal_takes_back_what_stood_and_a_correction_follows(world: World) -> None:
    standing: dict[str, Decimal] = {}
    reversals = 0
    for transaction in world.transactions:
        for payment, after in zip(transaction.payments, [*transaction.payments[1:], None], strict=True):
            if payment.status == "22":
                reversals += 1
                assert payment.paid == -standing.pop(payment.number)
                assert after is not None
                assert (after.number, after.status == "22") == (payment.number, False)
            else:
                assert payment.number not in standing
                standing[payment.number] = payment.paid
    assert reversals > 100


def test_missing_information_always_carries_a_remark(world: World) -> None:
    services = [service for transaction in world.transactions for payment in transaction.payments
                for service in payment.services if payment.status != "22"]  # fmt: skip
    bare = [service for service in services if ("CO", "16") in {cas[:2] for cas in service.cas} and not service.remarks]
    assert bare == []


def test_secondary_claims_are_rare_and_settle_the_rest(lakeside: World) -> None:
    second = [payment for transaction in lakeside.transactions for payment in transaction.payments
              if payment.status == "2"]  # fmt: skip
    assert 100 < len(second) < 0.02 * len(lakeside.claims)
    assert all(lakeside.claims[payment.number][0]["payer_order"] == "2" for payment in second)
    assert all(
        any(cas[:2] == ("OA", "23") for service in payment.services for cas in service.cas) for payment in second
    )


def test_a_payment_is_never_negative() -> None:
    recovery = [ProviderAdjustment("WO", "1", 5000)]
    assert balance(10_000, recovery, 0) == (5000, recovery, 0)
    short = [*recovery, ProviderAdjustment("FB", "BALANCE", -2000)]
    assert balance(3000, recovery, 0) == (0, short, 2000)
    assert balance(9000, [], 2000) == (7000, [ProviderAdjustment("FB", "BALANCE", 2000)], 0)


def test_amounts_are_written_without_trailing_zeros() -> None:
    assert [amount(cents) for cents in (0, 5, 10, 1200, 1250, -98000, -7)] == [
        "0", "0.05", "0.1", "12", "12.5", "-980", "-0.07",
    ]  # fmt: skip


def test_the_product_reads_every_remittance_without_a_doubt(world: World) -> None:
    files = [file.content for file in world.files if file.kind == "x12"]
    records = [record for content in files for record in x12_835.read([content])]
    claims = [record for record in records if isinstance(record, ClaimRecord)]
    remittances = [record for record in records if isinstance(record, RemittanceRecord)]
    payments = [payment for transaction in world.transactions for payment in transaction.payments]
    assert [record for record in records if isinstance(record, Notice)] == []
    assert [(claim.claim_number, Decimal(claim.paid_cents) / 100) for claim in claims] == [
        (payment.number, payment.paid) for payment in payments
    ]
    assert not any(claim.balance_cents for claim in claims)
    assert not any(remittance.difference_cents for remittance in remittances)
    assert len(remittances) == len(world.transactions)
