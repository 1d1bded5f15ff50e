import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from tests.portal.conftest import Practice, SignedIn, words_of
from upstream.audit.exporting import verify
from upstream.audit.services import record_access
from upstream.tenants.choices import Role
from upstream.tenants.models import SavedView

PAGE = "/portal/access-log/"
QUERIES = 24


@pytest.fixture
def auditor(signed_in: SignedIn) -> Client:
    return signed_in(Role.AUDITOR)


def _looked(practice: Practice, times: int = 1, action: str = "show_claim_number", actor: str = "") -> None:
    who = actor or f"user:{practice.manager.user.public_id}"
    with practice.bound():
        for _ in range(times):
            record_access(actor=who, action=action, subject="claim:0123456789", purpose="work a claim")


def test_auditor_reads_who_looked_at_what_and_why(auditor: Client, practice: Practice) -> None:
    _looked(practice)
    said = words_of(auditor, PAGE)
    assert f'<th scope="row">{practice.manager.user.email}</th>' in said
    assert '<td class="wrap">Showed a claim&#x27;s number</td><td>claim 23456789</td>' in said
    assert '<td class="wrap">work a claim</td><td>–</td><td>granted</td>' in said
    assert re.search(r'aria-current="page"><svg[^>]*><use[^>]*/></svg>Audit</a>', said)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.BILLER, Role.CLINICIAN, Role.STAFF])
def test_others_see_neither_the_page_nor_the_way_to_it(role: str, signed_in: SignedIn) -> None:
    client = signed_in(role)
    assert client.get(PAGE).status_code == 403
    assert "/portal/access-log/" not in words_of(client, "/portal/")


def test_log_of_another_practice_is_not_shown(auditor: Client, stranger: Client, practice: Practice) -> None:
    stranger.post("/portal/search/", {"q": "C-1"})
    assert "Nobody looked" in words_of(auditor, PAGE)


def test_filters_by_person_action_and_period(auditor: Client, practice: Practice) -> None:
    _looked(practice)
    _looked(practice, action="api.refused", actor="client:partner")
    both, one = 2, 1
    for query, rows in (
        ("", both), ("?actor=machines", one), (f"?actor=user:{practice.manager.user.public_id}", one),
        ("?action=api.refused", one), ("?first=2026-03-02&last=2026-03-02", both), ("?last=2026-03-01", 0),
        ("?first=2026-03-03", 0), ("?first=nonsense", both),
    ):  # fmt: skip
        assert words_of(auditor, PAGE + query).count('<th scope="row">') == rows, query


def test_pages_follow_by_number_and_keep_the_filter(auditor: Client, practice: Practice) -> None:
    _looked(practice, 51)
    first = words_of(auditor, f"{PAGE}?action=show_claim_number")
    assert first.count('<th scope="row">') == 50
    assert 'href="?action=show_claim_number&amp;before=2"' in first
    rest = words_of(auditor, f"{PAGE}?action=show_claim_number&before=2")
    assert rest.count('<th scope="row">') == 1
    assert "Older" not in rest


@pytest.mark.parametrize("entries", [1, 20])
def test_queries_do_not_grow_with_entries(
    entries: int, auditor: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _looked(practice, entries)
    auditor.get(PAGE)
    with django_assert_num_queries(QUERIES):
        auditor.get(PAGE)


def test_a_look_says_from_which_address(auditor: Client, practice: Practice, manager: Client) -> None:
    manager.post("/portal/search/", {"q": "C-1"}, REMOTE_ADDR="203.0.113.9")
    said = words_of(auditor, f"{PAGE}?address=203.0.113.9")
    assert said.count('<th scope="row">') == 1
    assert "<td>203.0.113.9</td>" in said


def test_the_choice_is_exported_as_a_signed_file(auditor: Client, practice: Practice) -> None:
    _looked(practice, 2)
    _looked(practice, action="api.refused", actor="client:partner")
    answer = auditor.post(f"{PAGE}export/", {"action": "api.refused"})
    name = f"audit-{practice.organization.slug}-2026-03-02.zip"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert verify(BytesIO(answer.content))["entries"] == 1
    assert "Exported the audit trail" in words_of(auditor, PAGE)


def test_bursts_of_refused_sign_ins_are_told_from_slips(
    auditor: Client, practice: Practice, settings: Settings
) -> None:
    now = settings.FIXED_NOW
    for who, times, apart in (("a", 6, 1), ("b", 4, 1), ("c", 6, 4)):
        for number in range(times):
            settings.FIXED_NOW = now + timedelta(minutes=apart * number)
            with practice.bound():
                record_access(actor="nobody", action="sign_in_refused", subject=f"person:{who}", outcome="refused")
    settings.FIXED_NOW = now
    said = words_of(auditor, f"{PAGE}?action=sign_in_bursts")
    assert said.count('<th scope="row">') == 2
    assert said.count("<td>person a</td>") == 2


def test_a_choice_is_kept_and_forgotten_again(auditor: Client, practice: Practice) -> None:
    auditor.post("/portal/views/save/", {"screen": "audit", "name": "Refused ones", "query": "outcome=refused&x=1"})
    assert '<a href="?outcome=refused">Refused ones</a>' in words_of(auditor, PAGE)
    with practice.bound():
        kept = SavedView.objects.get()
    auditor.post(f"/portal/views/{kept.public_id}/forget/", {"screen": "audit"})
    assert "Refused ones" not in words_of(auditor, PAGE)


def test_changes_of_a_role_are_read_with_both_values(auditor: Client, practice: Practice, stranger: Client) -> None:
    with practice.bound():
        practice.manager.role = "biller"
        practice.manager.save()
    said = words_of(auditor, f"{PAGE}changes/?kind=tenants.Membership")
    assert "Role: Billing manager → <b>Biller</b>" in said
    assert "Quietwater" not in words_of(auditor, f"{PAGE}changes/")
