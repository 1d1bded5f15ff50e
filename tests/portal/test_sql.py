"""Questions in SQL: who may ask, what is told, what is refused in words, and what stands on the record."""

import pytest
from django.test import Client

from tests.explore.conftest import write_facts
from tests.factories.exploring import sql_question
from tests.kpis import world
from tests.portal.conftest import Practice, SignedIn, words_of
from upstream.audit.models import PHIAccess
from upstream.core import tenancy
from upstream.explore.models import SqlQuestion
from upstream.explore.services import text_of
from upstream.tenants.choices import Role
from upstream.tenants.models import Membership

PAGE = "/portal/explore/sql/"
BY_PAYER = "SELECT payer, count(*) AS claims, sum(billed_cents) AS billed FROM claims GROUP BY payer ORDER BY payer"


@pytest.fixture
def counted(practice: Practice, own_var: object) -> None:
    with tenancy.bind(practice.organization.pk):
        world.build()
        write_facts()


def asked(client: Client, sql: str, **more: str) -> tuple[int, str]:
    answer = client.post(PAGE, {"sql": sql, **more})
    return answer.status_code, " ".join(answer.content.decode().split())


def test_a_question_is_answered_and_stands_on_the_record(practice: Practice, manager: Client, counted: None) -> None:
    status, said = asked(manager, BY_PAYER)
    assert status == 200
    for part in ("2 rows", "Civic Care", "20000", "Summit Mutual", "176000"):
        assert part in said
    with practice.bound():
        question = SqlQuestion.objects.get()
        assert (question.outcome, question.rows, text_of(question)) == ("answered", 2, BY_PAYER)
        assert b"billed_cents" not in bytes(question.sealed_text)
        entry = PHIAccess.objects.get(action="ask_sql")
        assert (entry.actor, entry.subject) == (question.actor, f"question:{question.public_id}")
    assert BY_PAYER in words_of(manager, f"{PAGE}{question.public_id}/")


def test_the_same_as_a_file(manager: Client, counted: None) -> None:
    answer = manager.post(PAGE, {"sql": BY_PAYER, "as": "csv"})
    assert answer.content.decode().splitlines() == [
        "payer,claims,billed", "Civic Care,2,20000", "Summit Mutual,8,176000",
    ]  # fmt: skip


def test_what_may_not_be_asked_is_said_in_words_and_recorded(
    practice: Practice, manager: Client, own_var: object
) -> None:
    status, said = asked(manager, "SELECT * FROM read_text('/etc/passwd')")
    assert status == 422
    assert "The function read_text is not available here." in said
    assert "root:" not in said
    with practice.bound():
        assert SqlQuestion.objects.get().outcome == "not_allowed"


def test_facts_of_another_practice_are_not_there(manager: Client, stranger: Client, counted: None) -> None:
    status, said = asked(stranger, BY_PAYER)
    assert (status, "Civic Care" in said, "0 rows" in said) == (200, False, True)


def test_who_may_ask_is_decided_by_role_or_by_a_person(
    practice: Practice, manager: Client, signed_in: SignedIn
) -> None:
    biller = signed_in(Role.BILLER)
    with practice.bound():
        member = Membership.objects.get(role=Role.BILLER)
    assert (biller.get(PAGE).status_code, asked(biller, "SELECT 1")[0]) == (403, 403)
    body = {"member": str(member.user.public_id), "may": "yes"}
    assert biller.post(f"{PAGE}people/", body).status_code == 403
    assert manager.post(f"{PAGE}people/", body).status_code == 302
    assert biller.get(PAGE).status_code == 200
    assert "Ask in SQL" in words_of(biller, "/portal/explore/")
    assert manager.post(f"{PAGE}people/", {**body, "may": "no"}).status_code == 302
    assert biller.get(PAGE).status_code == 403


def test_texts_of_others_are_read_by_who_examines_the_record(practice: Practice, signed_in: SignedIn) -> None:
    with practice.bound():
        question = sql_question(practice.manager, "SELECT 42")
    assert signed_in(Role.MANAGER).get(f"{PAGE}{question.public_id}/").status_code == 403
    assert "SELECT 42" in words_of(signed_in(Role.AUDITOR), f"{PAGE}{question.public_id}/")
    with practice.bound():
        assert PHIAccess.objects.get(action="read_sql").subject == f"question:{question.public_id}"
