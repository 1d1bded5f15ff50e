"""Little practices drawn at random: claims with their answers; some sent again, acknowledged, or with a letter."""

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.utils import timezone
from hypothesis import strategies as st

from tests.ingestion.told import status, tell
from tests.ingestion.world import HEADER, csv_of, load
from tests.kpis.world import at, sum_up
from upstream.alerts.payer_clocks import set_clock
from upstream.appeals.choices import LetterState, Subject
from upstream.appeals.models import Letter
from upstream.claims.choices import Outcome
from upstream.claims.models import Claim, Payer

FIRST, LAST, TODAY = date(2026, 1, 5), date(2026, 2, 22), date(2026, 3, 2)
PAYERS = ("Summit Mutual", "Civic Care")
CLOCK = 30
HALF_A_YEAR = timedelta(weeks=26)
COLUMNS = f"{HEADER},service_date,received_date,payment_date,frequency_code,original_claim_id"


class Drawn(NamedTuple):
    """One claim: which payer and procedure, when it was sent, after how many days it was answered and how, its dollars
    in cents, whether it was sent again, told of before, and answered by a letter after so many days."""

    payer: int
    code: str
    sent: int
    after: int
    answer: str
    billed: int
    allowed: int
    paid: int
    again: bool
    told: str
    letter: int | None
    early: bool


DRAWN = st.builds(
    Drawn, st.integers(0, 1), st.sampled_from(["99213", "73721"]), st.integers(0, 48), st.integers(1, 40),
    st.sampled_from(["paid", "paid", "denied", "partial", "pending"]), st.integers(100, 99_999), st.integers(10, 90),
    st.integers(1, 100), st.booleans(), st.sampled_from(["", "A2", "A3"]), st.none() | st.integers(0, 9), st.booleans(),
)  # fmt: skip
PRACTICES = st.lists(DRAWN, min_size=1, max_size=14)


def build(practice: list[Drawn]) -> None:
    """The practice's claims are there, summed, and a clock runs for the first payer."""
    rows = [(number, one) for number, one in enumerate(practice)]
    load(csv_of(*(_row(f"G{number}", one) for number, one in rows), header=COLUMNS), known_at=at(TODAY))
    again = [_again(number, one) for number, one in rows if one.again]
    if again:
        load(csv_of(*again, header=COLUMNS), known_at=at(TODAY), name="again.csv")
    tell(*(status(f"G{number}", one.told) for number, one in rows if one.told))
    set_clock(
        Payer.objects.filter(name__in=PAYERS).order_by("pk")[0],
        action="payment",
        basis="contract",
        days=CLOCK,
        actor="x",
    )
    for number, one in rows:
        if one.letter is not None:
            _letter(number, one.letter)
    sum_up()


def _row(number: str, one: Drawn, day: date | None = None) -> str:
    sent = day or FIRST + timedelta(days=one.sent)
    answered = sent + timedelta(days=one.after)
    is_open = one.answer == "pending" or answered > TODAY
    allowed = 0 if is_open or one.answer == "denied" else one.billed * one.allowed // 100
    paid = allowed * one.paid // 100
    reason = "CO-197" if one.answer in ("denied", "partial") and not is_open else ""
    served = sent - HALF_A_YEAR if one.early else sent
    told = (
        number, PAYERS[one.payer], one.code, "M54.50", "Main", sent, "" if is_open else answered,
        "pending" if is_open else one.answer, reason, _dollars(one.billed), _dollars(allowed), _dollars(paid), served,
        "" if is_open else sent + timedelta(days=1), "" if is_open else answered, "1", "",
    )  # fmt: skip
    return ",".join(map(str, told))


def _again(number: int, one: Drawn) -> str:
    """Sent again a week after it was answered, and then paid."""
    day = FIRST + timedelta(days=one.sent + one.after + 7)
    row = _row(f"G{number}R", one._replace(answer="paid"), min(day, TODAY)).split(",")
    return ",".join([*row[:-2], "7", f"G{number}"])


def _dollars(cents: int) -> Decimal:
    return Decimal(cents) / 100


def _letter(number: int, days: int) -> None:
    """On the claim in this place, if it is refused: sent so many days later, and answered by chance of the days."""
    refused = Claim.objects.filter(outcome__in=(Outcome.DENIED, Outcome.PARTIAL)).order_by("pk")
    claims = list(refused)
    if not claims:
        return
    claim = claims[number % len(claims)]
    if Letter.objects.filter(claim=claim).exists() or claim.decided_date is None:
        return
    sent, now = claim.decided_date + timedelta(days=days), timezone.now()
    state = (LetterState.SENT, LetterState.OVERTURNED, LetterState.UPHELD)[days % 3]
    Letter.objects.create(
        claim=claim, payer=claim.payer, subject=Subject.AUTH, amount_cents=claim.billed_cents, sealed_text=b"x",
        state=state, drafted_by="x", drafted_at=now, changed_at=now, sent_on=sent,
        answered_on=None if state == LetterState.SENT else sent + timedelta(days=days),
    )  # fmt: skip
