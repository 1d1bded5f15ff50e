"""Matching the columns of a file, and what was kept of it."""

import re
from dataclasses import replace

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries as Asks

from tests.portal.conftest import Practice, SignedIn, words_of
from upstream.audit.models import PHIAccess
from upstream.core import tenancy
from upstream.ingestion import mapping, services
from upstream.ingestion.models import Batch, MappingProfile
from upstream.tenants.choices import Role
from upstream.tenants.services import tenant_keys

EXPORT = """Claim #,Payor,CPT,DOS,Chg Amt,Ins Pmt,Denial Cd,Pmt Date,Patient,State
1001,Summit Mutual,99213,02/02/2026,$120.00,80.00,,02/20/2026,"Moon, June",Paid in full
1002,Summit Mutual,73721,02/03/2026,"$1,900.00",0.00,CO197,02/21/2026,"Moon, June",Denied
1003,Summit Mutual,99213,02/33/2026,120,,,,"Moon, June",Waiting
"""
SELECT = re.compile(r'<select name="([^"]+)"[^>]*>(.*?)</select>', re.DOTALL)
CHOSEN = re.compile(r'<option value="([^"]*)" selected')


def received(practice: Practice, text: str = EXPORT, name: str = "export.csv", sender: str = "command:ingest") -> Batch:
    with tenancy.bind(practice.organization.pk):
        batch, _ = services.receive([text.encode()], name=name, received_from=sender)
        services.load(batch.pk)
        with transaction.atomic():
            return Batch.objects.get(pk=batch.pk)


def page_of(batch: Batch) -> str:
    return f"/portal/data/{batch.public_id}/columns/"


def as_proposed(client: Client, batch: Batch, **changes: str) -> dict[str, str]:
    """What the page's form sends when nothing is touched."""
    said = client.get(page_of(batch)).content.decode()
    form = {name: (CHOSEN.findall(options) or [""])[0] for name, options in SELECT.findall(said)}
    form |= dict(re.findall(r'<input type="hidden" name="(words_of|separator|encoding)" value="([^"]*)"', said))
    form |= dict.fromkeys(re.findall(r'<input type="checkbox" name="(\w+)"[^>]* checked', said), "on")
    return {**form, "name": "Front desk", **changes}


@pytest.fixture
def waiting(practice: Practice) -> Batch:
    return received(practice)


def test_a_file_that_waits_leads_to_its_columns(manager: Client, waiting: Batch) -> None:
    for path in ("/portal/data/", f"/portal/data/{waiting.public_id}/"):
        said = words_of(manager, path)
        assert "Needs a mapping" in said
        assert f'<a href="{page_of(waiting)}">Match the columns</a>' in said
        assert "1 file not loaded until" in said


def test_the_page_proposes_and_shows_samples(manager: Client, waiting: Batch, practice: Practice) -> None:
    form = as_proposed(manager, waiting)
    assert {name: form[f"column-{name}"] for name in ("claim_id", "payer", "service_date", "billed", "paid")} == {
        "claim_id": "0", "payer": "1", "service_date": "3", "billed": "4", "paid": "5",
    }  # fmt: skip
    assert [form[f"word-{number}"] for number in range(3)] == ["denied", "paid", "pending"]
    said = words_of(manager, page_of(waiting))
    assert '<span class="mono">$1,900.00</span>' in said
    assert "<td>Moon, June</td>" in said
    assert "The titles were found in line 1: 10 columns." in said
    with practice.bound():
        seen = PHIAccess.objects.filter(action="preview_file").values_list("subject", "records").first()
    assert seen == (f"batch:{waiting.public_id}", 3)


def test_check_tells_what_the_whole_file_would_come_to(manager: Client, waiting: Batch, practice: Practice) -> None:
    response = manager.post(page_of(waiting), {**as_proposed(manager, waiting), "check": "1"})
    said = " ".join(response.content.decode().split())
    assert "2 claims would be loaded, 1 row left out" in said
    assert "<dd>$2,020.00</dd>" in said
    assert "<b>1 row</b>: Submitted on is not a date" in said
    with practice.bound():
        assert Batch.objects.get().state == "mapping"
        assert not MappingProfile.objects.exists()


def test_what_stood_in_the_row_is_shown(manager: Client, waiting: Batch) -> None:
    response = manager.post(page_of(waiting), {**as_proposed(manager, waiting), "check": "1"})
    said = " ".join(response.content.decode().split())
    assert '<td class="number">4</td><td>Submitted on</td><td class="wrap">is not a date</td>' in said
    assert '<td class="mono">02/33/2026</td>' in said


