"""A name is decided with two clicks, with and without JavaScript, and every fold of the pages is accessible."""

import pytest
from django.db import transaction
from playwright.sync_api import expect

from tests.e2e.conftest import NARROW, WIDE, OpenBrowser
from tests.e2e.world import World
from upstream import pipeline
from upstream.claims.models import Claim
from upstream.core import tenancy


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_two_clicks_say_whose_name_it_is(java_script_enabled: bool, open_browser: OpenBrowser, world: World) -> None:
    visitor = open_browser(java_script_enabled=java_script_enabled)
    visitor.sign_in(world.manager_email)
    visitor.go("/portal/payers/")
    page = visitor.page
    page.get_by_text("Same as Northstar Health").click()
    page.get_by_role("button", name="Yes, Northstar is Northstar Health").click()
    expect(page.get_by_role("status")).to_contain_text("Northstar is the same payer as Northstar Health.")
    expect(page.get_by_text("Every name that files use is clear.")).to_be_visible()
    with tenancy.bind(world.tenant_id):
        pipeline.run_to_end()
        with transaction.atomic():
            assert set(Claim.objects.values_list("payer__name", flat=True)) == {"Summit Mutual", "Northstar Health"}


@pytest.mark.parametrize("size", [NARROW, WIDE])
def test_folds_are_accessible_and_fit(size: dict[str, int], open_browser: OpenBrowser, world: World) -> None:
    visitor = open_browser(size)
    visitor.sign_in(world.manager_email)
    for name in ("payers", "payer"):
        visitor.go(world.pages[name])
        for fold in visitor.page.locator("main summary").all():
            fold.click()
        visitor.picture(f"{name}-open-{size['width']}")
        assert visitor.violations() == []
        assert not visitor.is_wider_than_its_window()
