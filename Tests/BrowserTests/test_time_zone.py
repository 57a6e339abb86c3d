"""The time zone of a new account: the browser's."""
import time

import pytest
from playwright.sync_api import expect

from conftest import sign_in


@pytest.fixture
def newcomer(server):
    email = f"zone.{time.time_ns()}@example.com"
    server.add_user(email, "manager", "Zoe Zone")
    return email


def test_the_first_browser_says_its_zone_once(open_page, newcomer):
    page = open_page(signed_out=True, timezone_id="Europe/Athens")
    sign_in(page, newcomer)
    expect(page.locator("main [data-flash]")).to_contain_text("Times are shown in Europe/Athens. Change it in Account.")
    page.reload()
    expect(page.locator("main [data-flash]")).to_have_count(0)
    page.goto("/account")
    expect(page.locator("[name=time_zone]")).to_have_value("Europe/Athens")
    elsewhere = open_page(signed_out=True, timezone_id="Pacific/Auckland")
    sign_in(elsewhere, newcomer)
    expect(elsewhere.locator("main [data-flash]")).to_have_count(0)
    elsewhere.goto("/account")
    expect(elsewhere.locator("[name=time_zone]")).to_have_value("Europe/Athens")


def test_without_scripts_the_account_waits_for_a_browser_that_says_it(open_page, newcomer):
    page = open_page(signed_out=True, timezone_id="Europe/Athens", java_script_enabled=False)
    sign_in(page, newcomer)
    expect(page.locator("main [data-flash]")).to_have_count(0)
    page.goto("/account")
    expect(page.locator("[name=time_zone]")).to_have_value("UTC")
    later = open_page(signed_out=True, timezone_id="America/New_York")
    sign_in(later, newcomer)
    expect(later.locator("main [data-flash]")).to_contain_text("America/New_York")
