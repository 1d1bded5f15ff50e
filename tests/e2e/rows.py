"""What stands on the pages of the practice with something on every page."""

from datetime import date, timedelta

from tests.factories import NOON, batch, claim, denials, endpoint, findings, payer, quality, source
from tests.ingestion.told import acknowledgement, authorization, coverage, status, tell
from upstream.alerts.models import Incident
from upstream.claims.choices import Outcome
from upstream.claims.models import (
    Adjudication,
    Adjustment,
    Claim,
    Payer,
    PayerMove,
    PayerWeek,
    ProviderAdjustment,
    Remittance,
    ServiceLine,
)
from upstream.claims.services import named_payers
from upstream.delivery.models import Attempt, Endpoint, Outbox
from upstream.detection.calendar.services import add, take_back
from upstream.detection.models import DetectionRun
from upstream.ingestion import mapping, services
from upstream.ingestion.formats.profile import Profile
from upstream.ingestion.models import ArchiveMember, Batch, MappingProfile, Rejection, Source, SourceObject, SourceRun
from upstream.ingestion.quality.models import Finding
from upstream.ingestion.quality.services import measure
from upstream.ingestion.reconciliation.models import Deposit
from upstream.tenants.models import Membership
from upstream.tenants.services import tenant_keys
from upstream.worklist import services as acts
from upstream.worklist.models import Item, Recovery

TABLE = (
    "L-1001,Summit Mutual,99213,02/02/2026,$120.00,80.00,,Paid in full",
    'L-1002,Northstar Health,73721,02/03/2026,"$1,900.00",0.00,CO197,Denied',
    "L-1003,Summit Mutual,97110,02/33/2026,95,,,Waiting",
)
SAID = {
    "id": "WR-2026-09", "period": "23 February to 1 March 2026", "hash": "ab" * 32, "chart": None,
    "lines": ["New incidents: 1", "Open incidents: 1, $9,200 to $14,800 lost so far"],
}  # fmt: skip


def faults(file: Batch, remittances: Batch, payers: list[Payer]) -> Finding:
    """Both files looked at: one payment out of balance, one fault of a payer, and a bank that has one payment."""
    for number, of_payer in enumerate((None, *payers[:3])):
        quality.score(file, of_payer, score=100 - 9 * number)
        quality.score(batch(known_at=NOON - timedelta(weeks=number)), of_payer)
    quality.finding(None, payers[2], check_name="volume_dropped", count=11, of=94, share=0.12, limit=0.5, cents=0)
    measure(remittances)
    Deposit.objects.create(day=date(2026, 2, 27), cents=4_812_300, number="EFT400170", number_key="EFT400170",
                           received_at=NOON, received_from="test")  # fmt: skip
    return Finding.objects.get(check_name="unbalanced_payments")


def archive(came_before: Batch, waiting: Batch) -> Batch:
    """An archive of a file that came before, one that waits for a mapping, and one that is damaged."""
    packed, keys = named("remittances-march-from-the-clearinghouse.zip", format="zip", state="analysed"), tenant_keys()
    for ordinal, part in enumerate((came_before, waiting, None), start=1):
        member = ArchiveMember(archive=packed, ordinal=ordinal, batch=part, new=ordinal == 2)
        member.error_code = "" if part else "member_damaged"
        member.sealed_name = keys.seal(b"era/march/remittance.835", ArchiveMember.TABLE, "sealed_name", member.place)
        member.save()
    return packed


def told(of_payer: Payer) -> None:
    """A claim that was turned away, and a refusal of a delivery, in one file."""
    claim(of_payer, "R-1", outcome=Outcome.PENDING, decided_date=None, decision_known_at=None)
    named = {"payer_name": of_payer.name}
    tell(
        status("R-1", "A7", status_code="21", **named), acknowledgement(), authorization(**named),
        authorization("A1", authorization_number="AUTH78", **named), coverage(**named), coverage(False, **named),
    )  # fmt: skip


def named(name: str, **fields: object) -> Batch:
    made = batch(**fields)
    made.sealed_name = tenant_keys().seal(name.encode(), Batch.TABLE, "sealed_name", made.sha256.encode())
    made.save()
    return made


def files() -> tuple[Batch, Batch]:
    claims = named("lakeside-claims-2026-03-01.csv", state="analysed", claims=412, lines=538, rejected=3, size=61_440)
    for position, field, code in (
        (17, "billed", "bad_amount"),
        (203, "submitted_date", "bad_date"),
        (204, "", "ragged_row"),
    ):
        Rejection.objects.create(batch=claims, position=position, field=field, code=code, sealed_raw=b"x")
    remittances = named(
        "lakeside-remittances-2026-03-01.835", state="analysed", format="x12", claims=390, lines=501,
        adjudications=397, new_adjudications=391, paid_cents=8_412_377, notices={"wrong_count": 1, "truncated": 1},
    )  # fmt: skip
    named("old-export.pdf", state="rejected", format="", error_code="unknown_format",
           error_message="this is neither an X12 file nor a claims CSV")  # fmt: skip
    return claims, remittances


