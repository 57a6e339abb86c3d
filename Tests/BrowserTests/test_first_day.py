"""A new installation: the one-time link, the owner, and empty pages."""
import re
import time

import pytest
from playwright.sync_api import expect

from conftest import CHECKOUT
from roost_client import PASSWORD, Server
from test_pages import WIDTHS, look_at


@pytest.fixture
def first_day(server, tmp_path):
    """A server without an owner, and the link that it prints."""
    fresh = Server(server.binary, str(tmp_path), str(CHECKOUT))
    try:
        fresh.start()
        yield printed_link(fresh)
    finally:
        code = fresh.stop()
    assert code == 0, fresh.log()


def printed_link(server):
    """It is printed once the server responds, which can take a moment."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if link := re.search(r"http://\S+/setup\?key=\S+", server.log()):
            return link.group()
        time.sleep(0.02)
    raise AssertionError("no link in " + server.log())


@pytest.mark.parametrize("width", WIDTHS)
def test_the_first_owner_finds_the_way(open_page, first_day, width):
    page = open_page(signed_out=True, **WIDTHS[width])
    page.goto(first_day)
    expect(page.get_by_label("Your name")).to_be_focused()
    look_at(page, "setup", width)
    page.get_by_label("Your name").fill("Olga Owner")
    page.get_by_label("E-mail").fill("olga@example.com")
    page.get_by_label("Password").fill("short")
    page.get_by_label("Add demo data").uncheck()
    page.get_by_role("button", name="Create owner account").click()
    expect(page.get_by_label("Password")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Password")).to_be_focused()
    expect(page.get_by_label("Your name")).to_have_value("Olga Owner")
    expect(page.get_by_label("Add demo data")).not_to_be_checked()
    look_at(page, "setup-refused", width)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create owner account").click()

    expect(page.locator("main h2").first).to_have_text("No contacts yet")
    look_at(page, "home-first-day", width)
    base = first_day.split("/setup")[0]
    for listing, title in (("contacts", "No contacts yet"), ("companies", "No companies yet")):
        page.goto(f"{base}/admin/crm/{listing}")
        expect(page.locator("main h2")).to_have_text(title)
        look_at(page, listing + "-empty", width)
    page.goto(first_day)
    expect(page).not_to_have_url(re.compile("setup"))
