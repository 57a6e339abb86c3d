"""Choosing columns: by drag, by keyboard, by buttons without JavaScript. The list shows what was applied, after a reload too."""
import re

import pytest
from playwright.sync_api import expect

from roost_client import Page

COLUMNS = "/admin/crm/contacts/columns"
CONTACTS = "/admin/crm/contacts"


@pytest.fixture(autouse=True)
def default_columns(client):
    """Every test starts and ends with this user's default columns."""
    reset(client)
    yield
    reset(client)


def reset(client):
    page = Page(client.get(COLUMNS))
    form = page.form(COLUMNS)
    button = next(((n, v) for n, v in page.buttons if re.search("reset|default", f"{n} {v}")), None)
    assert button, f"no reset button among {page.buttons}"
    status, _, _ = client.request("POST", COLUMNS, form["fields"] + [button])
    assert status == 303


def chosen(page):
    """The keys of the shown columns, in order."""
    return page.locator("main input[name=columns]").evaluate_all("inputs => inputs.map(i => i.value)")


def row(page, key):
    return page.locator("main li").filter(has=page.locator(f'input[name=columns][value="{key}"]'))


def movable(page):
    """The keys of two neighbours that can be swapped: the last two."""
    keys = chosen(page)
    assert len(keys) >= 4, keys
    return keys[-2], keys[-1]


def apply(page):
    page.locator("main").get_by_role("button", name=re.compile("apply|save", re.I)).click()
    page.wait_for_url(re.compile(rf"{CONTACTS}(\?.*)?$"))


def swapped(before, a, b):
    return [b if key == a else a if key == b else key for key in before]


def check_kept(page, expected):
    page.goto(COLUMNS)
    assert chosen(page) == expected


def test_a_column_is_moved_by_drag(page):
    page.goto(COLUMNS)
    before, (upper, lower) = chosen(page), movable(page)
    page.wait_for_function("() => window.Sortable !== undefined")
    row(page, lower).locator("[data-handle], .handle, .drag").first.drag_to(row(page, upper), target_position={"x": 20, "y": 2})
    page.wait_for_function("key => [...document.querySelectorAll('main input[name=columns]')].at(-1).value === key", arg=upper)
    apply(page)
    check_kept(page, swapped(before, upper, lower))


def test_a_column_is_moved_by_keyboard(page):
    page.goto(COLUMNS)
    before, (upper, lower) = chosen(page), movable(page)
    row(page, lower).locator("[data-handle], .handle, .drag").first.focus()
    for key in ("Space", "ArrowUp", "Space"):
        page.keyboard.press(key)
    assert chosen(page) == swapped(before, upper, lower)
    apply(page)
    check_kept(page, swapped(before, upper, lower))


@pytest.mark.parametrize("scripts", ["with scripts", "without scripts"])
def test_a_column_is_moved_by_button(page, nojs, scripts):
    view = page if scripts == "with scripts" else nojs
    view.goto(COLUMNS)
    before, (upper, lower) = chosen(view), movable(view)
    row(view, lower).get_by_role("button", name=re.compile(r"^Move .* up$", re.I)).click()
    expect(view.locator("main input[name=columns]").last).to_have_value(upper)
    apply(view)
    check_kept(view, swapped(before, upper, lower))


@pytest.mark.parametrize("scripts", ["with scripts", "without scripts"])
def test_a_column_is_removed_and_added(page, nojs, scripts):
    view = page if scripts == "with scripts" else nojs
    view.goto(COLUMNS)
    before = chosen(view)
    gone = before[-1]
    row(view, gone).get_by_role("button", name=re.compile("remove", re.I)).click()
    expect(view.locator("main input[name=columns]")).to_have_count(len(before) - 1)
    apply(view)
    expect(view.get_by_role("columnheader")).to_have_count(headers_for(view, len(before) - 1))
    check_kept(view, before[:-1])
    view.locator("main li").filter(has=view.locator(f'button[value="{gone}"]')).get_by_role("button", name=re.compile("add", re.I)).click()
    expect(view.locator("main input[name=columns]")).to_have_count(len(before))
    apply(view)
    check_kept(view, before)


def headers_for(view, columns):
    """A list can have an extra column for selecting rows."""
    return columns + view.locator("thead th:has(input[type=checkbox])").count()


def test_a_required_column_cannot_be_removed(page):
    page.goto(COLUMNS)
    expect(row(page, "name").get_by_role("button", name=re.compile("remove", re.I))).to_have_count(0)


def test_columns_open_as_a_dialog_in_the_list(page):
    page.goto(CONTACTS)
    page.get_by_role("link", name=re.compile("columns", re.I)).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page).to_have_url(re.compile(rf"{CONTACTS}(\?.*)?$"))


def test_cards_are_kept_as_the_view(page):
    page.goto(COLUMNS)
    page.locator("main input[name=view][value=cards]").check(force=True)
    apply(page)
    page.goto(CONTACTS)
    expect(page.locator("main table")).to_have_count(0)


def test_columns_are_applied_in_the_dialog(page):
    page.goto(CONTACTS + "?sort=-name")
    headers = page.get_by_role("columnheader").all_inner_texts()
    page.get_by_role("link", name="Columns").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=f"Remove {headers[-1]}").click()
    dialog.get_by_role("button", name="Add Country").click()
    dialog.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(re.compile(r"\?sort=-name$"))
    expect(page.get_by_role("columnheader").last).to_have_text("Country")
    page.get_by_role("link", name="Columns").click()
    dialog.get_by_role("button", name="Reset to default").click()
    expect(page.get_by_role("columnheader").last).to_have_text(headers[-1])
