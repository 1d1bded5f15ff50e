"""What `verify_phi` says of files."""

import os

import pytest

from tests import factories
from upstream.core import storage, tenancy
from upstream.ingestion import phi
from upstream.tenants.services import tenant_keys

pytestmark = pytest.mark.django_db


def test_files_on_an_older_key_are_counted_and_one_that_does_not_open(settings):
    old, new = os.urandom(32), os.urandom(32)
    settings.PHI_KEYS = {"old": old}
    with tenancy.bind(factories.organization().pk):
        storage.put("landing", [b"one"], tenant_keys())
        settings.PHI_KEYS = {"new": new, "old": old}
        storage.put("landing", [b"two"], tenant_keys())
        assert phi.verify()["landing files"] == {"rows": 2, "unreadable": 0, "older_key": 1}
        settings.PHI_KEYS = {"old": old}
        assert phi.verify()["landing files"] == {"rows": 2, "unreadable": 1, "older_key": 0}
