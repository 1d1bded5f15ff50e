from django.db import transaction

from upstream.core import tenancy
from upstream.demo.build import ROLES, prepare
from upstream.samples.invented.practices import QUIETWATER
from upstream.tenants.models import Membership


def test_preparing_again_adds_nobody(transactional_db):
    first, again = prepare(QUIETWATER), prepare(QUIETWATER)
    assert first == again
    with tenancy.bind(first[0].pk), transaction.atomic():
        assert sorted(Membership.objects.values_list("role", flat=True)) == sorted(ROLES)
