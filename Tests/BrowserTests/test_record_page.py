"""The record page: the line that logs what happens, the call that is offered afterwards, the head on every tab."""
import re
import time

import pytest
from playwright.sync_api import expect

from roost_client import filled

CONTACTS = "/admin/crm/contacts"


@pytest.fixture
def contact(client):
    name = f"Log Test {time.time_ns()}"
    form = filled(client.contact_form(), name=name, email="log@example.com", phone="+30 210 1234567", status="active")
    form = [(n, v) for n, v in form if not n.startswith("channel_")]
    status, path, _ = client.request("POST", CONTACTS, form)
    assert status == 303
    return name, path


def test_what_happens_is_logged_in_one_line(page, contact):
    _, path = contact
    page.goto(path)
    page.keyboard.press("l")
    page.keyboard.type("Asked about delivery")
    page.keyboard.press("Enter")
    expect(page.locator("#latest .happened-line")).to_have_count(1)
    expect(page.locator("#latest")).to_contain_text("Asked about delivery")
    expect(page).to_have_url(re.compile(path + "$"))
    expect(page.locator("#record-tabs a[href$='/interactions'] .count")).to_have_text("1")


def test_it_is_logged_without_scripts_too(nojs, contact):
    _, path = contact
    nojs.goto(path)
    nojs.locator("#f-log-type").select_option("meeting")
    nojs.locator("#f-log").fill("Met at the fair")
    nojs.locator("#f-log").press("Enter")
    expect(nojs.locator("#latest")).to_contain_text("Met at the fair")
    nojs.locator(".record-head").get_by_role("link", name="Log").click()
    expect(nojs.locator("details[data-composer]")).to_have_attribute("open", "")


@pytest.mark.parametrize("tab", ["", "/interactions", "/files", "/images", "/comments", "/events"])
def test_l_opens_the_form_on_every_tab(page, contact, tab):
    page.goto(contact[1] + tab)
    page.keyboard.press("l")
    expect(page.locator("input[name=subject]").first).to_be_focused()
    expect(page.locator("[name=type]").first).to_have_value("call")


@pytest.mark.parametrize("place", ["head", "list"])
def test_a_call_is_offered_to_be_logged_on_return(page, contact, place):
    name, path = contact
    page.goto(path if place == "head" else f"{CONTACTS}?q={name.split()[-1]}")
    link = page.locator('main a[href^="tel:"]').first
    # Nothing here can dial.
    page.evaluate("addEventListener('click', (event) => event.target.closest('a[href^=\"tel:\"]') && event.preventDefault())")
    link.click()
    expect(page.locator("[data-flash]")).to_have_count(0)
    page.evaluate("const kept = JSON.parse(sessionStorage['roost-call']); kept.at -= 7 * 60000; sessionStorage['roost-call'] = JSON.stringify(kept)")
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.locator("[data-flash]")).to_contain_text(name)
    page.get_by_role("link", name="Log this call").click()
    expect(page).to_have_url(re.compile(path + "/interactions"))
    expect(page.locator("#f-duration")).to_have_value("7")
    expect(page.locator("input[name=type]:checked")).to_have_value("call")
    expect(page.locator("#f-subject")).to_be_focused()


def test_saving_stays_in_sight_on_a_phone(phone, contact):
    phone.goto(contact[1] + "/interactions?log=call")
    phone.locator(".composer-more > summary").click()
    box = phone.locator(".composer-end [type=submit]").bounding_box()
    assert box["y"] + box["height"] <= 740


def test_the_head_reaches_the_record(page, contact):
    page.goto(contact[1] + "/files")
    head = page.locator(".record-head")
    expect(head.get_by_role("link", name="Call")).to_have_attribute("href", re.compile(r"^tel:\+302101234567"))
    expect(head.get_by_role("link", name="E-mail")).to_have_attribute("href", "mailto:log@example.com")
