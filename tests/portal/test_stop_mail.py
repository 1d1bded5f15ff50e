"""One click in a mail programme stops the mail it stands on (RFC 8058): signed, once or often, and nothing else."""

import email
from email import policy
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from tests.factories import findings, organization
from tests.portal.conftest import Practice
from upstream.core import tenancy
from upstream.delivery.services import queue_mail
from upstream.delivery.transports.mail import compose
from upstream.reports import mailing, queries
from upstream.reports.models import Definition, Unsubscribed
from upstream.tenants.models import Membership

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
NOTICE = {"headline": "Two files failed.", "lines": [], "link": "https://x.example/"}


def headers_of(template: str, member: Membership, context: dict[str, Any]) -> Any:
    message = queue_mail(template, about="thing:1", recipient=member, context=context)
    return email.message_from_bytes(compose(message).message().as_bytes(), policy=policy.default)


def path_of(headers: Any) -> str:
    parts = urlsplit(str(headers["List-Unsubscribe"]).strip().strip("<>"))
    return f"{parts.path}?{parts.query}"


@pytest.fixture
def notice(practice: Practice) -> str:
    """Where a notice's own header leads."""
    with practice.bound():
        headers = headers_of("notice", practice.manager, NOTICE)
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        return path_of(headers)


def wants(practice: Practice) -> bool:
    with practice.bound():
        return Membership.objects.get(pk=practice.manager.pk).wants_mail


def test_one_click_stops_notices_without_cookies_and_again_changes_nothing(notice: str, practice: Practice) -> None:
    browser = Client(enforce_csrf_checks=True)
    for _ in range(2):
        answer = browser.post(notice, ONE_CLICK)
        assert (answer.status_code, b"mailed to you any more" in answer.content) == (200, True)
        assert not wants(practice)


def test_a_programme_that_follows_links_stops_nothing(notice: str, practice: Practice) -> None:
    answer = Client().get(notice)
    assert (answer.status_code, b"Stop this mail" in answer.content) == (200, True)
    assert wants(practice)


def test_a_report_is_stopped_alone_as_on_its_own_page(practice: Practice) -> None:
    with practice.bound():
        run = findings.report(said={"period": "the week", "lines": [], "chart": None})
        context = mailing.context_of(run, run.said, {}, attached=False)
        path = path_of(headers_of("report_ready", practice.manager, context))
    for _ in range(2):
        assert Client().post(path, ONE_CLICK).status_code == 200
    with practice.bound():
        row = Definition.objects.get()
        assert Unsubscribed.objects.get(definition=row).member_id == practice.manager.pk
        assert not queries.is_subscribed(row, practice.manager)
    assert wants(practice)


def test_the_address_names_nobody(notice: str, practice: Practice) -> None:
    assert practice.manager.user.email.partition("@")[0] not in notice
    assert practice.organization.slug not in notice


@pytest.mark.parametrize("spoilt", ["", "?key=", "?key=W10:x:y", "other"])
def test_an_address_that_was_not_signed_here_is_no_page(notice: str, practice: Practice, spoilt: str) -> None:
    path = notice[:-2] + "xx" if spoilt == "other" else f"/portal/stop-mail/{spoilt}"
    assert Client().post(path, ONE_CLICK).status_code == 404
    assert wants(practice)


def test_whoever_has_left_is_answered_like_anybody(notice: str, practice: Practice) -> None:
    with practice.bound():
        Membership.objects.filter(pk=practice.manager.pk).update(active=False)
    assert Client().post(notice, ONE_CLICK).status_code == 200


def test_a_key_of_one_practice_reaches_no_member_of_another(notice: str, practice: Practice) -> None:
    other = organization()
    Client().post(notice, ONE_CLICK)
    with tenancy.bind(other.pk):
        assert not Membership.objects.filter(wants_mail=False).exists()


def test_mail_about_an_account_always_goes(practice: Practice) -> None:
    with practice.bound():
        headers = headers_of("endpoint_stopped", practice.manager, {"name": "Chat", "link": "", "reason": ""})
    assert headers["List-Unsubscribe"] is None
