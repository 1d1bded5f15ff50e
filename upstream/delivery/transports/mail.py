"""One outbox row as a mail: written from its templates, handed to Django's mail API, and how that ended."""

import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.mime.image import MIMEImage
from email.utils import formatdate, parseaddr
from typing import Any

import requests
from anymail.exceptions import AnymailError, AnymailRequestsAPIError
from django.conf import settings
from django.core.mail import BadHeaderError, EmailMultiAlternatives, get_connection
from django.template import Context, Engine

from upstream.core import clock, storage
from upstream.core.charts import BarChart
from upstream.core.charts.png import bars_png
from upstream.core.errors import DomainError
from upstream.delivery import addresses, stopping
from upstream.delivery.choices import OutboxState
from upstream.delivery.models import Outbox
from upstream.delivery.rules import NotSent
from upstream.delivery.transports.contract import Transport
from upstream.tenants.queries import bound_organization
from upstream.tenants.services import tenant_keys

ATTACHMENTS = "reports"
PICTURE = "chart@upstream"
TRY_LATER = frozenset({429, 503})
MAY_HAVE_ARRIVED = frozenset({408, 500, 502, 504})
# Providers that give our own words on a message back with what they say of it.
WITH_METADATA = frozenset({
    "amazon_ses", "brevo", "mailgun", "mailjet", "mandrill", "postmark", "resend", "sendgrid", "sparkpost",
    "unisender_go",
})  # fmt: skip
TYPES = {"pdf": "application/pdf", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def provider() -> str:
    """The mail provider whose API takes our mail, as anymail calls it; "" for a mail server of one's own."""
    parts = str(settings.EMAIL_BACKEND).split(".")
    return parts[2] if parts[:2] == ["anymail", "backends"] and len(parts) > 3 else ""


def mail_domain() -> str:
    """The domain that we send as."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


@dataclass(frozen=True)
class Letter:
    """A finished mail."""

    email: EmailMultiAlternatives

    @contextmanager
    def opened(self) -> Iterator[Callable[[], str]]:
        with opened() as connection:
            yield lambda: self._handed_over(connection)

    def _handed_over(self, connection: Any) -> str:
        hand_over(connection, self.email)
        status = getattr(self.email, "anymail_status", None)
        return str(status.message_id or "")[:200] if status else ""


def prepare(message: Outbox) -> Letter:
    """The mail of a row; NotSent(FAILED) when it cannot be written, its reader is no member any more, or gets none."""
    recipient = message.recipient
    if not recipient.active or not recipient.user.is_active:
        raise NotSent(OutboxState.FAILED, "not_a_member")
    if addresses.is_stopped(recipient):
        raise NotSent(OutboxState.FAILED, "address_stopped")
    return Letter(compose(message))


def compose(message: Outbox) -> EmailMultiAlternatives:
    """The finished mail of a row of the bound tenant; NotSent(FAILED) when it cannot be written as it is."""
    try:
        email = _write(message)
        email.message()
    except BadHeaderError as exc:
        raise NotSent(OutboxState.FAILED, "bad_header") from exc
    except DomainError as exc:
        raise NotSent(OutboxState.FAILED, exc.code) from exc
    return email


def _write(message: Outbox) -> EmailMultiAlternatives:
    practice, chart = bound_organization(), _chart(message)
    context = {"practice": practice.name, "portal_url": settings.PORTAL_BASE_URL, **message.context}
    if chart is not None:
        context["chart"] = _as_table(chart)
    email = EmailMultiAlternatives(
        subject=" ".join(_plain(message, "subject.txt", context).split()),
        body=_plain(message, "body.txt", context),
        to=[message.recipient.user.email],
        headers={
            "Message-ID": message.message_id,
            "Date": formatdate(clock.now().timestamp()),
            "Auto-Submitted": "auto-generated",
            "List-Id": f"<{message.template.replace('_', '-')}.{practice.public_id.hex}.{mail_domain()}>",
            **stopping.headers(message),
        },
    )
    if provider() in WITH_METADATA:
        email.metadata = {"practice": practice.public_id.hex, "message": message.message_id}  # type: ignore[attr-defined]  # anymail's
    html = _engine().get_template(f"email/{message.template}/body.html").render(Context(context))
    email.attach_alternative(html, "text/html")
    if chart is not None:
        email.attach(_picture(chart))
    if message.attachment_sha256:
        content = storage.read_whole(ATTACHMENTS, message.attachment_sha256, tenant_keys())
        suffix = message.attachment_name.rpartition(".")[2]
        email.attach(message.attachment_name, content, TYPES.get(suffix, "application/octet-stream"))
    return email


def _chart(message: Outbox) -> BarChart | None:
    """The chart that the mail shows, if any."""
    kept = message.context.get("chart")
    return BarChart.of(kept) if kept else None


def _as_table(chart: BarChart) -> dict[str, Any]:
    """What is read where pictures are not shown, and where the picture stands in this mail."""
    return {
        "title": chart.title, "headings": chart.headings, "rows": chart.rows(), "before": chart.before_label,
        "cid": PICTURE,
    }  # fmt: skip


def _picture(chart: BarChart) -> MIMEImage:
    """The chart as a part of the mail that its HTML shows."""
    part = MIMEImage(bars_png(chart), "png")
    part.add_header("Content-ID", f"<{PICTURE}>")
    part.add_header("Content-Disposition", "inline", filename="chart.png")
    return part


def _plain(message: Outbox, part: str, context: dict[str, Any]) -> str:
    """A text part: nothing in it is HTML, so nothing is escaped."""
    return str(_engine().get_template(f"email/{message.template}/{part}").render(Context(context, autoescape=False)))


def _engine() -> Engine:
    return Engine.get_default()


@contextmanager
def opened() -> Iterator[Any]:
    """A connection to the mail server; NotSent(QUEUED) when none can be had."""
    connection = get_connection()
    try:
        connection.open()
    except OSError as exc:
        raise NotSent(OutboxState.QUEUED, "no_connection") from exc
    try:
        yield connection
    finally:
        with suppress(OSError):
            connection.close()


def hand_over(connection: Any, email: EmailMultiAlternatives) -> None:
    """The server has accepted the mail; NotSent with the state that the failure leads to."""
    try:
        accepted = connection.send_messages([email])
    except smtplib.SMTPRecipientsRefused as exc:
        raise _by_code(next(iter(exc.recipients.values()))[0]) from exc
    except smtplib.SMTPResponseException as exc:
        raise _by_code(exc.smtp_code) from exc
    except AnymailRequestsAPIError as exc:
        raise _by_api(exc) from exc
    except AnymailError as exc:
        raise NotSent(OutboxState.FAILED, "refused") from exc
    except OSError as exc:
        if getattr(connection, "handed_over", True):
            raise NotSent(OutboxState.UNKNOWN, "cut_while_sending") from exc
        raise NotSent(OutboxState.QUEUED, "cut_before_sending") from exc
    if not accepted:
        raise NotSent(OutboxState.FAILED, "refused")


def _by_code(code: int) -> NotSent:
    """RFC 5321 4.2.1: 4yz may be tried again, 5yz may not; anything else is no answer at all."""
    if 400 <= code < 500:
        return NotSent(OutboxState.QUEUED, f"smtp_{code}")
    if 500 <= code < 600:
        return NotSent(OutboxState.FAILED, f"smtp_{code}")
    return NotSent(OutboxState.UNKNOWN, "smtp_unclear")


def _by_api(exc: AnymailRequestsAPIError) -> NotSent:
    status = exc.status_code
    if isinstance(exc, requests.ConnectTimeout):
        return NotSent(OutboxState.QUEUED, "no_connection")
    if status is None or status in MAY_HAVE_ARRIVED:
        return NotSent(OutboxState.UNKNOWN, f"api_{status or 'cut'}")
    return NotSent(OutboxState.QUEUED if status in TRY_LATER else OutboxState.FAILED, f"api_{status}")


TRANSPORT = Transport(prepare)
