import pytest
from django.core.exceptions import FieldError
from django.db.models import Q
from django.db.models.sql import Query

from upstream.claims.models import ClaimIdentity
from upstream.core.phi import keyring
from upstream.core.phi.keyring import TenantKeys, UnreadablePHI

OLD, NEW = b"o" * 32, b"n" * 32


@pytest.fixture
def keys(settings) -> TenantKeys:
    settings.PHI_KEYS = {"k1": OLD}
    return TenantKeys(7, b"s" * 32)


def test_a_sealed_value_opens_where_it_was_sealed(keys):
    envelope = keys.seal(b"Ada", "patient", "sealed", b"row")
    assert keys.unseal(envelope, "patient", "sealed", b"row") == b"Ada"
    assert keyring.key_id_of(envelope) == "k1"
    assert b"Ada" not in envelope


@pytest.mark.parametrize(
    "elsewhere", [("claim", "sealed", b"row"), ("patient", "other", b"row"), ("patient", "sealed", b"row2")]
)
def test_a_sealed_value_moved_elsewhere_is_refused(keys, elsewhere):
    envelope = keys.seal(b"Ada", "patient", "sealed", b"row")
    with pytest.raises(UnreadablePHI):
        keys.unseal(envelope, *elsewhere)


def test_a_sealed_value_of_another_tenant_is_refused(keys):
    envelope = TenantKeys(8, b"s" * 32).seal(b"Ada", "patient", "sealed", b"row")
    with pytest.raises(UnreadablePHI):
        keys.unseal(envelope, "patient", "sealed", b"row")


@pytest.mark.parametrize("at", range(0, 44, 4))
def test_a_changed_byte_is_refused(keys, at):
    envelope = bytearray(keys.seal(b"Ada Lovelace", "patient", "sealed", b"row"))
    envelope[at] ^= 1
    with pytest.raises(UnreadablePHI):
        keys.unseal(bytes(envelope), "patient", "sealed", b"row")


def test_the_old_key_reads_until_it_is_removed(keys, settings):
    envelope = keys.seal(b"Ada", "patient", "sealed", b"row")
    settings.PHI_KEYS = {"k2": NEW, "k1": OLD}
    assert keys.unseal(envelope, "patient", "sealed", b"row") == b"Ada"
    assert keyring.key_id_of(keys.seal(b"Ada", "patient", "sealed", b"row")) == "k2"
    settings.PHI_KEYS = {"k2": NEW}
    with pytest.raises(UnreadablePHI, match="k1"):
        keys.unseal(envelope, "patient", "sealed", b"row")


def test_an_error_never_carries_the_value(keys):
    envelope = keys.seal(b"Ada", "patient", "sealed", b"row")
    with pytest.raises(UnreadablePHI) as caught:
        keys.unseal(envelope, "patient", "sealed", b"other")
    assert "Ada" not in str(caught.value)


def test_blind_indexes_are_equal_for_equal_values_of_one_tenant_and_field(keys):
    assert keys.index("member_id", "M1") == keys.index("member_id", "M1")
    assert len({keys.index("member_id", "M1"), keys.index("account", "M1"), keys.index("member_id", "M2")}) == 3
    assert keys.index("member_id", "M1") != TenantKeys(8, b"t" * 32).index("member_id", "M1")


def test_blind_indexes_survive_a_new_ring_key(keys, settings):
    before = keys.index("member_id", "M1")
    settings.PHI_KEYS = {"k2": NEW}
    assert TenantKeys(7, b"s" * 32).index("member_id", "M1") == before


@pytest.mark.parametrize("lookup", ["sealed", "sealed__icontains", "sealed__startswith", "sealed__in", "sealed__gt"])
def test_nothing_can_be_asked_of_a_sealed_column(lookup):
    with pytest.raises(FieldError):
        Query(ClaimIdentity).build_filter(Q(**{lookup: b"x"}))


def test_a_sealed_column_takes_no_plain_value():
    field = ClaimIdentity._meta.get_field("sealed")
    with pytest.raises(FieldError):
        field.get_db_prep_save("Ada", None)


def test_what_a_person_types_is_never_opened(keys):
    envelope = keys.seal(b"Ada", "patient", "sealed", b"row")
    assert ClaimIdentity._meta.get_field("sealed").to_python(envelope) == envelope
