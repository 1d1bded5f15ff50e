import pytest
from django.test import RequestFactory
from pytest_django import Settings

from upstream.core.visitors import address_of, device_of


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) Version/17.5 Safari/605.1.15", "Safari on Mac"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) CriOS/130.0 Mobile Safari/604.1", "Chrome on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Linux"),
        ("curl/8.5 <script>\r\n", "A browser"),
        ("", "A browser"),
    ],
)  # fmt: skip
def test_browsers_are_told_in_our_own_words(agent: str, words: str) -> None:
    assert device_of(agent) == words


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [(0, "198.51.100.1", "127.0.0.1"), (1, "1.2.3.4, 198.51.100.1", "198.51.100.1"), (1, "nonsense", None)],
)
def test_address_is_what_our_own_proxies_say(
    proxies: int, forwarded: str, address: str | None, settings: Settings
) -> None:
    settings.AXES_IPWARE_PROXY_COUNT = proxies
    assert address_of(RequestFactory().get("/", HTTP_X_FORWARDED_FOR=forwarded)) == address
