import io
import json
import re

from django.core.management import call_command
from django.test import Client

from tests import factories
from upstream.core import tenancy
from upstream.tenants.choices import Role


def said(*arguments: str) -> str:
    out = io.StringIO()
    call_command("create_tenant", "riverbend", "--name", "Riverbend", *arguments, stdout=out)
    return out.getvalue()


def test_owner_sets_a_password_by_the_link_printed(db):
    printed = said("--owner-email", "Owner@riverbend.example")
    assert "the owner sets a password within 7 days, once, at\n" in printed
    link = re.search(r"http://127\.0\.0\.1:8000(\S+)", printed)[1]
    client = Client()
    assert "Set a password" in client.get(link, follow=True).content.decode()


def test_json_holds_the_link(db):
    answer = json.loads(said("--owner-email", "owner@riverbend.example", "--json"))
    assert answer["password_link"].startswith("http://127.0.0.1:8000/portal/password/?who=")


def test_no_link_for_an_owner_who_has_a_password_or_for_none(db):
    with tenancy.bind(factories.organization().pk):
        owner = factories.member(Role.OWNER)
    assert said("--owner-email", owner.user.email) == "made riverbend: Riverbend\n"
