"""Hardest cases between practices: what is told of one never moves what another holds."""

from django.db import transaction

from tests.factories import organization
from tests.ingestion.world import DENIED_835, PAID_835, csv_of, load, paid, x12
from upstream.claims.choices import Outcome
from upstream.claims.models import Claim
from upstream.core import tenancy

OTHERS_PROVIDER = b"1234567893"


def test_a_file_that_names_another_practices_provider_stays_where_it_was_sent(db: None) -> None:
    one, other = organization("lakeside"), organization("hillside")
    with tenancy.bind(one.pk):
        load(csv_of(paid("C1")))
        load(x12(PAID_835, amount="64"))
    with tenancy.bind(other.pk):
        data = x12(DENIED_835.replace("C2", "C1"), amount="0", check="CHK2")
        assert OTHERS_PROVIDER in data
        assert load(data).claims == 1
    with tenancy.bind(one.pk), transaction.atomic():
        assert list(Claim.objects.values_list("outcome", "paid_cents")) == [(Outcome.PAID, 6_400)]
    with tenancy.bind(other.pk), transaction.atomic():
        assert list(Claim.objects.values_list("outcome", "denial_carc")) == [(Outcome.DENIED, "197")]


def test_a_file_of_one_practice_is_no_duplicate_of_the_same_file_of_another(db: None) -> None:
    data = x12(PAID_835, amount="64")
    for slug in ("lakeside", "hillside"):
        with tenancy.bind(organization(slug).pk):
            batch = load(data)
            assert (batch.status, batch.new_adjudications, batch.repeats_id) == ("loaded", 1, None)
