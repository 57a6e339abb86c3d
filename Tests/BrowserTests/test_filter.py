"""The filter of a list: in a dialog, on a page without JavaScript, by keyboard. Columns by what they hold."""
import re

import pytest
from playwright.sync_api import expect

from conftest import assert_accessible

CONTACTS = "/admin/crm/contacts"


def rows(page):
    return page.locator("a.row-link")


def chips(page):
    return page.locator(".filter-chip")


def assert_fits(page):
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_filter_is_made_and_changed_by_keyboard_alone(page):
    page.goto(CONTACTS + "?sort=-name")
    page.keyboard.press("f")
    dialog = page.locator("#filter-dialog")
    expect(dialog.get_by_label("Field")).to_be_focused()
    page.keyboard.type("Country")
    expect(dialog.get_by_label("Condition")).to_have_value("is")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(dialog.get_by_label("Value", exact=True)).to_be_focused()
    page.keyboard.type("Greece")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(dialog.locator("#f-value2")).to_be_focused()
    page.keyboard.type("Spain")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"contacts\?sort=-name&filter=country\+is\+ES,GR$"))
    expect(chips(page)).to_have_text([re.compile("Country is Spain or Greece")])
    # The chip is a link to its form; Escape leaves things as they were, and gives the focus back.
    chip = chips(page).locator(".filter-label")
    chip.focus()
    page.keyboard.press("Enter")
    expect(dialog.get_by_label("Field")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(chip).to_be_focused()
    page.keyboard.press("Enter")
    dialog.get_by_label("Condition").select_option("is empty")
    expect(dialog.locator("[id^=f-value]")).to_have_count(0)
    dialog.get_by_role("button", name="Apply").click()
    page.wait_for_url(re.compile("country\\+is_empty$"))
    chips(page).get_by_role("link", name=re.compile("Remove")).click()
    page.wait_for_url(re.compile(r"contacts\?sort=-name$"))


def test_what_is_refused_stays_in_the_dialog(page):
    page.goto(CONTACTS)
    page.locator("[data-key=f]").click()
    dialog = page.locator("#filter-dialog")
    dialog.get_by_label("Field").select_option("birthday")
    dialog.get_by_role("button", name="Apply").click()
    expect(dialog.locator(".field-error")).to_have_text("Enter a value.")
    expect(dialog.locator("[aria-invalid]")).to_be_focused()
    # One of a date and a period.
    dialog.get_by_label("Value").fill("2026-11-20")
    dialog.get_by_label("Period").select_option("last_30_days")
    expect(dialog.get_by_label("Value")).to_have_value("")
    dialog.get_by_role("button", name="Apply").click()
    page.wait_for_url(re.compile("filter=birthday\\+is\\+last_30_days"))
    expect(page.get_by_role("link", name="Clear filters")).to_be_visible()


def hold(page):
    """Keeps the answers of the filter's form back until they are asked for."""
    held = []
    page.route(re.compile(r"/filter\?"), lambda route: held.append(route))
    return held


def answer(page, held, old):
    while not held:
        page.wait_for_timeout(20)
    held.pop(0).continue_()
    page.wait_for_function("control => !control.isConnected", arg=old)


def test_what_is_typed_while_the_form_changes_stays(page):
    page.goto(CONTACTS)
    page.locator("[data-key=f]").click()
    dialog = page.locator("#filter-dialog")
    dialog.get_by_label("Field").select_option("city")
    value = dialog.get_by_label("Value", exact=True)
    value.fill("Rome")
    held = hold(page)
    # Another operator.
    dialog.get_by_label("Condition").select_option("begins with")
    old = value.element_handle()
    value.fill("Athns")
    value.press("ArrowLeft")
    value.press("ArrowLeft")
    answer(page, held, old)
    expect(value).to_have_value("Athns")
    expect(value).to_be_focused()
    page.keyboard.type("e")
    expect(value).to_have_value("Athens")
    # One more value.
    old = value.element_handle()
    dialog.get_by_label("Condition").select_option("is")
    answer(page, held, old)
    old = value.element_handle()
    dialog.get_by_role("button", name="Add another value").click()
    value.fill("Patras")
    answer(page, held, old)
    expect(value).to_have_value("Patras")
    expect(value).to_be_focused()
    # Another field, and at once an operator: the form is about the new field.
    old = value.element_handle()
    dialog.get_by_label("Field").select_option("email")
    dialog.get_by_label("Condition").select_option("is not")
    value.fill("ann@")
    while len(held) < 2:
        page.wait_for_timeout(20)
    held.pop(0).continue_()
    answer(page, held, old)
    expect(dialog.locator("[name=of]")).to_have_value("email")
    expect(dialog.get_by_label("Condition")).to_have_value("is_not")
    expect(value).to_have_value("ann@")
    expect(value).to_be_focused()
    # A box, and a period.
    page.unroute_all()
    dialog.get_by_label("Field").select_option("status")
    expect(dialog.get_by_label("Active", exact=True)).to_be_visible()
    held = hold(page)
    old = dialog.locator("#filter-values").element_handle()
    dialog.get_by_label("Condition").select_option("is not")
    dialog.get_by_label("Inactive", exact=True).check()
    answer(page, held, old)
    expect(dialog.get_by_label("Inactive", exact=True)).to_be_checked()
    expect(dialog.get_by_label("Inactive", exact=True)).to_be_focused()
    expect(dialog.get_by_label("Active", exact=True)).not_to_be_checked()
    page.unroute_all()


@pytest.mark.parametrize("change", ["Field", "Condition"])
def test_a_problem_goes_with_what_it_was_about(page, change):
    page.goto(CONTACTS)
    page.locator("[data-key=f]").click()
    dialog = page.locator("#filter-dialog")
    dialog.get_by_label("Field").select_option("city")
    dialog.get_by_role("button", name="Apply").click()
    expect(dialog.locator("[data-problems]")).to_contain_text("Please fix 1 problem")
    dialog.get_by_label(change).select_option("email" if change == "Field" else "is not")
    expect(dialog.locator("[aria-invalid]")).to_have_count(0)
    expect(dialog.locator("[data-problems]")).to_have_count(0)


def test_a_field_that_was_missing_has_no_problem_once_it_is_chosen(page):
    page.goto(f"{CONTACTS}/filter?apply=yes&of=")
    expect(page.locator(".field-error")).to_have_text("Choose a field.")
    page.get_by_label("Field").select_option("city")
    expect(page.get_by_label("Value", exact=True)).to_be_visible()
    expect(page.locator("[data-problems], .field-error, [aria-invalid]")).to_have_count(0)
    expect(page.get_by_label("Field")).to_be_focused()


def test_the_search_keeps_the_filter_and_the_filter_the_search(page):
    page.goto(CONTACTS + "?filter=country+is_not_empty")
    page.locator("#list-q").fill("anna")
    page.wait_for_url(re.compile("q=anna"))
    page.locator("[data-key=f]").click()
    dialog = page.locator("#filter-dialog")
    dialog.get_by_label("Field").select_option("status")
    dialog.get_by_label("Active", exact=True).check()
    dialog.get_by_role("button", name="Apply").click()
    page.wait_for_url(re.compile(r"q=anna&filter=country\+is_not_empty\+and\+status\+is\+active"))
    expect(chips(page)).to_have_count(2)


def test_a_record_is_picked_by_its_name(page, nojs):
    page.goto("/admin/crm/tasks")
    page.locator("[data-key=f]").click()
    dialog = page.locator("#filter-dialog")
    dialog.get_by_label("Field").select_option("about")
    value = dialog.get_by_role("combobox", name="Value")
    value.press_sequentially("atlas")
    expect(dialog.locator("[role=option]").first).to_be_visible()
    value.press("Enter")
    name = value.input_value()
    assert name != "atlas"
    dialog.get_by_role("button", name="Apply").click()
    page.wait_for_url(re.compile("filter=about\\+has"))
    expect(chips(page)).to_contain_text(name)

    nojs.goto("/admin/crm/tasks/filter?field=about")
    nojs.get_by_label("Value").fill("atlas")
    nojs.get_by_role("button", name="Apply").click()
    expect(nojs.locator(".field-error")).to_contain_text("There are several matches")
    nojs.get_by_role("radio", name=re.compile("^" + re.escape(name))).first.check()
    nojs.get_by_role("button", name="Apply").click()
    expect(chips(nojs)).to_contain_text(name)


def test_without_scripts_a_page_asks_step_by_step(nojs):
    nojs.goto(CONTACTS + "?per_page=25&status=active")
    nojs.locator("#list-actions").get_by_role("link", name="Filter").click()
    nojs.get_by_label("Field").select_option("city")
    nojs.get_by_role("button", name="Continue").click()
    nojs.get_by_label("Condition").select_option("begins with")
    nojs.get_by_role("button", name="Update form").click()
    nojs.get_by_label("Value").fill("Αθ")
    nojs.get_by_role("button", name="Apply").click()
    expect(nojs).to_have_url(re.compile(r"contacts\?status=active&filter=city\+begins_with\+.*&per_page=25"))
    assert rows(nojs).count() > 0
    chips(nojs).locator(".filter-label").click()
    expect(nojs.get_by_label("Value")).to_have_value("Αθ")
    nojs.get_by_role("link", name="Remove filter").click()
    expect(chips(nojs)).to_have_count(0)


@pytest.mark.parametrize("field", ["", "city", "country", "status", "created_at", "owner", "tags", "opted_out", "consent"])
def test_the_form_is_accessible(page, phone, dark, field):
    for view, checks in ((page, {}), (phone, {}), (dark, {"runOnly": ["color-contrast"]})):
        view.goto(CONTACTS + "?filter=city+is+Rome+or+(country+is_not_empty+and+status+is+active)")
        view.locator("[data-key=f]").click()
        dialog = view.locator("#filter-dialog")
        expect(dialog).to_be_visible()
        if field:
            dialog.get_by_label("Field").select_option(field)
            expect(dialog.locator("#f-operator")).to_be_visible()
        assert_accessible(view, "#filter-dialog", **checks)
        assert_fits(view)
        box = dialog.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= view.viewport_size["width"]


@pytest.mark.parametrize("field", ["", "city", "country", "status", "created_at", "owner", "tags", "opted_out", "consent"])
def test_the_page_of_the_form_is_accessible(page, phone, field):
    # Its controls are those of the dialog: what is left to see on a phone is whether they fit.
    for view in (page, phone):
        view.goto(f"{CONTACTS}/filter?field={field}")
        assert_fits(view)
    assert_accessible(page)


@pytest.mark.parametrize("path, columns", [(CONTACTS, ["email", "phone", "status", "created_at"]), ("/admin/crm/companies", ["phone", "contacts", "created_at"])])
def test_addresses_numbers_and_dates_are_never_cut(page, path, columns):
    for width in (1024, 1280, 1600):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(path + "?per_page=200")
        for column in columns:
            cut = page.locator(f"td.c-{column}").evaluate_all("cells => cells.filter(c => c.scrollWidth > c.clientWidth).map(c => c.textContent)")
            assert cut == [], (width, column)
        assert_fits(page)
        # A long value doesn't make its row higher than the others.
        assert len(set(page.locator("tr.list-row").evaluate_all("rows => rows.slice(0, 20).map(r => Math.round(r.getBoundingClientRect().height))"))) == 1
