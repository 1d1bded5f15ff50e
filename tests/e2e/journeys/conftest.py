"""Every journey is walked in every manner."""

from collections.abc import Callable

import pytest

from tests.e2e.conftest import NARROW, WIDE, OpenBrowser
from tests.e2e.manners import MANNERS, WITHOUT_SCRIPTS, Manner, Traveller

Begin = Callable[..., Traveller]


@pytest.fixture(params=MANNERS, ids=lambda manner: manner.name)
def begin(request: pytest.FixtureRequest, open_browser: OpenBrowser) -> Begin:
    """Somebody opens the portal, each test once in each manner; without scripts, it is on a phone."""
    manner: Manner = request.param

    def begin_at(path: str = "/portal/", size: dict[str, int] | None = None) -> Traveller:
        size = size or (NARROW if manner is WITHOUT_SCRIPTS else WIDE)
        visitor = open_browser(size, java_script_enabled=manner.scripts, color_scheme=manner.scheme)
        visitor.go(path)
        return Traveller(visitor, manner)

    return begin_at
