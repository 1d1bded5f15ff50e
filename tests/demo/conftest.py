"""The two demo practices, each generated and read back once."""

import pytest

from tests.demo.reading import World, build
from upstream.samples.invented.practices import LAKESIDE, QUIETWATER


@pytest.fixture(scope="session")
def lakeside() -> World:
    return build(LAKESIDE)


@pytest.fixture(scope="session")
def quietwater() -> World:
    return build(QUIETWATER)


@pytest.fixture(scope="session", params=["lakeside", "quietwater"])
def world(request: pytest.FixtureRequest) -> World:
    chosen: World = request.getfixturevalue(request.param)
    return chosen
