"""Six years: not a day less, and what is kept still verifies."""

from datetime import UTC, datetime

import pytest

from tests import factories
from upstream.audit.models import PHIAccess
from upstream.audit.services import forget_before, record_access, verify_chain
from upstream.core import clock, tenancy
from upstream.core.errors import Invalid

pytestmark = pytest.mark.django_db
TODAY = datetime(2032, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def log(settings):
    """Entries 6 years 1 month, 5 years 11 months and 1 day old."""
    with tenancy.bind(factories.organization().pk):
        for at in (
            datetime(2026, 10, 20, tzinfo=UTC),
            datetime(2026, 12, 20, tzinfo=UTC),
            datetime(2032, 11, 19, tzinfo=UTC),
        ):
            settings.FIXED_NOW = at
            record_access(actor="user:1", action="open_claim", subject="claim:1")
        settings.FIXED_NOW = TODAY
        yield


def six_years_ago() -> datetime:
    return datetime(2026, 11, 18, tzinfo=UTC)


def test_an_entry_of_five_years_and_eleven_months_is_kept(log):
    assert forget_before(six_years_ago(), actor="command:apply_retention") == 1
    assert list(PHIAccess.objects.order_by("number").values_list("number", "action", "records")) == [
        (2, "open_claim", 1),
        (3, "open_claim", 1),
        (4, "retention", 1),
    ]


def test_what_is_kept_still_verifies_and_an_old_anchor_still_fits(log):
    anchor = verify_chain()
    forget_before(six_years_ago(), actor="command:apply_retention")
    state = verify_chain(expected_entries=anchor.entries, expected_head=anchor.head)
    assert (state.entries, state.broken_at) == (4, 0)


def test_a_second_run_removes_nothing_and_writes_nothing(log):
    forget_before(six_years_ago(), actor="command:apply_retention")
    assert forget_before(six_years_ago(), actor="command:apply_retention") == 0
    assert PHIAccess.objects.count() == 3


def test_a_whole_log_that_is_old_leaves_the_entry_of_its_removal(log, settings):
    settings.FIXED_NOW = datetime(2040, 1, 1, tzinfo=UTC)
    assert forget_before(datetime(2033, 12, 30, tzinfo=UTC), actor="command:apply_retention") == 3
    assert (verify_chain().entries, verify_chain().broken_at) == (4, 0)


def test_less_than_six_years_is_refused(log):
    with pytest.raises(Invalid, match="six years"):
        forget_before(clock.now().replace(year=2027), actor="command:apply_retention")
    assert PHIAccess.objects.count() == 3
