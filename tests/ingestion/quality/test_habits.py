"""How a payer writes what it decides: news is what differs from its own past."""

from datetime import UTC, datetime

import pytest

from tests.ingestion.quality.looking import found, look
from tests.ingestion.world import DENIED_835, load, x12
from upstream.ingestion.quality.models import Finding

pytestmark = pytest.mark.usefixtures("practice")
MARCH = datetime(2026, 3, 22, 12, tzinfo=UTC)


def twelve_denials(status: str, start: int, payer: str = "SUMMIT MUTUAL*XV*DSM01") -> bytes:
    numbers = range(start, start + 12)
    claims = (DENIED_835.replace("CLP*C2*1*", f"CLP*D{n}*{status}*").replace("ICN2", f"ICN{n}") for n in numbers)
    return x12(*claims, amount="0", check=f"CHK{start}").replace(b"SUMMIT MUTUAL*XV*DSM01", payer.encode())


@pytest.mark.parametrize(
    ("before", "now", "name"), [("1", "4", "denied_by_status"), ("4", "1", "denied_by_adjustment")]
)
def test_a_payer_that_writes_denials_in_another_way_is_told_of_and_denies_no_more(
    before: str, now: str, name: str
) -> None:
    for start in (0, 100, 200):
        load(twelve_denials(before, start), known_at=MARCH)
        look()
    assert found() == {}
    load(twelve_denials(now, 300), known_at=MARCH)
    look()
    assert found() == {name: (12, 12, 12 * 90_000)}
    assert Finding.objects.get().severity == "warning"


def test_a_payer_is_compared_with_itself_and_not_with_what_others_write() -> None:
    for start in range(0, 400, 100):
        load(twelve_denials("1", start), known_at=MARCH)
        load(twelve_denials("1", start + 25), known_at=MARCH)
        load(twelve_denials("4", start + 50, "CIVIC CARE*XV*CIV01"), known_at=MARCH)
        look()
    assert found() == {}
    load(twelve_denials("1", 500, "CIVIC CARE*XV*CIV01"), known_at=MARCH)
    look()
    assert found() == {"denied_by_adjustment": (12, 12, 12 * 90_000)}