def channels() -> Endpoint:
    """One channel with a message in each state, one that rests, and one that was stopped."""
    made = endpoint("Practice warehouse", last_sent_at=NOON)
    endpoint("Billing room", kind="slack", failures=4, resting_until=NOON + timedelta(weeks=500))
    endpoint("Old system", state="stopped", stopped_because="gone")
    data = {"headline": "One new incident", "lines": [], "link": "https://practice.example/", "data": {}}
    for state, code in {"sent": "", "failed": "http_500", "queued": "http_503"}.items():
        message = Outbox.objects.create(
            kind="webhook", endpoint=made, template="report.ready", about=state, message_id=f"msg_{state}", state=state,
            context=data, not_before=NOON + timedelta(weeks=500), queued_at=NOON, error_code=code,
        )  # fmt: skip
        Attempt.objects.create(message=message, at=NOON, result=state, detail=code)
    return made


def place(landed: Batch) -> Source:
    """One that works, one that rests, and one that is off."""
    keys = tenant_keys()
    made = source("Summit Mutual remittances", schedule_words="weekdays 06:15", time_zone="America/Chicago")
    Source.objects.filter(pk=made.pk).update(
        failures=2, error_message="the server does not answer", last_success_at=NOON, last_file_at=NOON
    )
    Source.objects.filter(pk=source("Practice system export").pk).update(
        failures=5, circuit="open", error_message="the user, password or key is not taken"
    )
    Source.objects.filter(pk=source("Old clearinghouse").pk).update(enabled=False)
    for number, state in enumerate(("acknowledged", "listed", "failed")):
        name, index = f"out/remittance-2026-03-0{number + 1}.835", bytes([number]) * 16
        SourceObject.objects.create(
            source=made, name_bidx=index, version="1", size=61_440, seen_at=NOON, state=state,
            sealed_name=keys.seal(name.encode(), SourceObject.TABLE, "sealed_name", index),
            batch=landed if state == "acknowledged" else None, landed_at=NOON if state == "acknowledged" else None,
            error_code="too_large" if state == "failed" else "",
        )  # fmt: skip
    SourceRun.objects.create(source=made, started_at=NOON, ended_at=NOON, state="succeeded", listed=3, received=1)
    SourceRun.objects.create(
        source=made, started_at=NOON, ended_at=NOON, state="failed", error_message="the server does not answer"
    )
    return Source.objects.get(pk=made.pk)


def tables() -> tuple[Batch, MappingProfile]:
    """A file in the front desk's own columns that waits for them to be matched, and a mapping of another one."""
    rows = ["Denial report,,,,,,,", "Claim #,Payor,CPT,DOS,Chg Amt,Ins Pmt,Denial Cd,Line Status", *TABLE]
    waiting, _ = services.receive(
        ["\n".join(rows).encode()], name="front-desk-week-9.csv", received_from="command:ingest"
    )
    services.load(waiting.pk)
    profile = Profile(
        {"ticket": "claim_id", "plan": "payer", "seen on": "service_date", "fee": "billed", "got": "paid"},
        submitted_from="service_date", undated=True, status_from_amounts=True,
        statuses={"paid in full": "paid", "denied": "denied"},
    )  # fmt: skip
    return waiting, mapping.keep(profile=profile, name="Export of the old system", actor="command:mapping")


def payers(run: DetectionRun) -> list[Payer]:
    rows = (
        ("Summit Mutual", 0.10, 0.19, 0.05, findings.series(0.10, 0.24)),
        ("Northstar Health", 0.08, 0.085, 0.06, findings.series(0.08)),
        ("Harbor Advantage", 0.13, 0.16, 0.09, findings.series(0.13, 0.17)),
        ("Civic Care", 0.06, 0.055, 0.11, findings.series(0.06)),
        ("Blue Mesa Plan", 0.09, 0.09, None, findings.series(0.09)),
    )
    made = []
    for number, (name, usual, now, visible, series) in enumerate(rows):
        of_payer = payer(name)
        findings.baseline(
            run, of_payer, usual_rate=usual, rate=now, rate_low=now - 0.02, rate_high=now + 0.03,
            visible_in_4_weeks=visible, weekly_claims=120 - 20 * number, series=series,
        )  # fmt: skip
        made.append(of_payer)
        PayerWeek.objects.bulk_create(
            PayerWeek(
                payer=of_payer, submitted_week=date(2026, 2, 16), known_week=date(2026, 2, 23), outcome=outcome,
                claims=claims, billed_cents=1, allowed_cents=1, paid_cents=1,
            )
            for outcome, claims in ((Outcome.PENDING, 100), (Outcome.PAID, 61), (Outcome.DENIED, 9))
        )  # fmt: skip
    return made


def calendar() -> None:
    """One event that goes on, one that was taken back."""
    given = {"kind": "outage", "first": date(2026, 2, 9), "effect": "mask", "actor": "command:demo"}
    add(name="Portal of the payer was down", last=None, source="notice to providers", **given)
    take_back(add(name="Storm", last=date(2026, 2, 10), **given), actor="command:demo")


