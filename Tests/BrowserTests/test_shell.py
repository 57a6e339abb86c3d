"""The frame around every page: reached by keyboard, by thumb, and without scripts."""
import re

import pytest
from playwright.sync_api import expect


def test_the_first_tab_stop_skips_to_the_content(page):
    page.goto("/admin/crm/contacts")
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    expect(focused).to_have_attribute("href", re.compile("^#"))
    focused.press("Enter")
    assert page.evaluate("document.activeElement.closest('main') !== null || location.hash !== ''")


@pytest.mark.parametrize("scripts", [True, False])
def test_the_phone_reaches_the_menu(open_page, scripts):
    phone = open_page(viewport={"width": 375, "height": 740}, java_script_enabled=scripts, has_touch=True, is_mobile=True)
    phone.goto("/admin/crm")
    link = phone.get_by_role("link", name=re.compile("^companies", re.I)).first
    if not link.is_visible():
        phone.locator("header").locator("summary, button, label, a").filter(has_text=re.compile("menu", re.I)).or_(
            phone.get_by_role("button", name=re.compile("menu", re.I))).first.click()
    link.click()
    expect(phone).to_have_url(re.compile("/admin/crm/companies"))


def test_targets_are_large_enough_on_a_phone(phone):
    phone.goto("/admin/crm/contacts")
    small = phone.locator("main :is(button, .button, summary, select):not(.visually-hidden):visible").evaluate_all(
        "all => all.map(e => [e.textContent.trim(), e.getBoundingClientRect().height]).filter(([, h]) => h < 43.5)")
    assert small == []


def test_slash_focuses_the_search(page):
    page.goto("/admin/crm/contacts")
    page.keyboard.press("/")
    expect(page.locator(":focus")).to_have_attribute("name", "q")


def test_pages_are_never_stored_and_cannot_be_framed(page):
    headers = page.goto("/admin/crm/contacts").headers
    assert "no-store" in headers["cache-control"]
    assert "default-src 'none'" in headers["content-security-policy"] and "unsafe" not in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
