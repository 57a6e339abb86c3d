"""Assigned tasks, undone imports, deleted tags: with scripts and without."""
import re

import pytest
from playwright.sync_api import expect

from conftest import assert_accessible, sign_in
from test_pages import assert_fits


def test_who_is_given_a_task_sees_it_at_once(page, open_page, server):
    server.add_user("tom@example.com", "manager", "Tom Taskman")
    tom = open_page(signed_out=True)
    sign_in(tom, "tom@example.com")
    with tom.expect_response(re.compile("/admin/crm/live")):
        tom.goto("/admin/crm/companies")
    page.goto("/admin/crm/tasks/new")
    page.get_by_label("Title").fill("Water the plants")
    page.get_by_label("Assignee").select_option(label="Tom Taskman")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Water the plants")).to_be_visible()
    expect(tom.locator(".bell-count")).to_have_text("1")
    tom.locator("#bell").click()
    expect(tom.locator(".inbox-line")).to_contain_text("Olga Owner assigned “Water the plants” to you")
    assert_accessible(tom)
    tom.get_by_role("link", name="Olga Owner assigned").click()
    expect(tom.get_by_role("heading", name="Water the plants")).to_be_visible()
    expect(tom.locator(".bell-count")).to_have_count(0)


def tagged(page, name, tag):
    page.goto("/admin/crm/contacts/new")
    page.get_by_label("Name", exact=True).fill(name)
    page.locator("#f-tags").fill(tag)
    page.get_by_role("button", name="Create contact").click()
    expect(page.get_by_role("link", name=tag)).to_be_visible()


@pytest.mark.parametrize("width", [1280, 375])
def test_tags_go_without_scripts_once_that_is_confirmed(nojs, width):
    nojs.set_viewport_size({"width": width, "height": 800})
    tag = f"Going {width}"
    tagged(nojs, "Tagged", tag)
    nojs.goto("/admin/crm/tags")
    line = nojs.locator(".tag-line").filter(has_text=tag)
    line.get_by_text("Edit").click()
    line.get_by_role("link", name="Delete this tag").click()
    expect(nojs.get_by_role("heading", name=f"Delete the tag “{tag}”?")).to_be_visible()
    expect(nojs.locator(".tag-question")).to_contain_text("1 record loses it.")
    assert_fits(nojs)
    nojs.get_by_role("link", name="Cancel").click()
    expect(line).to_be_visible()
    line.get_by_text("Edit").click()
    line.get_by_role("link", name="Delete this tag").click()
    nojs.get_by_role("button", name="Delete", exact=True).click()
    expect(line).to_have_count(0)


def test_an_import_is_one_line_of_the_log_and_is_taken_back(page, phone, server, tmp_path):
    file = tmp_path / "guests.csv"
    file.write_text("id,name\n" + "".join(f"guest-{n},Guest {n}\n" for n in range(60)))
    server.run("import", "contacts", str(file))
    page.goto("/admin/crm/activity")
    line = page.locator(".timeline-entry").filter(has_text="Imported from guests.csv")
    expect(line).to_have_count(1)
    line.get_by_role("link", name="60 records").click()
    expect(page.locator(".timeline-entry").first).to_contain_text("Guest 59")
    page.get_by_text("Undo this import").click()
    assert_accessible(page)
    phone.goto(page.url)
    phone.get_by_text("Undo this import").click()
    assert_fits(phone)
    page.get_by_role("button", name="Undo the import").click()
    expect(page.locator(".flash")).to_contain_text("Deleted: 60.")
    expect(page.get_by_role("link", name="This import was undone")).to_be_visible()
    page.goto("/admin/crm/contacts?q=guest")
    expect(page.locator(".row-link")).to_have_count(0)