def incidents(run: DetectionRun, payers: list[Payer], file: Batch, remittances: Batch) -> tuple[Incident, list[Claim]]:
    summit, _, harbor, *_ = payers
    first = findings.incident(
        summit, run, title="Summit Mutual started denying knee MRI for missing authorization in the week of 2 February",
        deadline=date(2026, 3, 6), severity="critical", finding={**findings.FINDING, **findings.VERDICTS},
    )  # fmt: skip
    findings.incident(
        harbor, run, title="Harbor Advantage denies physical therapy more often at the North Clinic", state="working",
        severity="medium", strength="moderate", procedure_code="97110", denial_reason="CO-50", location="North Clinic",
        lost_low_cents=210_000, lost_cents=350_000, lost_high_cents=520_000, at_stake_cents=210_000,
    )  # fmt: skip
    findings.incident(
        payers[3], run, title="Civic Care denied injections as not covered", state="resolved", outcome="payer_change"
    )
    claims = [denied(summit, file, remittances, number) for number in range(14)]
    findings.behind(first, *claims, cents=85_017)
    return first, claims


def denied(summit: Payer, file: Batch, remittances: Batch, number: int) -> Claim:
    made = claim(
        summit, procedure_code="73721", procedure_group="imaging MR", diagnosis="M23.51", outcome=Outcome.DENIED,
        denial_group="CO", denial_carc="197", denial_category="AUTH", allowed_cents=0, paid_cents=0,
        position=number + 2,
        billed_cents=142_500, submitted_date=date(2026, 2, 2) + timedelta(days=number), batch_id=file.pk,
        decided_date=date(2026, 2, 13) + timedelta(days=number),
    )  # fmt: skip
    ServiceLine.objects.create(
        claim=made, number=1, procedure_code="73721", modifiers="RT", units=1, service_date=date(2026, 1, 30),
        billed_cents=142_500, known_at=NOON,
    )  # fmt: skip
    answer = Adjudication.objects.create(
        claim=made, batch_id=remittances.pk, payer=summit, event_bidx=number.to_bytes(16, "big"), position=40 + number,
        outcome=Outcome.DENIED, billed_cents=142_500, allowed_cents=0, paid_cents=0, known_at=NOON,
        decided_date=made.decided_date,
    )  # fmt: skip
    Adjustment.objects.create(adjudication=answer, ordinal=0, line=1, group_code="CO", carc="197", cents=142_500)
    return made


def money(remittances: Batch, payers: list[Payer]) -> None:
    rows = ((payers[0], 4_812_300, 4_862_300, 50_000, 0), (payers[1], 3_549_977, 3_550_077, 0, -100))
    for number, (of_payer, amount, claims_paid, taken, difference) in enumerate(rows):
        made = Remittance.objects.create(
            batch_id=remittances.pk, payer=of_payer, key_bidx=number.to_bytes(16, "big"),
            transaction_bidx=number.to_bytes(16, "big"), position=5 + 400 * number, check_number=f"EFT40017{number}",
            method="ACH", amount_cents=amount, payment_date=date(2026, 2, 27), claims=195, known_at=NOON,
            claims_paid_cents=claims_paid, difference_cents=difference,
        )  # fmt: skip
        if taken:
            ProviderAdjustment.objects.create(remittance=made, ordinal=0, reason="WO", cents=taken)


def names(payers: list[Payer]) -> None:
    """A name that may be Northstar Health's, further names of it, and a decision."""
    northstar = payers[1]
    found = named_payers({("NORTHSTAR HEALTH PPO", "DNS02"), ("Northstar", "NS-CLAIMS")}, "x12")
    claim(Payer.objects.get(pk=found["Northstar", "NS-CLAIMS"].payer))
    PayerMove.objects.create(
        decided="own", state="done", source=northstar, target=northstar, actor="command:x", at=NOON, done_at=NOON
    )


def worklist(claims: list[Claim], manager: Membership) -> Item:
    """Denials with a week, a month and no time left, one that is paid by now, and one whose clock nobody knows."""
    days = (3, 9, 30, -2, 60)
    made = [
        denials.item(one.payer, claim=one, deadline=NOON.date() + timedelta(days=left), recovery_cents=9_000 + left)
        for one, left in zip(claims, days, strict=False)
    ]
    Recovery.objects.create(
        payer=made[0].payer, category="AUTH", claims=80, won=12, share=0.16, low=0.11, high=0.21, from_share=0.2,
        as_of=NOON.date(),
    )  # fmt: skip
    Item.objects.filter(pk=made[-1].pk).update(clock_basis="unknown", clock_confidence="low")
    actor = f"user:{manager.user.public_id}"
    acts.step(made[2:3], to_step="won", actor=actor)
    acts.write_note(made[0], text="They want the order of the referring physician.", actor=actor)
    acts.assign(made[:2], member=manager, actor=actor)
    return made[0]
