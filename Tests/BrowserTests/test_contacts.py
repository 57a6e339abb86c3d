"""Everyday work: find, edit, delete and undo."""
import re
import time

import pytest
from playwright.sync_api import expect

from conftest import sign_in
from roost_client import EMAIL, PASSWORD, Page, filled

CONTACTS = "/admin/crm/contacts"


@pytest.fixture
def contact(client):
    """(name, path) of a contact for this test."""
    name = f"Ζωή Test {time.time_ns()}"
    status, path, _ = client.request("POST", CONTACTS, filled(client.contact_form(), name=name, status="active"))
    assert status == 303
    return name, path


def save(page):
    page.locator("main form:has(input[name=name])").get_by_role("button", name=re.compile("^(save|create)", re.I)).first.click()


def test_the_list_is_searched_as_one_types(page, contact):
    name, path = contact
    page.goto(CONTACTS)
    field = page.locator("main input[name=q]")
    field.press_sequentially(name.rsplit(" ", 1)[1], delay=20)
    expect(page.locator(f'main a[href="{path}"]').first).to_be_visible()
    expect(page.locator("main tbody tr")).to_have_count(1)
    expect(field).to_be_focused()
    expect(page).to_have_url(re.compile(r"[?&]q="))
    page.reload()
    expect(page.locator("main tbody tr")).to_have_count(1)


def test_the_list_is_searched_without_scripts_and_without_accents(nojs, contact):
    name, path = contact
    nojs.goto(CONTACTS)
    field = nojs.locator("main input[name=q]")
    field.fill("ζωη " + name.rsplit(" ", 1)[1])
    field.press("Enter")
    expect(nojs.locator(f'main a[href="{path}"]').first).to_be_visible()


def test_nothing_found_says_so(page):
    page.goto(CONTACTS + "?q=zzzzzz")
    expect(page.locator("main tbody tr")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("zzzzzz")


@pytest.mark.parametrize("scripts", [True, False])
def test_the_list_is_shown_as_cards(open_page, scripts):
    page = open_page(java_script_enabled=scripts)
    page.goto(CONTACTS)
    page.get_by_role("link", name="Cards").click()
    expect(page.locator("main ul.cards > li").first).to_be_visible()
    expect(page.locator("main table")).to_have_count(0)
    page.get_by_role("link", name="Table").click()
    expect(page.locator("main table")).to_be_visible()


def test_the_list_is_sorted_and_paged(page):
    page.goto(CONTACTS + "?per_page=25")
    header = page.get_by_role("columnheader", name="Name")
    expect(header).to_have_attribute("aria-sort", "ascending")
    header.get_by_role("link").click()
    expect(header).to_have_attribute("aria-sort", "descending")
    names = page.locator("main .row-link").all_inner_texts()
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_role("link", name="Previous")).to_be_visible()
    assert not set(names) & set(page.locator("main .row-link").all_inner_texts())
    page.get_by_role("link", name="Last").click()
    expect(page.get_by_role("link", name="Next")).to_have_count(0)
    page.get_by_role("link", name="First").click()
    expect(page.get_by_role("link", name="Previous")).to_have_count(0)
    assert page.locator("main .row-link").all_inner_texts() == names


