"""What a practice prints on: its logo, set, taken away and as the documents carry it, and its paper."""

import base64
from typing import get_args

from django.db import transaction

from upstream.core import clock, storage
from upstream.core.documents.pdf import Paper
from upstream.core.documents.pictures import cleaned
from upstream.core.errors import Invalid
from upstream.reports.models import Logo
from upstream.tenants.queries import bound_organization
from upstream.tenants.services import tenant_keys

KEPT_AS = "logos"
PAPERS = get_args(Paper)


def set_logo(content: bytes, *, actor: str) -> Logo:
    """From now on documents carry this picture; Invalid("logo") for what is none. The file is kept before its row."""
    picture = cleaned(content)
    with transaction.atomic():
        keys = tenant_keys()
    sha256, _ = storage.put(KEPT_AS, [picture.content], keys)
    with transaction.atomic():
        return _said(sha256, picture.width, picture.height, actor)


def take_logo_away(*, actor: str) -> Logo:
    """From now on documents carry none; Invalid("logo") where there is none."""
    with transaction.atomic():
        if current_logo() is None:
            raise Invalid("logo", "there is no logo")
        return _said("", 0, 0, actor)


def put_logo_back(*, actor: str) -> Logo:
    """Undo: what was in force before the last word about it is in force again; Invalid("logo") for the first word."""
    with transaction.atomic():
        words = list(Logo.objects.order_by("-pk")[:2])
        if not words:
            raise Invalid("logo", "nothing was said about a logo yet")
        before = words[1] if len(words) > 1 else Logo(sha256="")
        return _said(before.sha256, before.width, before.height, actor)


def set_paper(paper: str) -> None:
    """From now on documents are made for this paper; Invalid("paper") for one that we do not have."""
    if paper not in PAPERS:
        raise Invalid("paper", "the paper is US Letter or A4")
    with transaction.atomic():
        practice = bound_organization()
        practice.paper = paper
        practice.save(update_fields=["paper"])


def _said(sha256: str, width: int, height: int, actor: str) -> Logo:
    row: Logo = Logo.objects.create(sha256=sha256, width=width, height=height, said_by=actor[:80], at=clock.now())
    return row


def current_logo() -> Logo | None:
    """What is in force. One query."""
    newest: Logo | None = Logo.objects.order_by("-pk").first()
    return newest if newest and newest.sha256 else None


def anything_said() -> bool:
    """Whether there is a word about a logo to take back."""
    return Logo.objects.exists()


def logo_content() -> bytes | None:
    """The PNG, None for none; Unreadable when its file is gone. In a transaction."""
    found = current_logo()
    return storage.read_whole(KEPT_AS, found.sha256, tenant_keys()) if found else None


def logo_address() -> str:
    """As a document carries it, a data URL; "" for none. In a transaction."""
    content = logo_content()
    return "data:image/png;base64," + base64.b64encode(content).decode() if content else ""
