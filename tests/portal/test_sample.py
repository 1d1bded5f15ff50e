"""One click into a sample practice, and out of it again; the own practice never moves."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import findings, payer
from tests.portal.conftest import Practice, SignedIn, words_of
from upstream.core import tenancy
from upstream.tenants.choices import SampleState
from upstream.tenants.models import Membership, Organization

OPEN, LEAVE, REMOVE, PROGRESS = (f"/portal/sample/{act}/" for act in ("open", "leave", "remove", "progress"))
BANNER = "Sample practice – invented claims"


def sample_of(practice: Practice) -> Organization | None:
    with tenancy.directory(), transaction.atomic():
        return Organization.objects.filter(sample_of=practice.organization).first()


def moved_to(practice: Practice, state: SampleState) -> Organization:
    """The practice's sample, as far as that."""
    with tenancy.directory(), transaction.atomic():
        Organization.objects.filter(sample_of=practice.organization).update(sample_state=state)
        return Organization.objects.get(sample_of=practice.organization)


@pytest.fixture
def owner(signed_in: SignedIn) -> Client:
    return signed_in("owner")


@pytest.fixture
def inside(owner: Client) -> Client:
    """The owner's browser, in the sample that was just asked for."""
    owner.post(OPEN)
    return owner


def test_one_click_leads_from_the_first_steps_into_the_sample(owner: Client, practice: Practice) -> None:
    assert f'action="{OPEN}"' in words_of(owner, "/portal/")
    answer = owner.post(OPEN, follow=True)
    said = answer.content.decode()
    assert answer.redirect_chain == [("/portal/", 302)]
    assert BANNER in said
    assert "Larkfield Orthopedics (sample)" in said
    assert "First steps" not in said
    assert '<h1 class="sentence">The sample practice is being made.</h1>' in said


def test_clicking_again_opens_the_same(inside: Client, practice: Practice) -> None:
    first = sample_of(practice)
    inside.post(OPEN)
    inside.post(LEAVE)
    inside.post(OPEN)
    assert sample_of(practice) == first
    assert BANNER in words_of(inside, "/portal/")


def test_each_page_of_the_sample_says_so_and_no_page_of_the_practice(inside: Client) -> None:
    pages = ("/portal/", "/portal/incidents/", "/portal/data/", "/portal/account/", "/portal/reports/", REMOVE)
    assert [BANNER in words_of(inside, page) for page in pages] == [True] * len(pages)
    inside.post(LEAVE)
    assert [BANNER in words_of(inside, page) for page in pages[:-1]] == [False] * (len(pages) - 1)


def test_nothing_of_the_practice_is_seen_in_the_sample_nor_the_other_way_round(
    inside: Client, practice: Practice
) -> None:
    with practice.bound():
        findings.incident(practice.payer, practice.run, title="Known to Lakeside alone")
    assert "Known to Lakeside alone" not in words_of(inside, "/portal/incidents/")
    found = sample_of(practice)
    assert found
    with tenancy.bind(found.pk), transaction.atomic():
        findings.incident(payer(), findings.run(), title="Invented alone")
    assert "Invented alone" in words_of(inside, "/portal/incidents/")
    inside.post(LEAVE)
    said = words_of(inside, "/portal/incidents/")
    assert ("Known to Lakeside alone" in said, "Invented alone" in said) == (True, False)


def test_the_banner_tells_how_far_it_is_and_today_comes_anew_once_it_is_there(
    inside: Client, practice: Practice
) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/portal/"}
    moving = inside.get(f"{PROGRESS}?poll=1", headers=headers)
    assert "A year of claims is being made" in moving.content.decode()
    assert f'hx-get="{PROGRESS}?poll=2"' in moving.content.decode()
    assert "HX-Refresh" not in moving
    moved_to(practice, SampleState.READY)
    there = inside.get(f"{PROGRESS}?poll=2", headers=headers)
    assert "hx-get" not in there.content.decode()
    assert there["HX-Refresh"] == "true"
    elsewhere = inside.get(
        f"{PROGRESS}?poll=2", headers={**headers, "HX-Current-URL": "http://testserver/portal/data/"}
    )
    assert "HX-Refresh" not in elsewhere
    assert "being made" not in words_of(inside, "/portal/")


def test_removing_asks_first_and_goes_home(inside: Client, practice: Practice) -> None:
    assert "Remove the sample practice?" in words_of(inside, REMOVE)
    said = inside.post(REMOVE, follow=True).content.decode()
    assert "The sample practice is being removed" in said
    assert BANNER not in said
    assert "Lakeside Orthopedics" in said
    found = sample_of(practice)
    assert found
    assert found.sample_state == SampleState.LEAVING
    again = inside.post(OPEN, follow=True).content.decode()
    assert "just being removed" in again
    assert BANNER not in again


def test_who_keeps_no_people_opens_it_in_their_own_role_and_does_not_remove_it(
    manager: Client, practice: Practice
) -> None:
    manager.post(OPEN)
    assert "Remove the sample" not in words_of(manager, "/portal/")
    assert manager.post(REMOVE).status_code == 403
    found = sample_of(practice)
    assert found
    with tenancy.bind(found.pk), transaction.atomic():
        assert list(Membership.objects.values_list("user_id", "role")) == [(practice.manager.user_id, "manager")]


def test_files_are_for_the_own_practice(inside: Client) -> None:
    file = SimpleUploadedFile("claims.csv", b"claim_id,payer\n1,Summit Mutual\n")
    said = inside.post("/portal/data/upload/", {"file": file}, follow=True).content.decode()
    assert "this is a sample practice: send files to your own practice" in said


def test_strangers_find_no_sample_but_their_own(inside: Client, stranger: Client, practice: Practice) -> None:
    assert stranger.post(LEAVE).status_code == 404
    assert stranger.get(f"{PROGRESS}?poll=1", headers={"HX-Request": "true"}).status_code == 404
    found = sample_of(practice)
    assert found
    assert stranger.post("/portal/practices/switch/", {"practice": str(found.public_id)}).status_code == 404
    stranger.post(OPEN)
    with tenancy.directory(), transaction.atomic():
        assert Organization.objects.exclude(sample_of=None).count() == 2
    with tenancy.bind(found.pk), transaction.atomic():
        assert Membership.objects.count() == 1


def test_the_banner_asks_nothing(
    inside: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(19):
        inside.get("/portal/settings/money/")
    inside.post(LEAVE)
    with django_assert_num_queries(19):
        inside.get("/portal/settings/money/")


def test_opening_and_telling_ask_little(
    owner: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    owner.post(OPEN)
    with django_assert_num_queries(15):
        owner.get(f"{PROGRESS}?poll=1", headers={"HX-Request": "true"})
