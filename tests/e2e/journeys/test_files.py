"""A file in the front desk's own columns: the mapping wizard, and the row that it left out put right."""

from tests.e2e.journeys.conftest import Begin
from tests.e2e.world import World
from upstream.ingestion.models import Batch, MappingProfile, Rejection


def test_columns_are_matched_and_the_row_left_out_is_put_right(begin: Begin, world: World) -> None:
    me = begin()
    me.sign_in(world.manager_email)
    me.area("Files", "Data")
    me.is_at("Data")
    me.looks()
    row = me.page.get_by_role("row").filter(has_text="front-desk-week-9.csv")
    me.follow("Match", row)
    me.is_at("Match the columns")
    me.looks()
    me.choose("waiting", "Not decided yet")
    me.press("Check")
    me.sees("2 claims would be loaded, 1 row left out", "h2")
    me.looks()
    me.write("Keep this under the name", "Front desk")
    me.press("Confirm and load")
    me.sees("The file is being read.")
    world.work()
    me.area("Files", "Data")
    me.sees("Partly loaded", "tr:has-text('front-desk-week-9.csv')")
    me.follow("front-desk-week-9.csv", row)
    me.is_at("front-desk-week-9.csv")
    me.follow("5", me.page.locator("section[aria-labelledby=left-out]"))
    me.is_at("Row left out")
    me.press("Open the row to put it right")
    me.sees("That you looked was written down.")
    me.looks()
    me.write("DOS", "02/31/2026")
    me.press("Load the row as it is here")
    me.is_refused("Still not readable")
    me.write("DOS", "02/23/2026")
    me.press("Load the row as it is here")
    me.sees("The row can be read now and is being loaded.")
    world.work()
    with world.bound():
        assert MappingProfile.objects.filter(name="Front desk").count() == 1
        assert Rejection.objects.filter(state="fixed").count() == 1
        assert Batch.objects.filter(state="analysed", claims=1).exists()
