"""Working denials in a real browser, without any script."""

from playwright.sync_api import expect

from tests.e2e.conftest import NARROW, OpenBrowser
from tests.e2e.world import World


def test_one_claim_after_the_other_and_many_at_once_without_script(open_browser: OpenBrowser, world: World) -> None:
    visitor = open_browser(NARROW, java_script_enabled=False)
    visitor.sign_in(world.manager_email)
    page = visitor.page
    page.get_by_role("button", name="Areas").click()
    page.get_by_role("link", name="Worklist").click()
    expect(page.locator(".message").first).to_contain_text("You reassigned 2 claims.")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".message-success")).to_contain_text("Taken back for 2 claims.")
    for box in page.get_by_role("checkbox", name="Choose claim").all()[:2]:
        box.check()
    page.get_by_label("Give to").select_option(label="Maria Sandoval")
    page.get_by_role("button", name="Assign").click()
    expect(page.locator(".message-success")).to_contain_text("2 claims changed.")
    page.locator("tbody a").first.click()
    first = page.url
    page.get_by_label("Move to").select_option("sent")
    page.get_by_role("textbox", name="Note").first.fill("By fax")
    page.get_by_role("button", name="Move, and on to the next").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.url != first
    page.goto(first)
    expect(page.locator(".badge-state")).to_have_text("Sent")
    expect(page.locator(".timeline")).to_contain_text("Maria Sandoval moved it to sent")
    expect(page.locator(".timeline")).to_contain_text("By fax")
