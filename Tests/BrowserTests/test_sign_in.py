"""Signing in: languages, errors, and the redirect to the requested page."""
import re

from playwright.sync_api import expect

from conftest import sign_in
from roost_client import EMAIL, PASSWORD


def test_the_page_speaks_the_browsers_language(open_page):
    page = open_page(signed_out=True, locale="el-GR")
    page.goto("/sign-in")
    expect(page.locator("html")).to_have_attribute("lang", re.compile("^el"))
    expect(page.locator("form:has(input[name=password]) [type=submit]")).to_have_text(re.compile("[α-ωά-ώ]{3}", re.I))
    page = open_page(signed_out=True, locale="en-GB")
    page.goto("/sign-in")
    expect(page.locator("html")).to_have_attribute("lang", re.compile("^en"))


def test_a_wrong_password_keeps_the_address(open_page):
    page = open_page(signed_out=True)
    page.goto("/sign-in")
    page.locator("input[name=email]").fill(EMAIL)
    page.locator("input[name=password]").fill("not the password")
    page.locator("form:has(input[name=password]) [type=submit]").click()
    expect(page.locator("input[name=email]")).to_have_value(EMAIL)
    expect(page.locator("input[name=password]")).to_have_value("")
    expect(page.get_by_role("alert")).to_be_visible()


def test_signing_in_leads_to_the_page_that_was_wanted(open_page):
    page = open_page(signed_out=True)
    page.goto("/admin/crm/companies?q=a")
    page.locator("input[name=email]").fill(EMAIL)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form:has(input[name=password]) [type=submit]").click()
    expect(page).to_have_url(re.compile(r"/admin/crm/companies\?q=a$"))


def test_signing_out_ends_the_session(open_page):
    page = open_page(signed_out=True)
    sign_in(page)
    form = page.locator('form[action="/sign-out"]').first
    if not form.get_by_role("button").is_visible():
        page.locator("details", has=form).locator("summary").first.click()
    form.get_by_role("button").click()
    page.wait_for_url(re.compile("/sign-in"))
    expect(page.locator("[data-flash]")).to_contain_text("You’ve signed out")
    page.goto("/admin/crm/contacts")
    expect(page.locator("input[name=password]")).to_be_visible()
    sign_in(page)


def test_the_language_of_the_account_is_that_of_every_page(open_page):
    page = open_page(signed_out=True)
    sign_in(page)
    page.goto("/account")
    try:
        page.locator("select[name=language]").select_option("el")
        page.locator('form[action="/account"] [type=submit]').click()
        expect(page.locator("html")).to_have_attribute("lang", "el")
        page.goto("/admin/crm/contacts/new")
        english = page.locator("main :is(label, legend, h1, h2, .label, option, button)").evaluate_all(
            """all => all.map(e => e.textContent.trim()).filter(text => /[a-z]/i.test(text) && !/[α-ωά-ώ]/i.test(text))""")
        assert set(english) <= {"E-mail", "SMS", "WhatsApp", "Olga Owner"}, english
    finally:
        page.goto("/account")
        page.locator("select[name=language]").select_option("")
        page.locator('form[action="/account"] [type=submit]').click()
        expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_password_is_changed(server, open_page):
    email, fresh = "changes@example.com", "a few words are better"
    server.add_owner(email, "Chris Changes")
    page = open_page(signed_out=True)
    sign_in(page, email)
    page.goto("/account")
    present, new = page.locator("#f-password"), page.get_by_label("New password")
    for typed, refused in (("not this one", True), (PASSWORD, False)):
        present.fill(typed)
        new.fill(fresh)
        page.get_by_role("button", name="Change password").click()
        if refused:
            expect(present).to_have_attribute("aria-invalid", "true")
            expect(present).to_be_focused()
    expect(page.locator("[data-flash]")).to_contain_text("Password changed")
    other = open_page(signed_out=True)
    sign_in(other, email, fresh)


def test_another_session_is_signed_out(server, open_page):
    email = "elsewhere@example.com"
    server.add_owner(email, "Elsa Where")
    here, there = open_page(signed_out=True), open_page(signed_out=True)
    for page in (here, there):
        sign_in(page, email)
    here.goto("/account")
    expect(here.locator(".session")).to_have_count(2)
    here.locator(".session").get_by_role("button", name="Sign out").click()
    expect(here.locator(".session")).to_have_count(1)
    there.goto("/admin/crm")
    expect(there.locator("input[name=password]")).to_be_visible()


def test_what_is_typed_while_the_password_changes_in_another_window_comes_back(server, open_page):
    email = "two.windows@example.com"
    server.add_owner(email, "Tess Twowindows")
    here = open_page(signed_out=True)
    sign_in(here, email)
    there = here.context.new_page()
    there.goto("/admin/crm/contacts/new")
    there.locator("input[name=name]").fill("Half Typed")
    here.goto("/account")
    here.locator("#f-password").fill(PASSWORD)
    here.get_by_label("New password").fill("a few words are better")
    here.get_by_role("button", name="Change password").click()
    expect(here.locator("[data-flash]")).to_contain_text("Password changed")
    there.locator("main form:has(input[name=name]) [type=submit]").last.click()
    expect(there.locator("[data-flash]")).to_contain_text("Your unsaved input is below")
    expect(there.locator("input[name=name]")).to_have_value("Half Typed")
    there.locator("main form:has(input[name=name]) [type=submit]").last.click()
    expect(there.locator("h1")).to_contain_text("Half Typed")


def test_a_planted_session_cookie_is_taken_back(server, open_page):
    page = open_page(signed_out=True)
    sign_in(page)
    # Away from the page first: a request of its scripts would be the one that is refused and cleans up.
    page.goto("about:blank")
    page.context.add_cookies([{"name": "roost_session", "value": "x" * 43, "domain": "127.0.0.1", "path": "/admin"}])
    assert page.goto("/admin/crm").status == 400
    page.goto("/admin/crm")
    sign_in(page)
    assert page.goto("/admin/crm").status == 200


def test_a_form_of_another_site_is_refused(server, open_page):
    page = open_page(signed_out=True)
    sign_in(page)
    page.goto(f"data:text/html,<form method=post action='{server.base}/account'><button>Send</button></form>")
    page.get_by_role("button").click()
    expect(page.locator("h1")).to_have_text("Request blocked")
