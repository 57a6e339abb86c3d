"""What people do all day: find, write, throw away and take back."""
import re
import time

import pytest
from playwright.sync_api import expect

from conftest import sign_in
from roost_client import EMAIL, PASSWORD, Page, filled

CONTACTS = "/admin/crm/contacts"


@pytest.fixture
def contact(client):
    """(name, path) of a contact of the test's own."""
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
    assert mine in page.content()


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
