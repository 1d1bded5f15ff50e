"""What stands out is on average overstated, so a year of it is told smaller: the weaker the evidence, the more."""

from math import log

import pytest

from tests.detection.pure import test_down_coding as down
from tests.detection.pure.test_grouping import changed
from tests.detection.pure.test_underpayment import World, alarms, cut
from upstream.detection import grouping
from upstream.detection.detectors import counts, drafts


def test_a_year_of_short_payments_is_told_by_two_and_a_half_of_evidence_smaller(monkeypatch):
    world = World()
    found = alarms(cut(world, (world.payer == 2) & (world.code == 1), 0.08), 64)
    (told,) = grouping.group(found, {2: world.facts(2)})
    monkeypatch.setattr(drafts, "SOBERING", 0.0)
    (whole,) = grouping.group(found, {2: world.facts(2)})
    gain = -log(found[0].p_value)
    assert told.annual_cents.mid == pytest.approx(whole.annual_cents.mid * gain / (gain + 2.5))
    assert told.lost_cents == whole.lost_cents


def test_a_year_of_denials_is_told_smaller_and_the_more_so_when_it_is_new(monkeypatch):
    new, old = (changed(0.15, week)[0] for week in (61, 66))
    monkeypatch.setattr(drafts, "SOBERING", 0.0)
    whole_new, whole_old = (changed(0.15, week)[0] for week in (61, 66))
    shares = [a.annual_cents.mid / b.annual_cents.mid for a, b in ((new, whole_new), (old, whole_old))]
    assert 0.5 < shares[0] < shares[1] < 1.0
    assert (new.lost_cents, old.lost_cents) == (whole_new.lost_cents, whole_old.lost_cents)


def test_a_year_of_cheaper_codes_is_told_smaller_too(monkeypatch):
    world = down.World()
    world.down_code((world.payer == 1) & (world.code == 1) & (world.week >= down.SINCE), 0.35)
    told = world.alarms(down.SINCE + 1)[0]
    monkeypatch.setattr(counts, "SOBERING", 0.0)
    whole = world.alarms(down.SINCE + 1)[0]
    assert 0.5 < told.annual[1] / whole.annual[1] < 0.99
    assert told.lost == whole.lost
