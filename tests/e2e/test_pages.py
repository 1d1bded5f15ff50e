"""Every page, as everybody sees it: nothing for axe to find, no sideways scrolling, small, under a strict policy."""

from collections.abc import Iterable
from itertools import cycle
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve, reverse
from playwright.sync_api import Response

from tests.e2e.conftest import NARROW, WIDE, OpenBrowser, Visitor
from tests.e2e.world import PAGES, World
from tests.factories import member, organization
from upstream.core import tenancy
from upstream.portal.urls import urlpatterns

SIGNED_OUT = {"sign-in": "/portal/sign-in/", "forgot": "/portal/forgot/", "password": "/portal/password/"}
STAFF = {"style": "/portal/style/"}
FOR_OWNERS = {
    "api-clients", "people", "access-log", "access-log-record", "audit-changes", "providers", "sign-in-policy",
}  # fmt: skip
MOST_BYTES = 100_000


def _faults(visitor: Visitor, answer: Response) -> list[str]:
    """What axe finds, and what is too wide, too large or allows too much."""
    policy = answer.headers["content-security-policy"]
    strict = "default-src 'none'" in policy and "unsafe" not in policy
    checks = {
        "wide": visitor.is_wider_than_its_window(),
        "large": len(answer.body()) >= MOST_BYTES,
        "policy": not strict,
        f"status {answer.status}": answer.status != 200,
    }
    return [*visitor.violations(), *(fault for fault, there in checks.items() if there)]


def _look(visitor: Visitor, pages: Iterable[tuple[str, str]], picture: str) -> tuple[dict[str, list[str]], set[str]]:
    """The faults of the pages that have some, and the names of those that are refused."""
    found, refused = {}, set()
    for name, path in pages:
        answer = visitor.go(path)
        if answer.status == 403:
            refused.add(name)
        elif faults := _faults(visitor, answer):
            found[name] = faults
        if picture:
            visitor.picture(f"{name}-{picture}")
    visitor.complaints[:] = [one for one in visitor.complaints if "status of 403" not in one]
    return found, refused


@pytest.mark.parametrize(
    ("size", "scheme", "role"), [("1280", "light", "owner"), ("1280", "dark", "manager"), ("390", "light", "manager")]
)
def test_pages_are_accessible_and_fit(
    size: str, scheme: str, role: str, open_browser: OpenBrowser, world: World
) -> None:
    visitor = open_browser(WIDE if size == "1280" else NARROW, color_scheme=scheme)
    assert _look(visitor, SIGNED_OUT.items(), f"{size}-{scheme}") == ({}, set())
    visitor.sign_in({"owner": world.owner_email, "manager": world.manager_email}[role])
    refused = set() if role == "owner" else FOR_OWNERS
    assert _look(visitor, world.pages.items(), f"{size}-{scheme}") == ({}, refused)


def test_pages_of_those_who_mostly_read_too(open_browser: OpenBrowser, world: World) -> None:
    """Each page as the compliance officer or the clinician sees it, in turns, on a phone in the dark."""
    readers = [open_browser(NARROW, color_scheme="dark") for _ in range(2)]
    for reader, email in zip(readers, (world.auditor_email, world.clinician_email), strict=True):
        reader.sign_in(email)
    for reader, page in zip(cycle(readers), world.pages.items(), strict=False):
        assert _look(reader, [page], "")[0] == {}


@pytest.mark.parametrize(("size", "scheme"), [("1280", "dark"), ("390", "light")])
def test_pages_of_staff_too(size: str, scheme: str, open_browser: OpenBrowser, world: World) -> None:
    visitor = open_browser(WIDE if size == "1280" else NARROW, color_scheme=scheme)
    visitor.sign_in(world.staff_email)
    assert _look(visitor, STAFF.items(), f"{size}-{scheme}") == ({}, set())


class _Any(dict[str, UUID]):
    def __missing__(self, _key: str) -> UUID:
        return UUID(int=7)


ANYTHING = {"uuid": UUID(int=7), "int": 1, "slug": "pdf", "str": "x"}
# What a GET brings that is a file or an answer to a script; the second step of signing in, the claims behind one value
# of an own report, the end of mail by its link, and what only a sample practice has, which have their own tests.
NO_PAGES = {
    "contract_prices", "deadlines", "explore_claims", "explore_csv", "forecast_csv", "letter_file", "letterhead_logo",
    "letterset_file", "measure_behind_csv", "measures_csv", "notices_poll", "packet_file", "passkey",
    "reconciliation_xlsx", "recovered_xlsx", "replay_csv", "report_file", "sample_progress", "sample_remove",
    "second_step", "still_here", "stop_mail",
    "template_layout", "template_word", "underpaid_csv",
}  # fmt: skip


def test_every_page_is_looked_at(client: Client, db: None) -> None:
    practice = organization()
    with tenancy.bind(practice.pk), transaction.atomic():
        client.force_login(member(role="owner").user)
    looked = {resolve(path.format_map(_Any()).partition("?")[0]).url_name
              for pages in (PAGES, SIGNED_OUT, STAFF) for path in pages.values()}  # fmt: skip
    asked = set()
    for one in urlpatterns:
        parts = {name: ANYTHING[type(kind).__name__.lower().removesuffix("converter").replace("string", "str")]
                 for name, kind in one.pattern.converters.items()}  # fmt: skip
        if client.get(reverse(f"portal:{one.name}", kwargs=parts)).status_code != 405:
            asked.add(one.name)
    assert asked - looked == NO_PAGES
