from collections.abc import Iterator

import pytest

from upstream.core import tenancy
from upstream.delivery.models import Outbox
from upstream.delivery.services import queue_mail
from upstream.tenants.choices import Role
from upstream.tenants.models import Membership, Organization
from upstream.tenants.services import add_member, create_organization

TEMPLATES = {
    "email/note/subject.txt": "Note for\n{{ practice }}: {{ line }}\n",
    "email/note/body.txt": "{{ line }} {{ portal_url }}/portal/\n",
    "email/note/body.html": "<p>{{ line }}</p>",
}


@pytest.fixture
def note_template(settings):
    """A template of the tests' own, so that they do not hang on the words of the product's."""
    loaders = [("django.template.loaders.locmem.Loader", TEMPLATES)]
    settings.TEMPLATES = [
        {"BACKEND": "django.template.backends.django.DjangoTemplates", "OPTIONS": {"loaders": loaders}}
    ]


@pytest.fixture
def practice(db) -> Iterator[Organization]:
    organization = create_organization(slug="hillside", name="Hill & Side")
    with tenancy.bind(organization.pk):
        yield organization


@pytest.fixture
def manager(practice) -> Membership:
    return add_member(email="dana@hillside.example", role=Role.MANAGER)


@pytest.fixture
def message(note_template, manager) -> Outbox:
    return queue_mail("note", about="note:1", recipient=manager, context={"line": "3 < 4 claims"})