@pytest.mark.parametrize("scripts", [True, False])
def test_a_contact_is_made_changed_and_deleted(open_page, scripts):
    page = open_page(java_script_enabled=scripts)
    name = f"Whole life {time.time_ns()}"
    page.goto(CONTACTS)
    page.get_by_role("link", name="New contact").click()
    page.get_by_label("Name").fill(name)
    page.locator("main input[name=channel_value]").first.fill("whole.life@example.com")
    page.locator("main textarea[name=note]").fill("Born today.")
    page.get_by_role("button", name="Create contact").click()
    expect(page.locator("h1")).to_contain_text(name)
    expect(page.get_by_role("link", name="whole.life@example.com")).to_have_attribute("href", "mailto:whole.life@example.com")
    expect(page.locator("main .notes")).to_contain_text("Born today.")

    page.locator("#record-head").get_by_role("link", name="Edit").click()
    page.get_by_label("City").fill("Ξάνθη")
    page.locator(".save-bar").get_by_role("button", name="Save").click()
    expect(page.locator("main .facts")).to_contain_text("Ξάνθη")
    page.get_by_label("New note").fill("Moved north.")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator("main .notes")).to_contain_text("Moved north.")
    page.get_by_role("link", name="Events").click()
    expect(page.locator("main .timeline")).to_contain_text("Ξάνθη")

    page.get_by_label("More", exact=True).click()
    page.get_by_role("button", name="Move to trash").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.goto(CONTACTS + f"?status=trashed&q={name.rsplit(' ', 1)[1]}")
    page.get_by_role("link", name=name).click()
    page.get_by_role("link", name="Delete permanently").click()
    button = page.get_by_role("button", name="Delete permanently")
    page.get_by_label("Type the name").fill("not it")
    button.click()
    expect(page.get_by_label("Type the name")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Type the name").fill(name)
    button.click()
    expect(page).to_have_url(re.compile(CONTACTS + "$"))
    page.goto(CONTACTS + f"?q={name.rsplit(' ', 1)[1]}")
    expect(page.locator("main")).to_contain_text("No results")


@pytest.mark.parametrize("scripts", [True, False])
def test_rows_are_added_and_removed(open_page, scripts):
    page = open_page(java_script_enabled=scripts)
    page.goto(CONTACTS + "/new")
    rows = page.locator(".channel-row")
    values = page.locator("main input[name=channel_value]")
    values.nth(0).fill("kept@example.com")
    page.get_by_role("button", name="Add another e-mail or phone").click()
    expect(rows).to_have_count(3)
    expect(values.nth(0)).to_have_value("kept@example.com")
    values.nth(2).fill("+30 210 5550100")
    rows.nth(2).locator("select[name=channel_type]").select_option("phone")
    rows.nth(1).get_by_role("button", name="Remove").click()
    expect(rows).to_have_count(2)
    page.get_by_label("Name").fill("Rows")
    page.get_by_role("button", name="Create contact").click()
    expect(page.get_by_role("link", name="kept@example.com")).to_be_visible()
    expect(page.get_by_role("link", name="+30 210 5550100")).to_be_visible()


def test_a_star_marks_the_primary_channel(page):
    page.goto(CONTACTS + "/new")
    stars = page.locator(".channel-row .star")
    page.get_by_role("button", name="Add another e-mail or phone").click()
    page.locator("select[name=channel_type]").nth(1).select_option("email")
    page.locator("select[name=channel_type]").nth(2).select_option("email")
    for star in (0, 2):
        stars.nth(star).click()
    expect(stars.nth(0)).to_have_attribute("aria-pressed", "false")
    expect(stars.nth(2)).to_have_attribute("aria-pressed", "true")
    assert page.locator("select[name=channel_primary]").evaluate_all("all => all.map(s => s.value)") == ["", "", "primary"]


def test_a_contact_is_restored_from_the_list_of_the_trash(page, contact):
    name, path = contact
    page.goto(path)
    page.get_by_label("More", exact=True).click()
    page.get_by_role("button", name="Move to trash").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.goto(CONTACTS + "?status=trashed&q=" + name.rsplit(" ", 1)[1])
    page.get_by_role("button", name="Restore").click()
    expect(page).to_have_url(re.compile(path + "$"))
    expect(page.locator("h1 .badge")).to_have_text("Active")


def test_a_notice_is_dismissed(page, contact):
    page.goto(contact[1])
    page.get_by_label("New note").fill("Rang.")
    page.keyboard.press("Control+Enter")
    notice = page.locator("[data-flash]")
    expect(notice).to_contain_text("Note added.")
    page.keyboard.press("Escape")
    expect(notice).to_have_count(0)


@pytest.mark.parametrize("scripts", ["with scripts", "without scripts"])
def test_a_contact_is_trashed_and_taken_back(page, nojs, contact, scripts):
    view = page if scripts == "with scripts" else nojs
    name, path = contact
    view.goto(path)
    trash = view.locator(f'form[action="{path}/trash"]').get_by_role("button")
    if not trash.is_visible():
        view.locator("main details", has=view.locator(f'form[action="{path}/trash"]')).locator("summary").first.click()
    trash.click()
    undo = view.get_by_role("button", name=re.compile("undo", re.I))
    expect(undo).to_be_visible()
    undo.click()
    expect(undo).to_have_count(0)
    view.goto(path)
    expect(view.locator("h1")).to_contain_text(name)
    expect(view.locator(f'form[action="{path}/trash"]')).to_have_count(1)


def test_a_company_is_found_while_typing(page, client):
    company = f"Αιγαίο Trading {time.time_ns()}"
    make_company(client, company)
    page.goto(CONTACTS + "/new")
    page.locator("main input[name=name]").fill("Member of it")
    box = page.locator("main").get_by_role("combobox", name=re.compile("company", re.I)).first
    box.press_sequentially("αιγαιο " + company.rsplit(" ", 1)[1], delay=10)
    option = page.get_by_role("option", name=re.compile(re.escape(company)))
    expect(option).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    expect(box).to_have_value(company)
    expect(page.locator("main input[name=company_id]").first).to_have_value(re.compile(r"^[0-9a-f-]{36}$"))
    save(page)
    expect(page.get_by_role("link", name=company).first).to_be_visible()


def test_a_company_is_created_while_typing(page):
    company = f"Νέα Εταιρεία {time.time_ns()}"
    page.goto(CONTACTS + "/new")
    page.locator("main input[name=name]").fill("First of it")
    box = page.locator("main").get_by_role("combobox", name=re.compile("company", re.I)).first
    box.press_sequentially(company, delay=5)
    page.get_by_role("option", name=re.compile("create", re.I)).click()
    save(page)
    link = page.get_by_role("link", name=company).first
    expect(link).to_be_visible()
    link.click()
    expect(page.locator("h1")).to_contain_text(company)


def make_company(client, name):
    form = Page(client.get("/admin/crm/companies/new")).form("/admin/crm/companies")
    status, _, _ = client.request("POST", "/admin/crm/companies", filled(form["fields"], name=name))
    assert status == 303


@pytest.mark.parametrize("scripts", [True, False])
def test_a_refused_form_keeps_what_was_typed(open_page, scripts):
    page = open_page(java_script_enabled=scripts)
    page.goto(CONTACTS + "/new")
    page.locator("main input[name=job_title]").fill("Λογιστής")
    page.locator("main form:has(input[name=name])").evaluate("form => form.noValidate = true")
    save(page)
    expect(page.locator("main input[name=job_title]")).to_have_value("Λογιστής")
    name = page.locator("main input[name=name]")
    expect(name).to_have_attribute("aria-invalid", "true")
    assert name.get_attribute("aria-describedby")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_form_posted_after_the_session_ended_comes_back_filled(open_page, scripts):
    page = open_page(signed_out=True, java_script_enabled=scripts)
    sign_in(page)
    name = f"Not lost {time.time_ns()}"
    page.goto(CONTACTS + "/new")
    page.locator("main input[name=name]").fill(name)
    page.locator("main input[name=city]").fill("Θεσσαλονίκη")
    page.context.clear_cookies()
    save(page)
    expect(page.locator("input[name=password]")).to_be_visible()
    page.locator("input[name=email]").fill(EMAIL)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form:has(input[name=password]) [type=submit]").click()
    expect(page.locator("main input[name=name]")).to_have_value(name)
    expect(page.locator("main input[name=city]")).to_have_value("Θεσσαλονίκη")
    save(page)
    expect(page.locator("h1")).to_contain_text(name)


def test_a_stale_edit_shows_both_versions(page, client, contact):
    name, path = contact
    page.goto(path + "/edit")
    mine, theirs = name + " mine", name + " theirs"
    form = Page(client.get(path + "/edit")).form(path)
    assert client.request("POST", path, filled(form["fields"], name=theirs))[0] == 303
    page.locator("main input[name=name]").fill(mine)
    save(page)
    expect(page.locator("main")).to_contain_text(theirs)
    expect(page.locator("main input[name=name]")).to_have_value(mine)


def test_leaving_a_changed_form_asks(page):
    page.goto(CONTACTS + "/new")
    page.locator("main input[name=name]").fill("Unsaved")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/admin/crm")
    assert asked == ["beforeunload"]


def test_a_name_is_never_markup(page, client):
    name = f"<img src=x onerror=alert(1)> & \"Co\" {time.time_ns()}"
    status, path, _ = client.request("POST", CONTACTS, filled(client.contact_form(), name=name))
    assert status == 303
    page.goto(path)
    expect(page.locator("h1")).to_contain_text(name)
    page.goto(CONTACTS + "?q=" + name.rsplit(" ", 1)[1])
    expect(page.locator(f'main a[href="{path}"]').first).to_contain_text(name)
