"""Files of every X12 type on their whole way: one file may hold all, and sent again it changes nothing."""

import pytest

from tests.ingestion.formats.test_x12_271 import OPENED, SUBSCRIBER
from tests.ingestion.formats.test_x12_277 import ACCEPTED, REFUSED, TAKEN_IN
from tests.ingestion.formats.test_x12_278 import ANSWER, EVENT
from tests.ingestion.formats.test_x12_999 import OPENED as ANSWERED
from tests.ingestion.formats.test_x12_999 import REFUSED as UNTAKEN
from tests.ingestion.formats.x12 import PAID_CLAIM, enclosed, transaction
from tests.ingestion.formats.x12_837 import BEFORE, CLAIM, HEADER, PROVIDER, sent
from tests.ingestion.world import counts, load
from upstream.claims.choices import Outcome
from upstream.claims.models import Authorization, Claim, ClaimStatus, Coverage, Patient
from upstream.ingestion.models import Acknowledgement, Rejection

pytestmark = pytest.mark.usefixtures("practice")
BROKEN = CLAIM.replace("CLM*A-1*150", "CLM*A-9*$150")
PAYMENT = transaction(PAID_CLAIM.replace("CLP*A1*1*120", "CLP*A-1*1*120")).removeprefix("ST*").rpartition("SE*")[0]
ALL_TYPES = (
    BEFORE + CLAIM + BROKEN,
    TAKEN_IN + ACCEPTED + REFUSED,
    OPENED + SUBSCRIBER + "EB*1**30*C1*GOLD 123~",
    ANSWER + EVENT,
    ANSWERED + UNTAKEN,
    PAYMENT,
    "834*0009~INS*Y~",
)


def kept() -> dict[str, int]:
    others = (ClaimStatus, Authorization, Coverage, Acknowledgement, Rejection)
    return counts() | {model.__name__: model.objects.count() for model in others}


def test_one_file_may_hold_every_type():
    batch = load(enclosed(*ALL_TYPES))
    assert (batch.state, batch.claims, batch.lines, batch.rejected, batch.adjudications) == ("loaded", 2, 3, 1, 1)
    told = (batch.statuses, batch.refusals, batch.authorizations, batch.coverages, batch.acknowledgements)
    assert told == (3, 1, 1, 1, 3)
    assert batch.notices == {"skipped_transaction_type": 1}


def test_sent_again_in_a_new_envelope_nothing_is_doubled():
    load(enclosed(*ALL_TYPES))
    before = kept()
    again = load(enclosed(*ALL_TYPES, control="000000777"))
    assert (again.claims, again.new_adjudications) == (2, 0)
    assert kept() == before | {"Rejection": 2}


def test_an_837_is_a_claim_that_waits_and_its_835_answers_it(settings):
    settings.REAL_DATA_MODE = True
    load(sent(BEFORE + CLAIM))
    claim = Claim.objects.get()
    assert (claim.outcome, claim.billed_cents, claim.diagnosis, claim.place_of_service) == (
        Outcome.PENDING,
        15_000,
        "M54.5",
        "11",
    )
    assert (claim.frequency_code, claim.payer_order, claim.rendering_npi) == ("1", 1, "1888888885")
    assert (str(claim.submitted_date), str(claim.service_date)) == ("2025-03-10", "2025-02-28")
    load(enclosed(PAYMENT, group="HP", guide="005010X221A1"))
    claim.refresh_from_db()
    assert claim.outcome == Outcome.PAID
    assert (str(claim.submitted_date), claim.diagnosis) == ("2025-03-10", "M54.5")
    assert Patient.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            enclosed("276*0001~BHT*0010*13*X~"),
            "the file holds only kinds of transaction that are not loaded, such as requests (line 3, ST01)",
        ),
        (
            sent(HEADER + PROVIDER),
            "the file holds transactions, but none has a claim, payment or answer in it (line 3, CLM)",
        ),
        (
            enclosed()[:-20],
            "the file holds no claim, payment or answer that can be read (line 2, GE)",
        ),
    ],
)
def test_a_file_that_tells_nothing_is_refused_with_the_reason_and_the_place(data, message):
    batch = load(data)
    assert (batch.state, batch.error_code, batch.error_message) == ("rejected", "nothing_to_load", message)
