"""Drafts of letters: one for each claim, subject and level, however often and by however many it is asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from upstream.alerts.models import Incident
from upstream.appeals import queries, shipped
from upstream.appeals.choices import LetterState, Subject
from upstream.appeals.fields import LINES, offered
from upstream.appeals.filling import filled
from upstream.appeals.gathering import Material, gather
from upstream.appeals.models import Letter, LetterBatch, LetterEvent, LetterTemplate
from upstream.appeals.rules import ANSWERED, paragraphs_of
from upstream.appeals.working import follow
from upstream.audit.services import record_access
from upstream.claims.models import Claim
from upstream.core import clock, tenancy
from upstream.core.db.claiming import one_at_a_time
from upstream.core.errors import Invalid
from upstream.core.phi.keyring import TenantKeys
from upstream.tenants.queries import bound_organization
from upstream.tenants.services import tenant_keys


@dataclass(frozen=True)
class Drafted:
    """Letters on the claims that were asked for, by claim: `made` anew, or there before."""

    letters: dict[int, Letter]
    made: int


def draft(
    claim: Claim, *, actor: str, subject: str = "", incident: Incident | None = None, again: bool = False
) -> tuple[Letter, bool]:
    """The letter on the claim, and whether it is new. `again` begins the next level once the last was answered.

    Invalid("subject") where nothing says what it would be about, or for a subject that we do not have.
    """
    done = draft_all([claim], actor=actor, subject=subject, incident=incident, again=again)
    if claim.pk not in done.letters:
        raise Invalid("subject", "say what the letter is about: the claim was not denied, and no incident says it")
    return done.letters[claim.pk], bool(done.made)


@transaction.atomic
def draft_all(
    claims: Sequence[Claim],
    *,
    actor: str,
    subject: str = "",
    incident: Incident | None = None,
    batch: LetterBatch | None = None,
    again: bool = False,
) -> Drafted:
    """A letter on each claim that says what it would be about. What is there already is taken as it is."""
    if subject and subject not in Subject.values:
        raise Invalid("subject", "there is no such subject")
    practice = bound_organization()
    one_at_a_time("letters", tenancy.required())
    today, keys = clock.today(practice.time_zone), tenant_keys()
    writer = queries.names_of([actor])[actor]
    material = gather(claims, practice=practice, today=today, writer=writer, subject=subject, incident=incident)
    before, own = _newest(material), queries.standing_templates(today)
    found: dict[int, Letter] = {}
    made: list[int] = []
    for item in material:
        last = before.get((item.claim.pk, item.subject))
        if last is not None and not (again and last.state in ANSWERED):
            found[item.claim.pk] = last
            continue
        chosen = own.get((item.subject, item.claim.payer_id)) or own.get((item.subject, None))
        letter = _letter(item, chosen, level=last.level + 1 if last else 1, actor=actor, keys=keys)
        letter.incident, letter.batch = incident, batch
        letter.save()
        _first_step(letter, actor)
        found[item.claim.pk] = letter
        made.append(item.claim.pk)
    if made:
        about = f"letters:{batch.public_id}" if batch else f"letter:{found[made[0]].public_id}"
        record_access(actor=actor, action="letter.draft", subject=about, records=len(made), purpose="work a claim")
    follow(made, LetterState.DRAFT, actor=actor)
    return Drafted(found, len(made))


def _newest(material: Iterable[Material]) -> dict[tuple[int, str], Letter]:
    """The letter of the highest level that was not withdrawn, by claim and subject."""
    claims = {item.claim.pk for item in material}
    rows = Letter.objects.filter(~Q(state=LetterState.WITHDRAWN), claim__in=claims).order_by("level")
    return {(row.claim_id, row.subject): row for row in rows}


def _letter(item: Material, chosen: LetterTemplate | None, *, level: int, actor: str, keys: TenantKeys) -> Letter:
    words = chosen.opened("sealed_words", keys) if chosen else shipped.words_of(item.subject)
    now = clock.now()
    letter = Letter(
        claim=item.claim, payer_id=item.claim.payer_id, template=chosen, subject=item.subject, level=level,
        amount_cents=item.amount_cents, deadline=item.deadline, drafted_by=actor[:80], drafted_at=now, changed_at=now,
    )  # fmt: skip
    paragraphs = paragraphs_of(filled(words, {**offered(item.values), LINES: item.lines}))
    text = {"values": item.values, "lines": item.lines, "paragraphs": paragraphs}
    letter.seal_in("sealed_text", text, keys)
    return letter


def _first_step(letter: Letter, actor: str) -> None:
    LetterEvent.objects.create(
        letter=letter, number=1, to_state=LetterState.DRAFT, actor=actor[:80], at=letter.drafted_at
    )
