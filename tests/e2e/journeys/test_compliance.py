"""The compliance officer: who looked at what, kept as a choice and taken along, signed."""

from tests.e2e.journeys.conftest import Begin
from tests.e2e.world import World
from upstream.audit.models import PHIAccess


def test_what_was_looked_at_is_found_kept_and_exported(begin: Begin, world: World) -> None:
    me = begin()
    me.sign_in(world.auditor_email)
    me.area("Audit", "Practice")
    me.is_at("Audit")
    me.looks()
    me.choose("Answer", "Granted")
    me.write("Records, at least", "1")
    me.press("Show")
    me.sees("Keep this choice")
    me.unfold("Keep this choice")
    me.write("Name of this choice", "What was shown")
    me.press("Keep")
    me.sees("What was shown", "nav.filters")
    me.looks()
    assert me.takes(lambda: me.press("Export this choice")) == "audit-lakeside-2026-03-02.zip"
    me.follow("Who changed what")
    me.is_at("Who changed what")
    me.looks()
    me.area("Audit", "Practice")
    me.sees("Exported the audit trail", "tbody")
    with world.bound():
        assert PHIAccess.objects.filter(action="export_audit").count() == 1
