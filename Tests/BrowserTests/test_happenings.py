"""Interactions: logging them, with participants and files; comments; live updates."""
import re
import time

import pytest
from playwright.sync_api import expect

from conftest import assert_accessible, sign_in
from roost_client import Page, filled
from test_pages import assert_fits

CONTACTS = "/admin/crm/contacts"


@pytest.fixture
def contact(client):
    """The path of a contact for this test."""
    fields = filled(client.contact_form(), name=f"Happening {time.time_ns()}", status="active")
    status, path, _ = client.request("POST", CONTACTS, fields)
    assert status == 303
    return path


def compose(page, contact):
    page.goto(contact + "/interactions")
    if not page.locator("details[data-composer][open]").count():
        page.locator("details[data-composer] > summary").click()
    page.locator(".composer-more:not([open]) > summary").click()


def lines(page):
    return page.locator("ol[data-live-feed] > li")


def paper(name="note.txt", text="hello there"):
    return {"name": name, "mimeType": "image/png", "buffer": text.encode()}


def test_a_call_is_written_down_with_those_who_were_there(page, contact):
    compose(page, contact)
    page.get_by_role("radio", name="Call").check()
    assert page.locator("select[name=direction]").input_value() == "outbound"
    page.get_by_label("Subject").fill("The clock")
    page.get_by_label("Notes").fill("**Two** of them")
    page.get_by_label("Duration (min)").fill("12")
    people = page.get_by_role("combobox", name="Contact, company or user")
    people.press_sequentially("pap", delay=20)
    expect(page.locator("#parties-list [role=option]").first).to_be_visible()
    people.press("ArrowDown")
    people.press("Enter")
    people.type("Her brother")
    people.press("Enter")
    people.type("Somebody wrong")
    people.press("Enter")
    expect(page.locator("[data-chips] .chip")).to_have_count(3)
    people.press("Backspace")
    expect(page.locator("[data-chips] .chip")).to_have_count(2)
    page.locator("textarea[name=body]").press("Control+Enter")
    line = lines(page).first
    expect(line).to_contain_text("The clock")
    expect(line.locator("strong", has_text="Two")).to_be_visible()
    expect(line.locator("a.chip")).to_have_count(1)
    expect(line).to_contain_text("Her brother")
    assert_accessible(page)


