"""The clinician: two minutes, on a phone."""

from datetime import date

from tests.e2e.conftest import NARROW
from tests.e2e.journeys.conftest import Begin
from tests.e2e.world import PROVIDER, World
from tests.factories import claim
from tests.factories.denials import item
from upstream.claims.choices import Outcome
from upstream.claims.models import Payer
from upstream.worklist.models import Event


def test_two_minutes_on_a_phone(begin: Begin, world: World) -> None:
    with world.bound():
        summit = Payer.objects.get(name="Summit Mutual")
        for number in range(2):
            of = claim(summit, outcome=Outcome.DENIED, procedure_code=f"2988{number}", rendering_npi=PROVIDER)
            asked = {"category": "DOC", "deadline": date(2026, 3, 20 + number), "decided_date": date(2026, 2, 25)}
            item(summit, claim=of, procedure_code=f"2988{number}", **asked)
    me = begin(size=NARROW)
    me.sign_in(world.clinician_email)
    me.area("My patients", "Follow-up")
    me.is_at("wait for you")
    me.sees("29880")
    me.looks()
    assert "$" not in me.words()
    me.press("Done", me.page.locator("li").filter(has_text="29880"))
    me.sees("1 request answered")
    me.press("Send to the authorization desk", me.page.locator("li").filter(has_text="29881"))
    me.sees("2 requests answered")
    me.looks()
    with world.bound():
        assert Event.objects.filter(item__procedure_code__in=["29880", "29881"]).count() == 2
