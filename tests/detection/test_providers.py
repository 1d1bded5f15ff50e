"""Claims by who rendered them are a series of their own, where files say it."""

from datetime import timedelta

import numpy as np
from django.db import connection

from tests.factories.worlds import LAST_SUNDAY, STEP, World
from upstream.detection import services
from upstream.detection.choices import Strength
from upstream.detection.models import Signal

NOW = np.datetime64(LAST_SUNDAY - timedelta(days=6), "D")
FIRST, SECOND = "1234567893", "1245319599"
NAMED = "UPDATE claims_claim SET rendering_npi = CASE WHEN position %% 5 = 0 THEN %s ELSE %s END"
REFUSED = """UPDATE claims_claim SET outcome = 2, denial_group = 'CO', denial_carc = '16', denial_category = 'DATA',
    allowed_cents = 0, paid_cents = 0
    WHERE payer_id = %s AND rendering_npi = %s AND decided_date >= %s AND outcome = 1"""


def run_sql(query: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query, values)


def test_each_provider_is_a_series(quiet: World) -> None:
    run_sql(NAMED, FIRST, SECOND)
    view = services.load_world(quiet.organization).at(NOW)
    (level,) = [made for made in view.triangles if made.level == "provider"]
    assert set(level.keys) == {(p.pk, npi) for p in (quiet.summit, quiet.civic) for npi in (FIRST, SECOND)}
    first = level.keys.index((quiet.summit.pk, FIRST))
    assert set(level.submitted[first].tolist()) == {8.0}


def test_nothing_is_counted_by_nobody(quiet: World) -> None:
    view = services.load_world(quiet.organization).at(NOW)
    assert [made.keys for made in view.triangles if made.level == "provider"] == [()]


def test_a_provider_who_is_denied_is_among_the_series_of_the_incident(quiet: World) -> None:
    run_sql(NAMED, FIRST, SECOND)
    run_sql(REFUSED, quiet.summit.pk, FIRST, STEP)
    made = services.run(LAST_SUNDAY)
    (signal,) = Signal.objects.filter(run=made).exclude(strength=Strength.WATCH)
    assert (signal.payer, signal.direction) == (quiet.summit, "adverse")
    assert ("provider", FIRST) in {(level["level"], level["key"]) for level in signal.finding["levels"]}
    part = signal.finding["parts"]["provider"][0]
    assert part["key"] == FIRST
    assert part["observed"] - part["expected"] > 0.8 * (
        signal.finding["since_onset"]["observed"] - signal.finding["since_onset"]["expected"]
    )