def test_files_wait_in_the_composer_until_it_is_right(page, contact):
    compose(page, contact)
    page.locator("input[type=file]").set_input_files([paper("a.txt"), paper("b.txt", "other")])
    expect(page.locator(".upload-line .upload-state", has_text="✓")).to_have_count(2)
    page.get_by_label("Time zone").fill("Mars")
    page.get_by_label("Notes").fill("with papers")
    page.get_by_role("button", name="Log", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Unknown time zone “Mars”")
    expect(page.locator("input[name=upload]:checked")).to_have_count(2)
    page.get_by_label("Time zone").fill("Europe/Athens")
    page.get_by_role("button", name="Log", exact=True).click()
    expect(lines(page).first.locator(".attached a")).to_have_count(2)


def test_what_was_written_is_changed_deleted_and_brought_back(page, contact):
    compose(page, contact)
    page.get_by_label("Notes").fill("first words")
    page.get_by_role("button", name="Log", exact=True).click()
    lines(page).first.locator("summary").click()
    page.get_by_role("link", name="Edit", exact=True).last.click()
    page.get_by_label("Notes").fill("second words")
    page.get_by_role("button", name="Save").click()
    expect(lines(page).first).to_contain_text("second words")
    lines(page).first.locator("summary").click()
    page.get_by_role("button", name="Delete").click()
    expect(lines(page)).to_have_count(0)
    page.locator(".flash").get_by_role("button", name="Undo").click()
    expect(lines(page).first).to_contain_text("second words")


def test_it_all_works_without_scripts(nojs, contact):
    compose(nojs, contact)
    nojs.get_by_label("Contact, company or user").fill("pap")
    nojs.get_by_role("button", name="Find").click()
    nojs.locator(".found input").first.check()
    nojs.get_by_label("Notes").fill("on paper")
    nojs.locator("input[type=file]").set_input_files([paper()])
    nojs.get_by_role("button", name="Log", exact=True).click()
    expect(lines(nojs).first).to_contain_text("on paper")
    expect(lines(nojs).first.locator("a.chip")).to_have_count(2)
    nojs.goto(contact + "/comments")
    nojs.get_by_label("Your comment").fill("a comment")
    nojs.get_by_role("button", name="Comment").click()
    nojs.get_by_role("link", name="Reply").click()
    nojs.locator("textarea").nth(1).fill("an answer")
    nojs.get_by_role("button", name="Reply").click()
    expect(lines(nojs)).to_have_count(2)


@pytest.mark.parametrize("zone, local", [
    ("UTC", "2026-11-20T14:05"), ("Europe/Athens", "2026-07-20T14:05"), ("Asia/Kolkata", "2026-11-20T14:05"),
    ("Europe/Athens", "2026-03-29T04:30"), ("Europe/Athens", "2026-10-25T02:30"), ("Australia/Lord_Howe", "2026-10-04T02:45"),
    ("America/St_Johns", "2026-11-01T02:30"),
])
def test_browser_and_server_read_a_time_alike(page, contact, zone, local):
    compose(page, contact)
    script = page.locator("script[type=module]").get_attribute("src").replace("roost.js", "when.js")
    moment = page.evaluate("async ([s, l, z]) => new Date((await import(s)).moment(l, z)).toISOString()", [script, local, zone])
    page.get_by_label("Notes").fill("when was it")
    page.get_by_label("When", exact=True).fill(local)
    page.get_by_label("Time zone").fill(zone)
    page.get_by_role("button", name="Log", exact=True).click()
    assert lines(page).first.locator("time").get_attribute("datetime") == moment


@pytest.mark.parametrize("local, problem, mended", [
    ("2026-03-29T03:30", "03:30 doesn’t exist on this date", "2026-03-29 04:30"), ("2026-10-25T03:30", "Add +03:00 for the first", "2026-10-25 03:30 +02:00"),
])
def test_an_hour_that_is_left_out_or_comes_twice_is_asked_about(page, contact, local, problem, mended):
    compose(page, contact)
    page.get_by_label("Notes").fill("when was it")
    page.get_by_label("When", exact=True).fill(local)
    page.get_by_label("Time zone").fill("Europe/Athens")
    page.get_by_role("button", name="Log", exact=True).click()
    expect(page.locator("#f-occurred_at-error")).to_contain_text(problem)
    page.get_by_label("When", exact=True).fill(mended)
    page.get_by_role("button", name="Log", exact=True).click()
    expect(lines(page).first).to_contain_text("when was it")


def test_the_composer_is_sound_on_a_phone(phone, contact):
    compose(phone, contact)
    assert_accessible(phone)
    assert_fits(phone)


# Comments


def test_somebody_is_called_by_keyboard(page, client, contact, server):
    server.add_user("mary@example.com", "manager", "Μαρία Παπαδάκη")
    page.goto(contact + "/comments")
    field = page.get_by_label("Your comment")
    field.press_sequentially("Please ask @mar", delay=20)
    expect(page.locator(".picker-option").first).to_be_visible()
    field.press("Enter")
    field.press_sequentially("today")
    field.press("Control+Enter")
    expect(page.locator(".mention")).to_have_text("Μαρία Παπαδάκη")
    page.get_by_role("link", name="Reply").click()
    expect(page.locator("textarea").nth(1)).to_be_focused()
    assert_accessible(page)


# Live


@pytest.fixture
def other(open_page):
    """Another browser of the same user."""
    page = open_page(signed_out=True)
    sign_in(page)
    return page


def test_a_list_says_how_many_are_new(page, other):
    page.goto(CONTACTS + "?sort=name&per_page=25")
    other.goto(CONTACTS + "/new")
    name = f"AAA New {time.time_ns()}"
    other.get_by_label("Name", exact=True).fill(name)
    other.get_by_role("button", name=re.compile("^create", re.I)).click()
    button = page.get_by_role("button", name=re.compile("1 new"))
    expect(button).to_be_visible()
    button.click()
    expect(page.get_by_role("link", name=name).first).to_be_visible()


def test_a_feed_gains_what_another_writes_and_disturbs_nobody(page, other, contact):
    compose(page, contact)
    page.get_by_label("Notes").fill("half a thought")
    compose(other, contact)
    other.get_by_label("Notes").fill("written elsewhere")
    other.get_by_role("button", name="Log", exact=True).click()
    expect(lines(page)).to_have_count(1)
    expect(lines(page).first).to_contain_text("written elsewhere")
    expect(page.get_by_label("Notes")).to_have_value("half a thought")
    page.get_by_label("Notes").fill("")


def test_an_open_form_learns_that_its_record_has_changed(page, other, contact):
    page.goto(contact + "/edit")
    page.get_by_label("Job title").fill("Mine")
    other.goto(contact + "/edit")
    other.get_by_label("City").fill("Theirs")
    other.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_label("City")).to_have_value("Theirs")
    expect(page.get_by_label("Job title")).to_have_value("Mine")


def test_nothing_is_missed_while_the_server_is_away(page, other, contact, server):
    with page.expect_response(re.compile("/admin/crm/live")):
        page.goto(contact + "/comments")
    server.restart()
    other.goto(contact + "/comments")
    other.get_by_label("Your comment").fill("said after the break")
    other.get_by_role("button", name="Comment").click()
    expect(lines(page).first).to_contain_text("said after the break")


def test_many_open_tabs_leave_the_server_reachable(open_page, contact):
    pages = [open_page() for _ in range(8)]
    for page in pages:
        page.goto(contact + "/comments")
    # If each tab kept a connection, this one would wait forever.
    pages[0].goto(CONTACTS)
