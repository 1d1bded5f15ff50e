"""What people decide about payer names: the same, of its own, moved, split, and each of these taken back.

A decision maps names from now on and leaves a PayerMove; the stage of payers moves the claims. Every verb is one
transaction, and raises DomainError with nothing changed when it cannot be.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from upstream.claims.choices import Decided, How, MoveState, PayerType
from upstream.claims.models import Payer, PayerAlias, PayerDoubt, PayerMove, RawPayer
from upstream.claims.payer_names import text_key
from upstream.claims.payer_ties import MAY_BE
from upstream.claims.payers import (
    adopt_payers,
    free_name,
    name_of,
    org_named,
    org_words,
    payer_named,
    remap,
    retire,
    shown,
)
from upstream.core import clock
from upstream.core.errors import Conflict, Invalid
from upstream.core.stages import nudge

SAME_PAYER = Conflict("same_payer", "these are one payer already")
TWO_PRODUCTS = "their names speak of two products, which are counted apart: change a name's payer instead"


@transaction.atomic
def same_payer(payer: Payer, other: Payer, *, actor: str) -> PayerMove:
    """All names of `payer` belong to `other` from now on; questions about the two are answered.

    Conflict when either is counted with another payer already, or their names speak of two products.
    """
    _must_stand(payer, other)
    adopt_payers()
    raws = _raws_of(payer)
    if _products(raws) and _products(_raws_of(other)) and not _products(raws) & _products(_raws_of(other)):
        raise Conflict("two_products", TWO_PRODUCTS)
    move = _decide(Decided.SAME, payer, other, raws, actor)
    _answer(move, _asked(raws), Decided.SAME)
    retire(payer.pk, other.pk)
    return move


@transaction.atomic
def own_payer(payer: Payer, *, actor: str) -> PayerMove:
    """The payer is one of its own: every question about it is answered, and its names never join those asked about."""
    _must_stand(payer)
    doubts = _asked(_raws_of(payer))
    if not doubts.exists():
        raise Conflict("not_asked", "nobody asks whether this is a payer of its own")
    now = clock.now()
    move: PayerMove = PayerMove.objects.create(
        decided=Decided.OWN, source=payer, target=payer, actor=actor, at=now, done_at=now, state=MoveState.DONE
    )
    _answer(move, doubts, Decided.OWN)
    nudge()
    return move


@transaction.atomic
def move_name(raw: RawPayer, other: Payer, *, actor: str) -> PayerMove:
    """One name belongs to another payer from now on. Conflict when it is the payer's only one."""
    payer = payer_of(raw)
    _must_stand(payer, other)
    _must_leave_one(payer)
    move = _decide(Decided.MOVED, payer, other, [raw], actor)
    _keep_apart(move, [raw], _raws_of(payer))
    return move


@transaction.atomic
def split_name(raw: RawPayer, *, actor: str) -> PayerMove:
    """One name is a payer of its own from now on, and is kept apart from the names it stood with."""
    payer = payer_of(raw)
    _must_stand(payer)
    _must_leave_one(payer)
    name = name_of(raw)
    words = free_name(shown(raw), set(Payer.objects.values_list("name_key", flat=True)))
    made = payer_named(words, name, org_named(org_words(name)))
    made.save()
    move = _decide(Decided.SPLIT, payer, made, [raw], actor)
    _keep_apart(move, [raw], _raws_of(payer))
    return move


@transaction.atomic
def undo(move: PayerMove, *, actor: str) -> PayerMove:
    """The decision is taken back: names return to where they were, questions are open again.

    What Upstream united by itself is kept apart afterwards. Conflict when it was taken back before, its claims are
    still being moved, or a later decision stands on it.
    """
    move = PayerMove.objects.select_for_update(of=("self",)).select_related("source", "target").get(pk=move.pk)
    if move.decided == Decided.UNDONE or PayerMove.objects.filter(undoes=move).exists():
        raise Conflict("undone", "this was taken back before")
    if move.state != MoveState.DONE:
        raise Conflict("moving", "its claims are still being moved: try again in a moment")
    standing = PayerAlias.objects.filter(raw_id__in=move.raws, valid_until=None, payer_id=move.target_id).count()
    if standing != len(move.raws) or (move.target.counted_with_id and move.raws):
        raise Conflict("built_upon", "a later decision stands on this one: take that back first")
    _reopen(move)
    if move.source.counted_with_id:
        free = free_name(move.source.name, set(Payer.objects.values_list("name_key", flat=True)))
        Payer.objects.filter(pk=move.source_id).update(counted_with=None, name=free, name_key=text_key(free))
    raws = list(RawPayer.objects.filter(pk__in=move.raws))
    if not raws:
        now = clock.now()
        back: PayerMove = PayerMove.objects.create(
            decided=Decided.UNDONE, source=move.target, target=move.source, actor=actor, at=now, done_at=now,
            state=MoveState.DONE, undoes=move,
        )  # fmt: skip
        nudge()
        return back
    back = _decide(Decided.UNDONE, move.target, move.source, raws, actor, undoes=move)
    if move.decided == Decided.UNITED:
        _keep_apart(back, raws, _raws_of(move.target))
    elif move.decided == Decided.SPLIT and not _raws_of(move.target):
        retire(move.target_id, move.source_id)
    return back


