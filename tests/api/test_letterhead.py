"""Paper and logo by API: what the portal's page does."""

import json
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from tests.api.conftest import Caller
from tests.factories.pictures import picture

PATH = "report-letterhead/"


def told(response: Any) -> Any:
    assert response.status_code == 200, response.content
    return json.loads(response.content)


def put_logo(us: Caller, content: bytes, **headers: str) -> Any:
    return us("PUT", f"{PATH}logo/", content, Content_Type="application/octet-stream", **headers)


def test_a_logo_is_set_read_taken_away_and_that_undone(us: Caller) -> None:
    assert told(us.get(PATH)) == {"paper": "Letter", "logo": None}
    assert us.get(f"{PATH}logo/").status_code == 404
    set_to = told(put_logo(us, picture("JPEG")))["logo"]
    assert (set_to["width"], set_to["height"]) == (40, 20)
    shown = us.get(f"{PATH}logo/")
    assert (shown["Content-Type"], Image.open(BytesIO(shown.content)).size) == ("image/png", (40, 20))
    assert told(us.post(f"{PATH}moves/", {"move": "take_away"}))["logo"] is None
    assert us.post(f"{PATH}moves/", {"move": "take_away"}).status_code == 422
    assert told(us.post(f"{PATH}moves/", {"move": "undo"}))["logo"]["width"] == 40


def test_the_same_key_sets_a_logo_once_and_refuses_another(us: Caller) -> None:
    first = told(put_logo(us, picture(), Idempotency_Key="logo"))
    again = put_logo(us, picture(), Idempotency_Key="logo")
    assert (told(again), again["Idempotency-Replayed"]) == (first, "true")
    assert put_logo(us, picture(size=(9, 9)), Idempotency_Key="logo").status_code == 422


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"<svg/>", 422), (b"", 411), (b"x" * (1 << 20) + b"y" * 8192, 413)],
    ids=["svg", "empty", "big"],
)
def test_what_is_no_picture_is_refused(us: Caller, content: bytes, status: int) -> None:
    assert put_logo(us, content).status_code == status
    assert told(us.get(PATH))["logo"] is None


def test_the_paper_is_chosen(us: Caller) -> None:
    assert told(us("PUT", PATH, {"paper": "A4"}))["paper"] == "A4"
    assert us("PUT", PATH, {"paper": "A5"}).status_code == 400
    assert told(us.get(PATH))["paper"] == "A4"
