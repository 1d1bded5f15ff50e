"""What tests of leaks look into."""

import io
import logging
from collections.abc import Iterator

import pytest


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the product's own handler writes, line by line."""
    handler = next(h for h in logging.getLogger().handlers if h.get_name() == "stderr")
    written = io.StringIO()
    before = handler.setStream(written)
    yield written
    handler.setStream(before)
