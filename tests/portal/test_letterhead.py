"""The page of a practice's logo and paper, and what becomes of a picture that somebody brings."""

import struct
import zlib
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, PngImagePlugin

from tests.factories import member
from tests.factories.pictures import picture
from tests.portal.conftest import Practice, browser_of, words_of
from upstream.core.documents.pictures import cleaned
from upstream.core.errors import Invalid
from upstream.reports.letterhead import logo_address
from upstream.reports.models import Logo
from upstream.tenants.choices import Role

PAGE = "/portal/settings/letterhead/"


def put(browser: Client, content: bytes, name: str = "logo.png") -> str:
    answer = browser.post(f"{PAGE}put/", {"logo": SimpleUploadedFile(name, content)}, follow=True)
    return answer.content.decode()


@pytest.fixture
def owner(practice: Practice) -> Client:
    with practice.bound():
        return browser_of(member(Role.OWNER))


def test_an_owner_sets_a_logo_takes_it_away_and_takes_that_back(practice: Practice, owner: Client) -> None:
    assert "No logo" in words_of(owner, PAGE)
    assert 'width="40" height="20"' in put(owner, picture("JPEG"), "logo.jpg")
    shown = owner.get(f"{PAGE}logo.png")
    assert (shown["Content-Type"], Image.open(BytesIO(shown.content)).size) == ("image/png", (40, 20))
    owner.post(f"{PAGE}away/")
    assert owner.get(f"{PAGE}logo.png").status_code == 404
    owner.post(f"{PAGE}back/")
    with practice.bound():
        assert logo_address().startswith("data:image/png;base64,")
        assert Logo.objects.count() == 3
        assert {row.said_by.partition(":")[0] for row in Logo.objects.all()} == {"user"}


def test_the_paper_is_chosen_beside_it(practice: Practice, owner: Client) -> None:
    owner.post(f"{PAGE}paper/", {"paper": "A4"})
    with practice.bound():
        practice.organization.refresh_from_db()
    assert practice.organization.paper == "A4"
    assert "the paper is US Letter or A4" in owner.post(f"{PAGE}paper/", {"paper": "A0"}, follow=True).content.decode()


@pytest.mark.parametrize("way", ["put/", "away/", "back/", "paper/"])
def test_others_look_and_change_nothing(manager: Client, way: str) -> None:
    assert "Save the logo" not in words_of(manager, PAGE)
    assert manager.post(f"{PAGE}{way}").status_code == 403


def bomb() -> bytes:
    """A picture that says it is 50 000 wide and high."""
    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", len(head)) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    return b"\x89PNG\r\n\x1a\n" + chunk


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"GIF89a" + bytes(40),
        picture("GIF"),
        picture("BMP"),
        picture("PNG")[:60],
        picture("PNG", (2_001, 2_000)),
        bytes(1_000_001),
        bomb(),
    ],
)
def test_what_is_no_small_picture_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(Invalid, match=r"picture"):
        cleaned(content)


def test_a_page_says_what_is_wrong_with_a_picture(practice: Practice, owner: Client) -> None:
    assert "this is no PNG or JPEG picture that can be read" in put(owner, b"<svg/>")
    with practice.bound():
        assert not Logo.objects.exists()


def test_only_pixels_survive() -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", "<script>alert(1)</script>")
    planted = picture("PNG", pnginfo=words) + b"<?php system('id') ?>"
    found = cleaned(planted)
    assert (b"script" in planted, b"script" in found.content, b"php" in found.content) == (True, False, False)
    assert found == cleaned(planted)


def test_a_large_picture_is_made_smaller() -> None:
    found = cleaned(picture("PNG", (1_800, 300)))
    assert (found.width, found.height) == (900, 150)
