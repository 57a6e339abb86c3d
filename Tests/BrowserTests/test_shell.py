"""The frame around every page: by keyboard, by touch, and without scripts."""
import re

import pytest
from playwright.sync_api import expect


def test_the_first_tab_stop_skips_to_the_content(page):
    page.goto("/admin/crm/contacts")
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    expect(focused).to_have_attribute("href", re.compile("^#"))
    focused.press("Enter")
    page.wait_for_function("document.activeElement.closest('main') !== null || location.hash !== ''")


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


@pytest.mark.parametrize("scripts", [True, False])
def test_the_drawer_opens_and_closes(open_page, scripts):
    phone = open_page(viewport={"width": 375, "height": 740}, java_script_enabled=scripts, has_touch=True, is_mobile=True)
    phone.goto("/admin/crm/contacts")
    drawer, opener = phone.locator("#sidebar"), phone.get_by_role("button", name="Menu")
    expect(drawer).to_be_hidden()
    opener.click()
    expect(drawer).to_be_visible()
    if scripts:
        expect(drawer.locator("[aria-current=page]")).to_be_focused()
        expect(phone.locator("main")).to_have_js_property("inert", True)
        phone.keyboard.press("Escape")
        expect(opener).to_be_focused()
        expect(phone.locator("main")).to_have_js_property("inert", False)
    else:
        drawer.get_by_role("button", name="Close").click()
    expect(drawer).to_be_hidden()


def test_the_shortcuts_are_listed(page):
    page.goto("/admin/crm")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    page.keyboard.press("?")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.get_by_label("Your account").click()
    page.get_by_role("button", name="Keyboard shortcuts").click()
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()


@pytest.mark.parametrize("keys, address", [("gc", "/contacts"), ("go", "/companies"), ("gh", "/admin/crm"), ("n", "/contacts/new")])
def test_keys_lead_to_pages(page, keys, address):
    page.goto("/admin/crm/contacts?q=a")
    for key in keys:
        page.keyboard.press(key)
    expect(page).to_have_url(re.compile(address + "$"))


def test_keys_typed_into_a_field_are_text(page):
    page.goto("/admin/crm/contacts")
    field = page.locator("main input[name=q]")
    field.press_sequentially("n?gc/")
    expect(field).to_have_value("n?gc/")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_rows_are_walked_by_keyboard(page):
    page.goto("/admin/crm/contacts")
    links = page.locator("main .row-link")
    for key, row in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        expect(links.nth(row)).to_be_focused()
    name = links.nth(1).inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(name)


def test_one_menu_is_open_at_a_time(page):
    page.goto("/admin/crm/contacts")
    page.locator("main .row-link").first.click()
    account, more = page.get_by_label("Your account"), page.get_by_label("More", exact=True)
    account.click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    more.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(page.get_by_role("button", name="Move to trash")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Move to trash")).to_be_hidden()
    expect(more).to_be_focused()


def test_times_are_told_relative_to_now(page, nojs):
    for view, words in ((page, "ago|now|yesterday"), (nojs, r"\d{4}, \d\d:\d\d")):
        view.goto("/admin/crm")
        time = view.locator(".feed time").first
        expect(time).to_have_text(re.compile(words))
        assert view is nojs or re.search(r"\d{4}, \d\d:\d\d", time.get_attribute("title"))


def test_slash_focuses_the_search(page):
    page.goto("/admin/crm/contacts")
    page.keyboard.press("/")
    expect(page.locator("#global-q")).to_be_focused()


def test_pages_are_never_stored_and_cannot_be_framed(page):
    headers = page.goto("/admin/crm/contacts").headers
    assert "no-store" in headers["cache-control"]
    assert "default-src 'none'" in headers["content-security-policy"] and "unsafe" not in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