@transaction.atomic
def describe_payer(payer: Payer, *, name: str, org: str) -> Payer:
    """The payer and the company behind it are called so from now on. Conflict when another payer has the name."""
    words, company = " ".join(name.split())[:200], " ".join(org.split())[:200]
    if not text_key(words):
        raise Invalid("name", "a payer needs a name")
    if Payer.objects.filter(name_key=text_key(words)).exclude(pk=payer.pk).exists():
        raise Conflict("name_taken", "another payer has this name")
    if words != payer.name:
        payer.name, payer.name_key, payer.named_by_person = words, text_key(words), True
    payer.org_id = org_named(company) if company else None
    payer.save()
    return payer


@transaction.atomic
def set_type(payer: Payer, payer_type: str) -> Payer:
    """The payer is of this type because somebody says so. Invalid for a type that we do not have."""
    if payer_type not in PayerType.values:
        raise Invalid("payer_type", "there is no such type of payer")
    payer.payer_type, payer.type_from = payer_type, "" if payer_type == PayerType.UNKNOWN else "person"
    payer.save(update_fields=["payer_type", "type_from"])
    return payer


def payer_of(raw: RawPayer) -> Payer:
    """The payer to whom the name belongs now."""
    alias = PayerAlias.objects.select_related("payer").get(raw=raw, valid_until=None)
    found: Payer = alias.payer
    return found


def _raws_of(payer: Payer) -> list[RawPayer]:
    mapped = PayerAlias.objects.filter(payer=payer, valid_until=None)
    return list(RawPayer.objects.filter(pk__in=mapped.values("raw_id")).order_by("pk"))


def _products(raws: Iterable[RawPayer]) -> set[str]:
    """The products that these names say clearly."""
    names = [name_of(raw) for raw in raws]
    return {str(name.product) for name in names if name.stated and name.product not in MAY_BE}


def _must_stand(*payers: Payer) -> None:
    if len({payer.pk for payer in payers}) < len(payers):
        raise SAME_PAYER
    standing = Payer.objects.select_for_update(of=("self",)).filter(pk__in=[payer.pk for payer in payers])
    if any(payer.counted_with_id for payer in standing.order_by("pk")):
        raise Conflict("counted_elsewhere", "this payer is counted with another one already")


def _must_leave_one(payer: Payer) -> None:
    if PayerAlias.objects.filter(payer=payer, valid_until=None).count() < 2:
        raise Conflict("only_name", "this is the payer's only name: say that the payer is the same as another one")


def _decide(decided: Decided, source: Payer, target: Payer, raws: list[RawPayer], actor: str, **more: Any) -> PayerMove:
    now = clock.now()
    remap([raw.pk for raw in raws], target.pk, How.PERSON, now, by=actor)
    Payer.objects.filter(pk=target.pk).update(named_by_person=True)
    move: PayerMove = PayerMove.objects.create(
        decided=decided, source=source, target=target, raws=[raw.pk for raw in raws], actor=actor, at=now, **more
    )
    nudge()
    return move


def _asked(raws: Iterable[RawPayer]) -> QuerySet[PayerDoubt]:
    """Open questions about any of these names."""
    numbers = [raw.pk for raw in raws]
    rows: QuerySet[PayerDoubt] = PayerDoubt.objects.filter(Q(first__in=numbers) | Q(second__in=numbers), answer="")
    return rows


def _answer(move: PayerMove, doubts: QuerySet[PayerDoubt], answer: Decided) -> None:
    """These questions are answered by the decision."""
    numbers = list(doubts.values_list("pk", flat=True))
    PayerDoubt.objects.filter(pk__in=numbers).update(answer=answer)
    move.answered = [*move.answered, *numbers]
    move.save(update_fields=["answered"])


def _reopen(move: PayerMove) -> None:
    """Questions are open as before the decision; those that it alone had raised are gone."""
    doubts = PayerDoubt.objects.filter(pk__in=move.answered)
    doubts.exclude(reason="").update(answer="")
    doubts.filter(reason="").delete()


def _keep_apart(move: PayerMove, raws: Iterable[RawPayer], others: Iterable[RawPayer]) -> None:
    """No name of one side ever leads to the other side's payer by itself."""
    theirs = [other.pk for other in others]
    for raw in raws:
        pairs = Q(first=raw, second__in=theirs) | Q(second=raw, first__in=theirs)
        asked = PayerDoubt.objects.filter(pairs)
        known = {number for pair in asked.values_list("first_id", "second_id") for number in pair}
        asked.update(answer=Decided.OWN)
        PayerDoubt.objects.bulk_create(
            PayerDoubt(first=raw, second_id=other, answer=Decided.OWN, raised_at=move.at)
            for other in theirs
            if other not in known
        )
        move.answered = [*move.answered, *PayerDoubt.objects.filter(pairs).values_list("pk", flat=True)]
    move.save(update_fields=["answered"])
