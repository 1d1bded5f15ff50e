import email
from email import policy

import pytest

from upstream.core import storage
from upstream.delivery.models import Outbox
from upstream.delivery.rules import NotSent
from upstream.delivery.services import send
from upstream.delivery.transports.mail import compose
from upstream.tenants.services import tenant_keys


def test_a_mail_says_the_same_in_text_and_html(message):
    mail = compose(message)
    assert mail.subject == "Note for Hill & Side: 3 < 4 claims"
    assert mail.body == "3 < 4 claims http://127.0.0.1:8000/portal/\n"
    assert mail.alternatives[0] == ("<p>3 &lt; 4 claims</p>", "text/html")


def test_headers_tell_machines_what_it_is_and_nothing_of_whom(message, practice):
    headers = compose(message).extra_headers
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["List-Id"] == f"<note.{practice.public_id.hex}.localhost>"
    assert headers["Message-ID"] == message.message_id


def test_a_line_break_in_the_words_adds_no_header(message):
    message.context = {"line": "x\r\nBcc: eve@example.com"}
    parsed = email.message_from_bytes(compose(message).message().as_bytes(), policy=policy.default)
    assert parsed["Bcc"] is None
    assert parsed["Subject"] == "Note for Hill & Side: x Bcc: eve@example.com"


def test_a_line_break_in_an_address_refuses_the_mail(message):
    message.recipient.user.email = "dana@hillside.example\nBcc: eve@example.com"
    with pytest.raises(NotSent, match="bad_header"):
        compose(message)


def test_the_attachment_is_the_stored_file(message, mailoutbox):
    sha256, _ = storage.put("reports", [b"%PDF-1.7 ..."], tenant_keys())
    Outbox.objects.update(attachment_sha256=sha256, attachment_name="week.pdf")
    send(message.pk)
    (attached,) = mailoutbox[0].attachments
    assert (attached.filename, attached.content, attached.mimetype) == ("week.pdf", b"%PDF-1.7 ...", "application/pdf")
