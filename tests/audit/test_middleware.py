"""The address in the change log is what our proxies saw, never what a client claims."""

import pytest
from auditlog.models import LogEntry
from django.test import Client, RequestFactory

from tests import factories
from upstream.audit.middleware import ChangeLogMiddleware
from upstream.core import tenancy


@pytest.mark.parametrize(
    ("proxies", "forwarded", "kept"),
    [
        (0, "", "127.0.0.1"),
        (0, "203.0.113.9", "127.0.0.1"),
        (0, "not an address", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1"),
        (1, "not an address", None),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_only_our_proxies_are_believed(settings, proxies, forwarded, kept):
    settings.AXES_IPWARE_PROXY_COUNT = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", headers=headers)
    assert ChangeLogMiddleware(lambda _: None).get_extra_data(request) == {
        "remote_addr": kept, "remote_port": None, "actor": None,
    }  # fmt: skip


@pytest.mark.parametrize("forged", ["203.0.113.9", "not an address"])
def test_a_forged_address_is_neither_written_down_nor_a_failure(db, forged):
    with tenancy.bind(factories.organization().pk):
        member = factories.member()
    browser = Client(headers={"X-Forwarded-For": forged})
    browser.force_login(member.user)
    answer = browser.post("/portal/settings/", {} if member.wants_mail else {"wants_mail": "on"})
    assert answer.status_code == 302
    with tenancy.bind(member.tenant_id):
        entry = LogEntry.objects.get_for_object(member).latest("pk")
    assert (entry.changes_dict.keys(), entry.remote_addr) == ({"wants_mail"}, "127.0.0.1")
