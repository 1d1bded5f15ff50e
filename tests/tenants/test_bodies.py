"""A large body is refused by its header unless a member who may upload sends files."""

from io import BytesIO

import pytest
from django.db import transaction
from django.test import Client

from tests import factories
from upstream.core import tenancy
from upstream.tenants.choices import Role

UPLOAD, SIGN_IN = "/portal/data/upload/", "/portal/sign-in/"
LARGE = 5 * 1024 * 1024


class Body(BytesIO):
    """Remembers whether it was read."""

    was_read = False

    def read(self, size: int | None = -1, /) -> bytes:
        self.was_read = True
        return super().read(size)


def sent(browser: Client, path: str) -> tuple[int, bool]:
    """The answer's status, and whether anything of a form with a file of 5 MB was read."""
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    body = Body(head + b"y" * LARGE + b"\r\n--x--\r\n")
    length = str(len(body.getvalue()))
    form = "multipart/form-data; boundary=x"
    wanted = {"wsgi.input": body, "CONTENT_LENGTH": length, "CONTENT_TYPE": form}
    answer = browser.generic("POST", path, **wanted)
    return answer.status_code, body.was_read


@pytest.mark.parametrize("path", [UPLOAD, SIGN_IN, "/portal/settings/", "/admin/login/", "/nowhere/"])
def test_a_strangers_large_body_is_refused_unread(db, path):
    assert sent(Client(enforce_csrf_checks=True), path) == (413, False)


@pytest.mark.parametrize(("role", "path"), [(Role.CLINICIAN, UPLOAD), (Role.BILLER, "/portal/settings/")])
def test_a_members_large_body_is_refused_where_they_may_not_upload(db, role, path):
    with tenancy.bind(factories.organization().pk):
        member = factories.member(role)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(member.user)
    assert sent(browser, path) == (413, False)


def test_a_member_who_may_upload_is_heard(transactional_db):
    with tenancy.bind(factories.organization().pk), transaction.atomic():
        member = factories.member(Role.BILLER)
    browser = Client()
    browser.force_login(member.user)
    assert sent(browser, UPLOAD) == (302, True)