def test_confirm_loads_the_file(manager: Client, waiting: Batch, practice: Practice) -> None:
    answer = manager.post(page_of(waiting), {**as_proposed(manager, waiting), "confirm": "1"}, follow=True)
    assert "The file is being read." in answer.content.decode()
    with practice.bound():
        kept = MappingProfile.objects.get()
        profile = kept.profile(tenant_keys())
        assert (kept.name, kept.version, profile.statuses) == (
            "Front desk", 1, {"paid in full": "paid", "denied": "denied", "waiting": "pending"},
        )  # fmt: skip
        assert kept.created_by == f"user:{practice.manager.user.public_id}"
    with tenancy.bind(practice.organization.pk):
        services.load(waiting.pk)
        with transaction.atomic():
            batch = Batch.objects.get()
            assert (batch.status, batch.claims, batch.rejected) == ("partly_loaded", 2, 1)
    assert "Front desk</a>, version 1" in words_of(manager, f"/portal/data/{waiting.public_id}/")
    assert "match its columns anew" in words_of(manager, f"/portal/data/{waiting.public_id}/")
    with practice.bound():
        Batch.objects.update(state="landed")
    gone = manager.get(page_of(waiting), follow=True)
    assert "does not wait for its columns any more" in gone.content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"column-claim_id": ""}, "still missing: Claim number."),
        ({"column-payer": "0"}, "This column is Claim number already."),
        ({"name": " "}, "This field is required."),
        ({"column-claim_id": "99"}, "Select a valid choice."),
    ],
)
def test_what_is_not_enough_is_said_and_nothing_kept(
    changes: dict[str, str], words: str, manager: Client, waiting: Batch, practice: Practice
) -> None:
    answer = manager.post(page_of(waiting), {**as_proposed(manager, waiting, **changes), "confirm": "1"})
    assert answer.status_code == 422
    assert words in " ".join(answer.content.decode().split())
    with practice.bound():
        assert not MappingProfile.objects.exists()


def test_words_of_another_status_column_are_read_anew(manager: Client, waiting: Batch, practice: Practice) -> None:
    form = as_proposed(manager, waiting, **{"column-status": "", "status_from_amounts": "on"})
    manager.post(page_of(waiting), {**form, "confirm": "1"})
    with practice.bound():
        assert MappingProfile.objects.get().profile(tenant_keys()).statuses == {}


def test_a_file_cut_wrongly_is_cut_as_said(manager: Client, practice: Practice) -> None:
    odd = "a;b,Claim #;Payor;DOS;Chg;Paid\n1;2,1;Señal;1/1/2026;5;5\n"
    batch = received(practice, odd)
    said = words_of(manager, page_of(batch) + "?separator=%3B&encoding=cp850")
    assert '<input type="hidden" name="separator" value=";">' in said
    assert '<input type="hidden" name="encoding" value="cp850">' in said
    assert "6 columns" in said


def test_who_may_not_upload_may_not_match(signed_in: SignedIn, waiting: Batch) -> None:
    client = signed_in(Role.CLINICIAN)
    assert client.get(page_of(waiting)).status_code == 403
    assert client.get("/portal/data/mappings/").status_code == 403
    assert page_of(waiting) not in words_of(client, "/portal/data/")


def test_a_file_that_is_gone_is_said(manager: Client, waiting: Batch, own_var: object) -> None:
    from pathlib import Path

    for stored in Path(str(own_var)).rglob("landing/*/*/*"):
        stored.unlink()
    answer = manager.get(page_of(waiting), follow=True)
    assert "the stored file is gone" in answer.content.decode()


@pytest.fixture
def kept(practice: Practice, waiting: Batch) -> MappingProfile:
    with practice.bound():
        profile = mapping.preview(waiting, tenant_keys()).proposal.profile
        return mapping.confirm(
            waiting, profile=profile, name="Front desk", actor=f"user:{practice.manager.user.public_id}"
        )


def test_mappings_are_listed_and_opened(manager: Client, kept: MappingProfile) -> None:
    assert f'<a href="/portal/data/mappings/{kept.public_id}/">Front desk</a>' in words_of(
        manager, "/portal/data/mappings/"
    )
    said = words_of(manager, f"/portal/data/mappings/{kept.public_id}/")
    assert '<th scope="row">claim #</th><td>Claim number</td>' in said
    assert "paid in full = paid" in said
    assert "read 1 file" in said


def change(client: Client, row: MappingProfile, **sent: str) -> str:
    response = client.post(f"/portal/data/mappings/{row.public_id}/change/", sent, follow=True)
    return " ".join(response.content.decode().split())


