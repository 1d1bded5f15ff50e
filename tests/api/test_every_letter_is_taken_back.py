"""Every move of a letter, and those of many at once, done and taken back: as it was before, and in the access log."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_django import Settings

from tests import factories
from tests.api.conftest import Caller
from tests.api.walked import done, kept, looks, moves_of
from tests.factories import denials, letters
from upstream.appeals.choices import LetterState
from upstream.appeals.models import Letter
from upstream.appeals.rules import ANSWERED
from upstream.appeals.rules import MOVES as LETTER_MOVES
from upstream.pipeline import run_to_end


@pytest.fixture(autouse=True)
def monday(settings: Settings) -> None:
    settings.FIXED_NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


def test_the_whole_table_of_moves() -> None:
    assert {state.value: " ".join(sorted(to)) for state, to in LETTER_MOVES.items()} == {
        "draft": "ready review withdrawn",
        "review": "draft ready withdrawn",
        "ready": "draft sent withdrawn",
        "sent": "overturned partly upheld",
        "overturned": "partly upheld",
        "partly": "overturned upheld",
        "upheld": "overturned partly",
        "withdrawn": "draft",
    }


@pytest.mark.parametrize(("start", "to"), moves_of(LETTER_MOVES))
def test_every_move_of_a_letter(bound: Caller, start: LetterState, to: LetterState) -> None:
    letter = letters.letter(letters.denied(factories.payer()), actor=f"client:{bound.client.client_id}")
    item = denials.item(letter.payer, claim=letter.claim, step="drafted")
    for state in way_to(start):
        moved(bound, letter, state)
    before, stood, looked = kept(letter), kept(item), len(looks())
    moved(bound, letter, to)
    letter.refresh_from_db()
    done(bound, f"letters/{letter.public_id}/undo/", {"version": letter.version})
    assert (kept(letter), kept(item)) == (before, stood)
    assert [action for action in looks()[looked:] if action.startswith("letter.")] == [f"letter.{to}", "letter.undo"]


def way_to(state: LetterState) -> list[LetterState]:
    """Moves from a draft to the state."""
    if state == LetterState.DRAFT:
        return []
    if state in LETTER_MOVES[LetterState.DRAFT]:
        return [state]
    sent = [LetterState.READY, LetterState.SENT]
    return sent if state == LetterState.SENT else [*sent, state]


def moved(caller: Caller, letter: Letter, to: LetterState) -> None:
    letter.refresh_from_db()
    more: dict[str, Any] = {"way": "fax", "sent_on": "2026-03-02", "tracking": "F1"} if to == LetterState.SENT else {}
    if to in ANSWERED:
        more = {"answered_on": "2026-03-02", "recovered": "0.00" if to == LetterState.UPHELD else "12.00"}
    done(caller, f"letters/{letter.public_id}/moves/", {"to_state": to, "version": letter.version, **more})


def test_a_changed_letter(bound: Caller) -> None:
    letter = letters.letter(letters.denied(factories.payer()))
    before = kept(letter)
    answer = bound("PUT", f"letters/{letter.public_id}/text/", {"version": 1, "text": "Pay."})
    assert (answer.status_code, kept(letter) == before) == (200, False)
    done(bound, f"letters/{letter.public_id}/undo/", {"version": 2})
    assert kept(letter) == before
    assert looks()[-2:] == ["letter.edit", "letter.undo"]


@pytest.mark.parametrize("to", ["ready", "sent", "withdrawn"])
def test_letters_of_a_whole_list_at_once(bound: Caller, to: str) -> None:
    payer = factories.payer("Summit Mutual")
    for number in range(3):
        denials.item(payer, claim=letters.denied(payer, f"LK-{number}"), category="DOC" if number == 2 else "AUTH")
    asked = {"payer": str(payer.public_id), "category": "AUTH"}
    batch = done(bound, "letter-batches/", {"worklist": asked})
    assert batch["claims"] == 2
    run_to_end()
    path = f"letter-batches/{batch['id']}"
    assert states() == ["draft"] * 2
    if to == "sent":
        done(bound, f"{path}/moves/", {"to_state": "ready"})
    before = states()
    more = {"way": "mail", "sent_on": "2026-03-02"} if to == "sent" else {}
    assert done(bound, f"{path}/moves/", {"to_state": to, **more}) == {"moved": 2, "left": 0}
    assert states() == [to] * 2
    assert done(bound, f"{path}/undo/", {}) == {"moved": 2, "left": 0}
    assert states() == before
    logged = [action for action in looks() if action.startswith("letter.")]
    assert logged[-4:] == [f"letter.{to}"] * 2 + ["letter.undo"] * 2


def states() -> list[str]:
    return list(Letter.objects.order_by("pk").values_list("state", flat=True))


def test_a_list_that_is_empty_or_asked_in_two_ways_is_refused(bound: Caller) -> None:
    letter = letters.denied(factories.payer())
    assert bound.post("letter-batches/", {"worklist": {}}).status_code == 422
    both = {"worklist": {}, "claims": [str(letter.public_id)]}
    assert bound.post("letter-batches/", both).status_code == 400
    assert bound.post("letter-batches/", {"worklist": {"owner": "x"}}).status_code == 400
