"""Changing one field in its place, in a list and on a record's page; and what forms, lists and notices look like."""
import re
import time

import pytest
from playwright.sync_api import expect

from roost_client import Page, filled

CONTACTS = "/admin/crm/contacts"
TASKS = "/admin/crm/tasks"


@pytest.fixture
def contact(client):
    name = f"Place Test {time.time_ns()}"
    status, path, _ = client.request("POST", CONTACTS, filled(client.contact_form(), name=name, birthday="1990-02-06", status="active"))
    assert status == 303
    return name, path


@pytest.fixture
def task(client):
    name = f"Place Task {time.time_ns()}"
    form = filled(Page(client.get(f"{TASKS}/new")).form(TASKS)["fields"], title=name, due_on="2030-02-06")
    status, path, _ = client.request("POST", TASKS, form)
    assert status == 303
    return name, path


def cell_form(page, column, name):
    """Opens the field of a column, in the row of this name, by the pencil that the pointer brings."""
    heading = page.locator(f'th[data-column="{column}"]')
    index = heading.evaluate("th => th.cellIndex")
    cell = page.locator("tbody tr", has_text=name).locator("td").nth(index)
    cell.scroll_into_view_if_needed()
    box = cell.bounding_box()
    page.mouse.move(box["x"] + 4, box["y"] + box["height"] / 2)
    page.mouse.move(box["x"] + 8, box["y"] + box["height"] / 2)
    cell.locator(".cell-edit").click()
    return page.locator(".cell-form")


def is_in_sight(page, box):
    size = page.viewport_size
    assert box["x"] >= 0 and box["x"] + box["width"] <= size["width"], box


@pytest.mark.parametrize("width", [1280, 900, 700])
@pytest.mark.parametrize("column", ["title", "due_on", "due_time", "status", "assignee"])
def test_a_cell_of_any_width_opens_a_field_with_room(open_page, task, width, column):
    page = open_page(viewport={"width": width, "height": 800})
    page.goto(f"{TASKS}?q={task[0].rsplit(' ', 1)[1]}")
    if not page.locator(f'th[data-column="{column}"]').count():
        pytest.skip("not shown")
    form = cell_form(page, column, task[0])
    expect(form).to_be_visible()
    is_in_sight(page, form.bounding_box())
    control = form.locator("input:not([type=hidden]), select").first
    expect(control).to_be_focused()
    assert control.bounding_box()["width"] >= 180
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)


@pytest.mark.parametrize("size", [(1280, 900), (375, 740)])
def test_options_of_a_picker_are_in_sight(open_page, size):
    page = open_page(viewport={"width": size[0], "height": size[1]})
    page.goto(f"{CONTACTS}/new")
    # At its narrowest, at the end of the line.
    page.locator("[data-picker]").first.evaluate("box => Object.assign(box.style, {inlineSize: '8rem', marginInlineStart: 'auto', justifySelf: 'end'})")
    page.locator("[data-picker] input:not([type=hidden])").first.press_sequentially("a")
    options = page.locator(".picker-list:visible")
    expect(options.locator("[role=option]").first).to_be_visible()
    is_in_sight(page, options.bounding_box())


def test_the_name_is_changed_in_the_list_and_undo_stays_there(page, contact):
    name, _ = contact
    address = f"{CONTACTS}?q={name.rsplit(' ', 1)[1]}"
    page.goto(address)
    form = cell_form(page, "name", name)
    form.locator("input:not([type=hidden])").first.fill(name + " Jr")
    page.keyboard.press("Enter")
    expect(page.locator("tbody .row-link").first).to_have_text(name + " Jr")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("tbody .row-link").first).to_have_text(name)
    expect(page).to_have_url(re.compile(re.escape(address) + "$"))


def test_undo_without_scripts_leads_back_too(open_page, contact):
    name, path = contact
    page = open_page(java_script_enabled=False)
    page.goto(path)
    page.locator(".record-head details.menu summary").click()
    page.get_by_role("button", name="Move to trash").click()
    expect(page).to_have_url(re.compile(CONTACTS + "$"))
    page.get_by_role("button", name="Undo").click()
    expect(page).to_have_url(re.compile(CONTACTS + "$"))
    page.goto(path)
    expect(page.locator(".record-head [data-status]").first).to_have_attribute("data-status", "active")