def test_a_mapping_is_renamed_retired_and_used_again(manager: Client, kept: MappingProfile, practice: Practice) -> None:
    assert "<h1>Back office</h1>" in change(manager, kept, rename="1", name="Back office")
    assert "It is applied to no file any more." in change(manager, kept, retire="1")
    assert "Version 1 is in use." in change(manager, kept, use="1")
    assert "give the mapping a name" in change(manager, kept, rename="1", name="")


def test_a_change_is_kept_as_a_new_version(manager: Client, kept: MappingProfile, practice: Practice) -> None:
    sent = {
        "day_order": "dmy", "decimals": "us", "submitted_from": "service_date", "undated": "on",
        "statuses": "paid in full = paid\n(blank) = pending\nin limbo = adjudicated", "save": "1",
    }  # fmt: skip
    assert "Version 2 is in use." in change(manager, kept, **sent)
    with practice.bound():
        profile = mapping.named("Front desk").profile(tenant_keys())
    assert profile.day_order == "dmy"
    assert profile.statuses == {"paid in full": "paid", "": "pending", "in limbo": "adjudicated"}
    assert "Each line is: a word" in change(manager, kept, **{**sent, "statuses": "paid: yes"})
    assert "still missing" in change(manager, kept, **{**sent, "undated": "", "submitted_from": ""})


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(
    rows: int,
    manager: Client,
    kept: MappingProfile,
    practice: Practice,
    django_assert_num_queries: Asks,
) -> None:
    with practice.bound():
        profile = kept.profile(tenant_keys())
        for number in range(rows - 1):
            mapping.keep(profile=profile, name=f"Mapping {number}", actor=kept.created_by)
            mapping.keep(profile=replace(profile, payer=str(number)), name="Front desk", actor=kept.created_by)
    manager.get("/portal/data/mappings/")
    with django_assert_num_queries(20):
        manager.get("/portal/data/mappings/")
    with django_assert_num_queries(24):
        manager.get(f"/portal/data/mappings/{kept.public_id}/")


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_columns_do_not_grow_with_rows(
    rows: int, manager: Client, practice: Practice, django_assert_num_queries: Asks
) -> None:
    head, *lines = EXPORT.splitlines()
    batch = received(practice, "\n".join([head, *lines[:rows]]))
    form = as_proposed(manager, batch)
    with django_assert_num_queries(25):
        manager.get(page_of(batch))
    with django_assert_num_queries(26):
        manager.post(page_of(batch), {**form, "check": "1"})


def test_columns_that_were_matched_wrongly_are_matched_anew_and_the_file_is_read_again(
    manager: Client, practice: Practice, waiting: Batch
) -> None:
    manager.post(
        page_of(waiting),
        {**as_proposed(manager, waiting, **{"column-paid": "4", "column-billed": "5"}), "confirm": "1"},
    )
    read_now(practice, waiting)
    said = words_of(manager, f"/portal/data/{waiting.public_id}/")
    assert f'<a href="{page_of(waiting)}">match its columns anew</a>' in said
    right = as_proposed(manager, waiting, **{"column-paid": "5", "column-billed": "4"})
    manager.post(page_of(waiting), {**right, "confirm": "1"})
    read_now(practice, waiting)
    said = words_of(manager, f"/portal/data/{waiting.public_id}/")
    assert "Front desk</a>, version 2" in said
    assert "Answers that an earlier reading of this file saw in it, and that were withdrawn" in said


def test_files_of_earlier_versions_are_read_again_on_demand(
    manager: Client, practice: Practice, waiting: Batch
) -> None:
    manager.post(page_of(waiting), {**as_proposed(manager, waiting), "confirm": "1"})
    read_now(practice, waiting)
    again = f"/portal/data/{waiting.public_id}/read-again/"
    assert "The mapping in use is the one that read this file." in manager.post(again, follow=True).content.decode()
    with practice.bound():
        (first,) = MappingProfile.objects.all()
        changed = replace(first.profile(tenant_keys()), payer="Harbor Advantage", columns={
            key: ours for key, ours in first.profile(tenant_keys()).columns.items() if ours != "payer"
        })  # fmt: skip
        second = mapping.keep(profile=changed, name="Front desk", actor="command:mapping")
    assert "Read it again under version 2" in words_of(manager, f"/portal/data/{waiting.public_id}/")
    page = f"/portal/data/mappings/{second.public_id}/"
    assert "1 file stand as other versions read them." in words_of(manager, page)
    answer = manager.post(f"{page}change/", {"reread": "1"}, follow=True).content.decode()
    assert "1 file will be read again under version 2." in answer
    read_now(practice, waiting)
    assert "Read them again" not in words_of(manager, page)
    assert "Harbor Advantage" in manager.get("/portal/payers/").content.decode()


def read_now(practice: Practice, batch: Batch) -> None:
    with tenancy.bind(practice.organization.pk):
        assert services.load(batch.pk)
