"""A practice and its API clients from the command line."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from upstream.core import tenancy
from upstream.tenants.models import ApiClient, Membership, Organization

pytestmark = pytest.mark.django_db


def run(*words: str) -> dict[str, object]:
    out = StringIO()
    call_command(*words, "--json", stdout=out)
    answer: dict[str, object] = json.loads(out.getvalue())
    return answer


def practice() -> Organization:
    with tenancy.directory(), transaction.atomic():
        return Organization.objects.get(slug="hillside")


def test_a_practice_is_made_with_its_owner() -> None:
    made = run("create_tenant", "hillside", "--name", "Hillside Clinic", "--owner-email", "Dana@Hillside.example")
    found = practice()
    assert str(made.pop("password_link")).startswith("http://127.0.0.1:8000/portal/password/?who=")
    assert made == {
        "tenant": "hillside",
        "id": str(found.public_id),
        "name": "Hillside Clinic",
        "owner": "Dana@Hillside.example",
    }
    with tenancy.bind(found.pk):
        owner = Membership.objects.get()
        assert (owner.role, owner.user.email, owner.user.has_usable_password()) == (
            "owner",
            "dana@hillside.example",
            False,
        )


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["hillside", "--name", "Again"], "slug_taken"),
        (["not a slug", "--name", "X"], "bad_slug"),
        (["x" * 51, "--name", "X"], "bad_slug"),
        (["other", "--name", "X", "--time-zone", "Mars/Olympus"], "unknown_time_zone"),
    ],
)
def test_a_practice_that_cannot_be_is_refused(words: list[str], code: str) -> None:
    run("create_tenant", "hillside", "--name", "Hillside Clinic")
    with pytest.raises(CommandError, match=code):
        run("create_tenant", *words)


def test_a_client_is_made_and_revoked() -> None:
    run("create_tenant", "hillside", "--name", "Hillside Clinic")
    made = run(
        "create_api_client", "--tenant", "hillside", "--name", "nightly", "--scopes", "upload, read", "--days", "30"
    )
    with tenancy.bind(practice().pk):
        client = ApiClient.objects.get()
        assert made["scopes"] == client.scopes == ["read", "upload"]
        assert made["client_secret"] not in str(vars(client))
        assert client.expires_at is not None
        assert (client.expires_at - client.created_at).days in {29, 30}
    client_id = str(made["client_id"])
    assert run("revoke_api_client", "--tenant", "hillside", client_id) == {"revoked": client_id}
    with pytest.raises(CommandError, match="unknown_client"):
        run("revoke_api_client", "--tenant", "hillside", client_id)


def test_a_client_gets_no_right_that_is_for_people() -> None:
    run("create_tenant", "hillside", "--name", "Hillside Clinic")
    with pytest.raises(CommandError, match="unknown_scope"):
        run("create_api_client", "--tenant", "hillside", "--name", "nightly", "--scopes", "read,administer")


def test_one_practice_cannot_revoke_anothers_client() -> None:
    run("create_tenant", "hillside", "--name", "Hillside Clinic")
    run("create_tenant", "lakeside", "--name", "Lakeside")
    made = run("create_api_client", "--tenant", "hillside", "--name", "nightly")
    with pytest.raises(CommandError, match="unknown_client"):
        run("revoke_api_client", "--tenant", "lakeside", str(made["client_id"]))
