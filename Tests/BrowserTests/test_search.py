"""The search box of every page: its panel as one types, by keyboard and by pointer, on a phone, and without scripts."""
import re
import time

import pytest
from playwright.sync_api import expect

from conftest import assert_accessible
from roost_client import filled

CONTACTS = "/admin/crm/contacts"


@pytest.fixture
def people(client):
    """Three contacts of one unusual family name; the first was made first."""
    family = "Q" + "".join(chr(ord("a") + int(digit)) for digit in str(time.time_ns())[-9:])
    paths = []
    for given in ("Ann", "Bob", "Cleo"):
        status, path, _ = client.request("POST", CONTACTS, filled(client.contact_form(), name=f"{given} {family}", status="active"))
        assert status == 303
        paths.append(path)
    return family, paths


def options(page):
    return page.locator("#search-panel [role=option]")


def expect_all_three(page, typed):
    """The three people, and not those of what was typed up to a letter before."""
    expect(options(page).last).to_have_text(f"All results for “{typed}”")
    expect(options(page)).to_have_count(4)


def test_slash_opens_the_panel_and_enter_the_best(page, people):
    family, paths = people
    page.goto(CONTACTS)
    page.keyboard.press("/")
    expect(page.locator("#global-q")).to_be_focused()
    page.keyboard.type(family.lower())
    expect_all_three(page, family.lower())
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(paths[2]))


def test_enter_before_the_answer_opens_the_best_of_what_is_typed(page, people):
    family, paths = people
    page.goto("/admin/crm")
    page.keyboard.press("/")
    page.keyboard.type(f"bob {family}\n", delay=1)
    page.wait_for_url(re.compile(paths[1]))


def test_a_late_answer_is_not_taken_for_what_is_typed_since(page, people):
    family, paths = people
    # The answer to the first letter comes while the rest has been typed, and before that is asked for.
    page.add_init_script("""
      const ask = window.fetch;
      window.fetch = (url, options) => /q=q$/i.test(url)
        ? new Promise((resolve) => setTimeout(() => ask(url).then(resolve), 400)) : ask(url, options);
    """)
    page.goto("/admin/crm")
    page.keyboard.press("/")
    page.keyboard.type("q")
    page.wait_for_timeout(500)
    page.locator("#global-q").fill(f"ann {family}")
    page.wait_for_timeout(100)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(paths[0]))


def test_what_is_typed_after_enter_is_not_lost(page, people):
    page.add_init_script("""
      const ask = window.fetch;
      window.fetch = (url, options) => new Promise((resolve, reject) => setTimeout(() => ask(url, options).then(resolve, reject), 500));
    """)
    page.goto("/admin/crm")
    page.keyboard.press("/")
    page.keyboard.type(f"ann {people[0]}\n and more")
    page.wait_for_timeout(1500)
    expect(page).to_have_url(re.compile("/admin/crm$"))
    expect(page.locator("#global-q")).to_have_value(f"ann {people[0]} and more")


def test_arrows_walk_and_escape_closes(page, people):
    family, paths = people
    page.goto("/admin/crm")
    page.keyboard.press("/")
    page.keyboard.type(family)
    expect_all_three(page, family)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(options(page).nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#search-panel")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#search-panel")).to_be_visible()
    page.keyboard.press("ArrowUp")
    expect(options(page).last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/admin/crm/search\?q="))
    expect(page.locator(".people-row")).to_have_count(3)


def test_the_panel_has_no_axe_violation(page, people):
    page.goto("/admin/crm")
    page.keyboard.press("/")
    page.keyboard.type(people[0])
    expect_all_three(page, people[0])
    assert_accessible(page)


def test_before_typing_there_is_what_was_viewed(page, people):
    for path in people[1]:
        page.goto(path)
    page.keyboard.press("/")
    expect(page.locator("#search-panel [role=group]")).to_have_attribute("aria-label", "Recently viewed")
    # Not the page that one is on.
    expect(options(page).first).to_contain_text("Bob")
    options(page).nth(1).click()
    page.wait_for_url(re.compile(people[1][0]))


def test_an_option_is_a_link(page, people):
    page.goto("/admin/crm")
    page.locator("#global-q").fill(people[0])
    expect_all_three(page, people[0])
    with page.context.expect_page() as opened:
        options(page).first.click(modifiers=["Control"])
    opened.value.wait_for_url(re.compile(people[1][2]))


def test_nothing_found_offers_a_new_record(page):
    page.goto("/admin/crm")
    page.keyboard.press("/")
    page.keyboard.type("zzyyxxww")
    expect(options(page)).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/admin/crm/search\?q=zzyyxxww"))
    page.get_by_role("link", name="New contact").click()
    expect(page.locator("#f-name")).to_have_value("zzyyxxww")


def test_it_works_without_scripts(nojs, people):
    family, paths = people
    nojs.goto(CONTACTS)
    nojs.locator("#global-q").fill(family)
    nojs.locator("#global-q").press("Enter")
    expect(nojs.locator(".people-row")).to_have_count(3)
    nojs.get_by_role("link", name=f"Ann {family}").click()
    nojs.wait_for_url(re.compile(paths[0]))
    nojs.goto("/admin/crm/search")
    expect(nojs.locator(".people-row a").first).to_have_text(f"Ann {family}")


def test_on_a_phone_the_panel_has_the_width_of_the_screen(phone, people):
    phone.goto(CONTACTS)
    phone.locator("#global-q").tap()
    phone.keyboard.type(people[0])
    expect_all_three(phone, people[0])
    box = phone.locator("#search-panel").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 375 and box["width"] > 340
    options(phone).nth(1).tap()
    phone.wait_for_url(re.compile(people[1][1]))
