"""Files in a practice system's own columns: kept until somebody has said which column is which, and then by itself."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction

from tests.factories import organization
from tests.ingestion.world import csv_of, load, paid
from upstream.claims.choices import Outcome
from upstream.claims.models import Claim
from upstream.core import tenancy
from upstream.core.errors import Conflict, Invalid
from upstream.ingestion import mapping, services
from upstream.ingestion.choices import BatchState
from upstream.ingestion.formats.profile import Profile
from upstream.ingestion.models import Batch, MappingProfile
from upstream.tenants.services import tenant_keys

pytestmark = pytest.mark.usefixtures("practice")

TITLES = "Claim #,Payor,CPT,DOS,Chg Amt,Ins Pmt,Denial Cd,Pmt Date"
ROWS = (
    "1001,Summit Mutual,99213,03/02/2026,$120.00,80.00,,03/20/2026",
    '1002,Summit Mutual,73721,03/03/2026,"$1,900.00",0.00,CO197,03/21/2026',
    "1003,Summit Mutual,99213,03/13/2026,120,,,",
)
EXPORT = "\n".join([TITLES, *ROWS]) + "\n"


def confirmed(batch: Batch, name: str = "Weekly export", **changes: Any) -> MappingProfile:
    """The proposal for the file, confirmed."""
    profile = mapping.preview(batch, tenant_keys()).proposal.profile
    return mapping.confirm(batch, profile=replace(profile, **changes), name=name, actor="user:1")


def loaded(batch: Batch) -> Batch:
    services.load(batch.pk)
    return Batch.objects.select_related("mapping").get(pk=batch.pk)


def test_a_file_in_other_columns_is_kept_until_they_are_matched():
    batch = load(EXPORT)
    assert (batch.state, batch.status, batch.error_code) == (BatchState.MAPPING, "needs_mapping", "needs_mapping")
    assert batch.error_message.startswith("this file needs a mapping: no row with the names of claim columns was found")
    assert (Claim.objects.count(), services.load(batch.pk)) == (0, False)


def test_the_file_is_loaded_once_its_columns_are_matched():
    batch = load(EXPORT)
    kept = confirmed(batch)
    batch = loaded(batch)
    assert (batch.status, batch.claims, batch.adjudications, batch.rejected) == ("loaded", 3, 2, 0)
    assert (batch.mapping, kept.version, kept.name, kept.columns) == (kept, 1, "Weekly export", 8)
    outcomes = Claim.objects.order_by("position").values_list("outcome", "billed_cents", "paid_cents", "denial_carc")
    assert list(outcomes) == [
        (Outcome.PAID, 12_000, 8_000, ""),
        (Outcome.DENIED, 190_000, 0, "197"),
        (Outcome.PENDING, 12_000, 0, ""),
    ]


def test_the_next_file_with_the_same_columns_is_loaded_by_itself():
    confirmed(load(EXPORT))
    batch = load(EXPORT.replace("1001", "2001"))
    assert (batch.status, batch.claims, batch.mapping.name) == ("loaded", 3, "Weekly export")


def test_a_file_with_other_columns_waits_and_is_offered_the_nearest_mapping():
    confirmed(load(EXPORT), payer="Harbor Advantage")
    batch = load(EXPORT.replace("Chg Amt", "Total"))
    preview = mapping.preview(batch, tenant_keys())
    assert (batch.status, preview.near.name) == ("needs_mapping", "Weekly export")
    assert preview.proposal.profile.payer == "Harbor Advantage"
    assert preview.proposal.profile.columns["claim #"] == "claim_id"


def test_a_canonical_file_needs_no_mapping():
    assert load(csv_of(paid())).mapping_id is None


def test_our_columns_written_otherwise_are_asked_about_too():
    rows = [paid(f"C{n}").replace("2026-03-02", "03/02/2026").replace("2026-03-16", "03/16/2026") for n in range(3)]
    batch = load(csv_of(*rows))
    assert batch.status == "needs_mapping"
    assert "its dates, amounts or words of status are written in another way" in batch.error_message
    confirmed(batch)
    assert (loaded(batch).status, Claim.objects.count()) == ("loaded", 3)
    again = load(csv_of(*rows, rows[0].replace("C0", "C9")))
    assert (again.status, again.claims, load(csv_of(paid("C8"))).mapping_id) == ("loaded", 4, None)


def test_files_that_wait_with_the_same_columns_are_loaded_together():
    first, second = load(EXPORT), load(EXPORT.replace("1001", "2001"))
    other = load(EXPORT.replace("Chg Amt", "Total"))
    kept = confirmed(first)
    states = Batch.objects.order_by("pk").values_list("pk", "state", "mapping_id")
    assert list(states) == [
        (first.pk, "landed", kept.pk), (second.pk, "landed", kept.pk), (other.pk, "mapping", None),
    ]  # fmt: skip


def test_a_clients_mapping_is_for_its_own_files():
    def sent(number: int, received_from: str) -> Batch:
        content = EXPORT.replace("1001", str(number)).encode()
        batch, _ = services.receive([content], name="x", received_from=received_from)
        return loaded(batch)

    kept = confirmed(sent(1, "api:nightly"))
    assert kept.source == "api:nightly"
    assert [sent(2, "api:nightly").status, sent(3, "api:other").status, sent(4, "user:7").status] == [
        "loaded", "needs_mapping", "needs_mapping",
    ]  # fmt: skip


def test_a_change_is_a_new_version_and_the_file_says_which_one_read_it():
    first = load(EXPORT)
    confirmed(first)
    loaded(first)
    mapping.keep(profile=replace(mapping.named("Weekly export").profile(tenant_keys()), decimals="eu"),
                 name="Weekly export", actor="user:2")  # fmt: skip
    second = load(EXPORT.replace("1001", "2001").replace("$120.00", "120").replace('"$1,900.00"', "1900"))
    versions = MappingProfile.objects.order_by("version").values_list("version", "active", "created_by")
    assert list(versions) == [(1, False, "user:1"), (2, True, "user:2")]
    assert [loaded(first).mapping.version, second.mapping.version, second.rejected] == [1, 2, 2]


def test_the_same_mapping_again_is_no_new_version():
    kept = confirmed(load(EXPORT))
    profile = kept.profile(tenant_keys())
    assert mapping.keep(profile=profile, name=" Weekly  export ", actor="user:2") == kept


def test_a_named_mapping_reads_the_file():
    kept = confirmed(load(EXPORT))
    reordered = EXPORT.replace("Denial Cd,", "Denial Cd,Room,").replace("$120.00,80.00,,", "$120.00,80.00,,7,")
    text = "\n".join(line if "Room" in line or ",7," in line else "" for line in reordered.splitlines())
    batch, _ = services.receive([text.encode()], name="x", received_from="user:1", profile="Weekly export")
    batch = loaded(batch)
    assert (batch.status, batch.claims, batch.mapping) == ("loaded", 1, kept)


def test_a_named_mapping_that_does_not_fit_is_said():
    confirmed(load(EXPORT))
    batch, _ = services.receive([b"a,b,c\n1,2,3\n"], name="x", received_from="user:1", profile="Weekly export")
    batch = loaded(batch)
    assert batch.status == "needs_mapping"
    assert "has not all of the columns that the mapping names" in batch.error_message
    with pytest.raises(Invalid, match="no mapping of that name"):
        services.receive([b"x"], name="x", received_from="user:1", profile="Another")


def test_a_retired_mapping_is_applied_to_nothing_until_it_is_used_again():
    kept = confirmed(load(EXPORT))
    mapping.retire(kept)
    assert load(EXPORT.replace("1001", "2001")).status == "needs_mapping"
    mapping.use_again(kept)
    assert load(EXPORT.replace("1001", "3001")).status == "loaded"


def test_an_earlier_version_may_be_used_again():
    kept = confirmed(load(EXPORT))
    mapping.keep(profile=replace(kept.profile(tenant_keys()), payer="Civic Care"), name=kept.name, actor="user:1")
    mapping.use_again(MappingProfile.objects.get(version=1))
    assert mapping.named("Weekly export").version == 1


def test_every_version_is_renamed_and_names_are_not_shared():
    kept = confirmed(load(EXPORT))
    mapping.keep(profile=replace(kept.profile(tenant_keys()), payer="Civic Care"), name=kept.name, actor="user:1")
    mapping.rename(MappingProfile.objects.get(version=2), "Front desk")
    assert set(MappingProfile.objects.values_list("name", flat=True)) == {"Front desk"}
    other = mapping.keep(profile=kept.profile(tenant_keys()), name="Other", actor="user:1")
    with pytest.raises(Invalid, match="another mapping has this name"):
        mapping.rename(other, "Front desk")
    with pytest.raises(Invalid, match="up to 80 letters"):
        mapping.rename(other, " ")


def test_what_is_not_enough_is_not_confirmed():
    batch = load(EXPORT)
    with pytest.raises(Invalid, match="still missing: Claim number, Payer"):
        mapping.confirm(batch, profile=Profile(), name="x", actor="user:1")
    confirmed(batch)
    with pytest.raises(Conflict):
        confirmed(Batch.objects.get(pk=batch.pk))


def test_a_refused_table_can_be_sent_again_once_there_is_a_mapping():
    batch = load(EXPORT)
    mapping.keep(profile=mapping.preview(batch, tenant_keys()).proposal.profile, name="By hand", actor="user:1",
                 layout_bidx=bytes(batch.layout_bidx))  # fmt: skip
    again, new = services.receive([EXPORT.encode()], name="again", received_from="user:1")
    assert (new, again.pk, loaded(again).status) == (True, batch.pk, "loaded")


def test_the_check_counts_the_whole_file_and_writes_nothing():
    batch = load(EXPORT + "1004,Summit Mutual,99213,03/33/2026,12,,,\n")
    profile = mapping.preview(batch, tenant_keys()).proposal.profile
    told = mapping.tried(batch, profile, tenant_keys())
    assert (told.claims, told.rejected, told.billed_cents, dict(told.reasons)) == (
        3, 1, 214_000, {("submitted_date", "bad_date"): 1},
    )  # fmt: skip
    assert Claim.objects.count() == 0


def test_titles_and_words_of_the_file_stand_sealed():
    kept = confirmed(load(EXPORT), statuses={"quorvathian": "paid"})
    assert b"quorvathian" not in bytes(kept.sealed_profile)
    assert str(kept) == f"mapping {kept.public_id}"


def test_another_practice_has_other_mappings(practice):
    confirmed(load(EXPORT))
    tenancy._scope.set(tenancy.Scope())
    with tenancy.bind(organization().pk), transaction.atomic():
        assert load(EXPORT).status == "needs_mapping"
    with tenancy.bind(practice):
        pass
