"""Mail backends. Each says of a failed try, by `handed_over`, whether the message may have arrived all the same."""

import os
import re
import smtplib
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend


class EmlFileBackend(BaseEmailBackend):
    """Writes each message as one complete file MAIL_DIR/<Message-ID>.eml; the same message again is the same file."""

    handed_over = False

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.MAIL_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        for email in email_messages:
            _write_whole(folder, f"{_name_of(email)}.eml", email.message().as_bytes())
        return len(email_messages)


class _WatchedSMTP(smtplib.SMTP):
    """Remembers that the text of a message was begun to be handed over."""

    handed_over = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.handed_over = True
        return super().data(msg)


class _WatchedSMTPS(_WatchedSMTP, smtplib.SMTP_SSL):
    pass


class SmtpBackend(EmailBackend):
    """Django's SMTP backend, which also tells whether the server was already being given the text."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _WatchedSMTPS if self.use_ssl else _WatchedSMTP

    @property
    def handed_over(self) -> bool:
        return bool(getattr(self.connection, "handed_over", False))


def _name_of(email: EmailMessage) -> str:
    given = str(email.extra_headers.get("Message-ID") or uuid.uuid4())
    return re.sub(r"[^A-Za-z0-9.-]+", "_", given.strip("<>").partition("@")[0])[:100]


def _write_whole(folder: Path, name: str, content: bytes) -> None:
    part = folder / f".{uuid.uuid4().hex}.part"
    try:
        with part.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        part.replace(folder / name)
    finally:
        part.unlink(missing_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
