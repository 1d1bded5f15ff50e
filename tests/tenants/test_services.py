"""People and machines of a practice: nothing is changed unsaid."""

import pytest
from auditlog.models import LogEntry

from tests import factories
from upstream.core import tenancy
from upstream.core.errors import Conflict
from upstream.tenants import people
from upstream.tenants.choices import Role
from upstream.tenants.models import Membership
from upstream.tenants.services import add_member, create_api_client, revoke_api_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def practice():
    with tenancy.bind(factories.organization("hillside").pk):
        yield


@pytest.mark.parametrize("active", [True, False])
def test_a_person_with_a_membership_is_not_added_again(practice, active):
    member = factories.member(Role.BILLER, email="dana@hillside.example")
    Membership.objects.update(active=active)
    with pytest.raises(Conflict, match="has a membership here already"):
        add_member(email="Dana@hillside.example", role=Role.OWNER)
    member.refresh_from_db()
    assert (member.role, member.active) == (Role.BILLER, active)


def test_a_former_member_comes_back_with_the_new_role(practice):
    member = factories.member(Role.BILLER, email="dana@hillside.example")
    Membership.objects.update(active=False)
    people.add_person(email="dana@hillside.example", role=Role.MANAGER)
    member.refresh_from_db()
    assert (member.role, member.active) == (Role.MANAGER, True)


def test_the_end_of_a_client_is_in_the_audit_trail(practice):
    client, _ = create_api_client(name="nightly", scopes=["read"])
    revoke_api_client(client.client_id)
    changes = LogEntry.objects.get_for_object(client).latest("pk").changes_dict
    assert (list(changes), changes["revoked_at"][0]) == (["revoked_at"], "None")