@pytest.mark.parametrize("width", [1280, 375])
def test_a_field_on_a_records_page_has_room(open_page, contact, width):
    page = open_page(viewport={"width": width, "height": 800})
    page.goto(contact[1])
    page.locator('a[data-inline-edit][href$="/birthday"]').click(force=True)
    form = page.locator("dd form[data-inline-form]")
    assert form.locator("input:not([type=hidden])").first.bounding_box()["width"] >= 150
    form.locator("input:not([type=hidden])").first.evaluate("input => (input.type = 'text', input.value = 'never')")
    form.get_by_role("button", name="Save").click()
    error = page.locator("dd .field-error")
    expect(error).to_be_visible()
    assert error.bounding_box()["width"] >= 150


@pytest.mark.parametrize("size", [(1280, 900), (375, 740)])
def test_a_short_form_keeps_together_and_saves_at_the_foot(open_page, size):
    page = open_page(viewport={"width": size[0], "height": size[1]})
    page.goto(f"{TASKS}/new")
    page.evaluate("document.querySelectorAll('.form-section:not(:first-of-type)').forEach((section) => section.remove())")
    page.evaluate("document.querySelectorAll('.form-section .fields > :nth-child(n+3)').forEach((field) => field.remove())")
    fields = page.locator(".form-section .fields > *")
    first, second = fields.nth(0).bounding_box(), fields.nth(1).bounding_box()
    assert second["y"] - (first["y"] + first["height"]) < 40
    section, bar = page.locator(".form-section").bounding_box(), page.locator(".save-bar").bounding_box()
    assert section["height"] < 300
    assert abs(bar["y"] + bar["height"] - size[1]) <= 2


@pytest.mark.parametrize("list, is_square", [("contacts", False), ("companies", True)])
@pytest.mark.parametrize("view", ["table", "cards"])
def test_avatars_have_the_shape_of_their_type(page, task, list, is_square, view):
    page.goto(f"/admin/crm/{list}?view={view}")
    avatar = page.locator("[data-rows] .avatar").first
    assert ("square" in avatar.get_attribute("class")) == is_square
    page.locator("[data-rows] .row-link").first.click()
    assert ("square" in page.locator(".record-head .avatar").get_attribute("class")) == is_square


@pytest.mark.parametrize("view", ["table", "cards"])
def test_what_has_a_title_shows_the_icon_of_its_type_on_its_page_alone(page, task, view):
    page.goto(f"/admin/crm/tasks?view={view}")
    expect(page.locator("[data-rows] .row-link").first).to_be_visible()
    expect(page.locator("[data-rows] .avatar")).to_have_count(0)
    page.locator("[data-rows] .row-link").first.click()
    expect(page.locator(".record-head .avatar .icon")).to_be_visible()


def test_on_a_phone_the_city_is_below_the_name_and_the_status(phone, client):
    name = f"Aa {time.time_ns()}"
    assert client.request("POST", CONTACTS, filled(client.contact_form(), name=name, city="Rome", status="inactive"))[0] == 303
    phone.goto(f"{CONTACTS}?q={name.split()[1]}")
    row = phone.locator("tbody tr", has_text=name)
    link, city = row.locator(".row-link"), row.locator(".c-city")
    expect(city).to_be_visible()
    assert city.bounding_box()["y"] > row.locator(".c-status").bounding_box()["y"]
    assert city.bounding_box()["y"] >= link.bounding_box()["y"] + link.bounding_box()["height"] - 4


def test_a_notice_among_the_files_is_in_line_with_the_rest(page, contact):
    page.goto(contact[1] + "/files")
    page.locator("form[data-upload]").evaluate("form => form.requestSubmit()")
    notice, box = page.locator(".problems").bounding_box(), page.locator("form[data-upload]").bounding_box()
    assert notice["x"] == box["x"]


def test_a_first_comment_has_no_newer_ones(page, contact):
    page.goto(contact[1] + "/comments")
    page.locator("main textarea").fill("Alone")
    page.locator("main form:has(textarea) [type=submit]").click()
    expect(page.locator(".comment")).to_have_count(1)
    expect(page.locator(".timeline-more")).to_have_count(0)
