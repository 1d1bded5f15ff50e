import io
import json
from datetime import date

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests import factories
from upstream.core import tenancy
from upstream.core.errors import Conflict
from upstream.tenants.commands import TenantCommand


class Greet(TenantCommand):
    """Says which tenant is bound."""

    def handle_tenant(self, organization, **options):
        if organization.slug == "closed":
            raise Conflict("closed", "the practice is closed")
        assert tenancy.required() == organization.pk
        self.answer(f"for {organization.slug}", {"tenant": organization.slug, "day": date(2026, 3, 1)})


def said(*arguments: str) -> str:
    out = io.StringIO()
    call_command(Greet(), *arguments, stdout=out)
    return out.getvalue()


def test_a_command_works_with_its_tenant_bound_and_unbinds_it(db):
    factories.organization("hillside")
    assert said("--tenant", "hillside") == "for hillside\n"
    assert tenancy.current() is None


def test_json_leaves_nothing_but_json(db):
    factories.organization("hillside")
    assert json.loads(said("--tenant", "hillside", "--json")) == {"tenant": "hillside", "day": "2026-03-01"}


def test_a_refusal_ends_the_command_in_words_with_code_1(db):
    factories.organization("closed")
    with pytest.raises(CommandError, match=r"^the practice is closed \(closed\)$") as caught:
        said("--tenant", "closed")
    assert caught.value.returncode == 1
    with pytest.raises(CommandError, match="there is no tenant 'nobody'"):
        said("--tenant", "nobody")
