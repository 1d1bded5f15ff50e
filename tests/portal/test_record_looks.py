"""Who looked at one claim's or one person's record: by blind index, nothing in an address, and itself written down."""

from io import BytesIO

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import claim, denials, findings, letters
from tests.portal.conftest import Practice, SignedIn, words_of
from upstream.audit.exporting import verify
from upstream.audit.models import PHIAccess
from upstream.audit.services import record_access
from upstream.claims.models import Claim, Patient
from upstream.tenants.choices import Role
from upstream.tenants.services import tenant_keys

PAGE = "/portal/access-log/record/"
MEMBER = "QX-4471"


@pytest.fixture
def auditor(signed_in: SignedIn) -> Client:
    return signed_in(Role.AUDITOR)


def look(practice: Practice, subject: str, actor: str = "") -> None:
    record_access(actor=actor or f"user:{practice.manager.user.public_id}", action="show_claim_number", subject=subject)


def person_with(*claims: Claim) -> None:
    """One person, known by a member id, whose claims these are."""
    index = tenant_keys().index("member_id", MEMBER)
    known = Patient.objects.create(key_bidx=index, member_bidx=index, sealed=b"-", fingerprint=index)
    Claim.objects.filter(pk__in=[one.pk for one in claims]).update(patient=known)


def rows_of(client: Client, **asked: str) -> int:
    answer = client.post(PAGE, asked)
    assert answer.status_code == 200
    return answer.content.decode().count('<th scope="row">')


def test_looks_at_a_claim_are_found_by_its_number_and_the_search_is_one_of_them(
    auditor: Client, practice: Practice
) -> None:
    with practice.bound():
        asked, other = claim(practice.payer, "LK-1"), claim(practice.payer, "LK-2")
        look(practice, f"claim:{asked.public_id}")
        look(practice, f"claim:{other.public_id}")
    answer = auditor.post(PAGE, {"kind": "claim", "value": " LK-1 "})
    said = answer.content.decode()
    assert said.count('<th scope="row">') == 2
    assert "Asked who looked at a record" in said
    assert "LK-1" not in said
    with practice.bound():
        entry = PHIAccess.objects.get(action="find_looks")
    assert (entry.subject, entry.records, entry.purpose) == (f"claim:{asked.public_id}", 1, "who looked at a record")


def test_a_persons_record_is_all_their_claims_and_what_shows_them(auditor: Client, practice: Practice) -> None:
    with practice.bound():
        one, two = claim(practice.payer), letters.denied(practice.payer, "LK-9")
        person_with(one, two)
        letter = letters.letter(two)
        incident = findings.incident(practice.payer, practice.run)
        findings.behind(incident, one)
        for subject in (f"claim:{one.public_id}", f"letter:{letter.public_id}", f"incident:{incident.public_id}"):
            look(practice, subject)
        look(practice, f"incident:{findings.incident(practice.payer, practice.run).public_id}")
        before = PHIAccess.objects.exclude(action="show_claim_number").count()
    assert rows_of(auditor, kind="member", value=MEMBER) == 3 + before + 1


def test_one_persons_own_looks_between_two_days(auditor: Client, practice: Practice) -> None:
    with practice.bound():
        asked = claim(practice.payer, "LK-1")
        look(practice, f"claim:{asked.public_id}")
        look(practice, f"claim:{asked.public_id}", actor="client:partner")
    who = {"kind": "claim", "value": "LK-1", "actor": f"user:{practice.manager.user.public_id}"}
    assert rows_of(auditor, **who, first="2026-03-02", last="2026-03-02") == 1
    assert rows_of(auditor, **who, last="2026-03-01") == 0


def test_what_goes_by_no_such_name_is_said_and_written_down(auditor: Client, practice: Practice) -> None:
    said = auditor.post(PAGE, {"kind": "account", "value": "A-77"}).content.decode()
    assert "No claim or person of this practice goes by that." in said
    assert "A-77" not in said
    with practice.bound():
        assert PHIAccess.objects.get(action="find_looks").subject == "claim:none"
    assert auditor.post(PAGE, {"kind": "account", "value": ""}).status_code == 422


def test_older_looks_and_the_export_go_by_a_token(auditor: Client, practice: Practice, stranger: Client) -> None:
    with practice.bound():
        asked = claim(practice.payer, "LK-1")
        for _ in range(51):
            look(practice, f"claim:{asked.public_id}")
        look(practice, "claim:none")
    said = auditor.post(PAGE, {"kind": "claim", "value": "LK-1"}).content.decode()
    token = said.split('name="record" value="')[1].partition('"')[0]
    before = said.split('name="before" value="')[1].partition('"')[0]
    assert rows_of(auditor, record=token, before=before) == 2
    exported = auditor.post("/portal/access-log/export/", {"record": token})
    assert verify(BytesIO(exported.content))["entries"] == 52
    for refused in (auditor.post(PAGE, {"record": "x"}), auditor.post("/portal/access-log/export/", {"record": "x"})):
        assert refused["Location"] == PAGE
    assert "ask for the record again" in words_of(auditor, PAGE)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.BILLER, Role.CLINICIAN, Role.STAFF])
def test_it_is_for_the_compliance_officer(role: str, signed_in: SignedIn) -> None:
    client = signed_in(role)
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"kind": "claim", "value": "LK-1"}).status_code == 403


@pytest.mark.parametrize("entries", [1, 20])
def test_queries_do_not_grow_with_entries(
    entries: int, auditor: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        asked = denials.item(practice.payer, claim=claim(practice.payer, "LK-1")).claim
        for _ in range(entries):
            look(practice, f"claim:{asked.public_id}")
    auditor.get(PAGE)
    with django_assert_num_queries(34):
        auditor.post(PAGE, {"kind": "claim", "value": "LK-1"})
