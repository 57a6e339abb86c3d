"""Every page, at both widths and in both themes: no axe violation, no horizontal scrolling, nothing in the console, no 5xx."""
import os
import pathlib
import re

import pytest
from playwright.sync_api import TimeoutError

from conftest import CHECKOUT, DESKTOP, PHONE, assert_accessible
from roost_client import PASSWORD, Page, filled

# A folder for pictures of every page, for people to look at.
SCREENSHOTS = os.environ.get("SCREENSHOTS")
CONTACTS, COMPANIES, PRODUCTS = "/admin/crm/contacts", "/admin/crm/companies", "/admin/crm/products"
QUOTES, ORDERS, INVOICES = "/admin/crm/quotes", "/admin/crm/orders", "/admin/crm/invoices"

# name, path (or the page whose first record is opened, and what follows the record's path), status
PAGES = {
    "home": ("/admin/crm", 200),
    "contacts": (CONTACTS + "?per_page=25", 200),
    "contacts-cards": (CONTACTS + "?view=cards&q=al", 200),
    "contacts-not-found": (CONTACTS + "?q=zzzzzz", 200),
    "contacts-trash": (CONTACTS + "?status=trashed", 200),
    "contacts-columns": (CONTACTS + "/columns", 200),
    "contact-new": (CONTACTS + "/new", 200),
    "contact": ((CONTACTS, ""), 200),
    "contact-interactions": ((CONTACTS, "/interactions"), 200),
    "contact-files": ((CONTACTS, "/files"), 200),
    "contact-images": ((CONTACTS, "/images"), 200),
    "contact-pick": ((CONTACTS, "/files/pick"), 200),
    "contact-comments": ((CONTACTS, "/comments"), 200),
    "contact-events": ((CONTACTS, "/events"), 200),
    "contact-edit": ((CONTACTS, "/edit"), 200),
    "contact-statement": ((CONTACTS, "/statement"), 200),
    "contact-trashed": ((CONTACTS + "?status=trashed", ""), 200),
    "contact-delete": ((CONTACTS + "?status=trashed", "/delete"), 200),
    "companies": (COMPANIES + "?q=a", 200),
    "companies-filtered": (COMPANIES + "?filter=no_contacts", 200),
    "company-new": (COMPANIES + "/new", 200),
    "company": ((COMPANIES, ""), 200),
    "company-edit": ((COMPANIES, "/edit"), 200),
    "company-interactions": ((COMPANIES, "/interactions"), 200),
    "products": (PRODUCTS, 200),
    "product-new": (PRODUCTS + "/new", 200),
    "product": ((PRODUCTS, ""), 200),
    "product-edit": ((PRODUCTS, "/edit"), 200),
    "product-stock": ((PRODUCTS, "/stock"), 200),
    "vat-codes": ("/admin/crm/vat-codes", 200),
    "vat-code-new": ("/admin/crm/vat-codes/new", 200),
    "stocktake": (PRODUCTS + "/stocktake", 200),
    "quotes": (QUOTES, 200),
    "quote-board": (QUOTES + "/board", 200),
    "quote-new": (QUOTES + "/new", 200),
    "quote": ((QUOTES + "?status=sent", ""), 200),
    "quote-edit": ((QUOTES + "?status=draft", "/edit"), 200),
    "quote-changes": ((QUOTES + "?status=draft", "/changes"), 200),
    "orders": (ORDERS, 200),
    "order-board": (ORDERS + "/board", 200),
    "order": ((ORDERS, ""), 200),
    "order-edit": ((ORDERS, "/edit"), 200),
    "order-shipments": ((ORDERS, "/shipments"), 200),
    "order-payments": ((ORDERS, "/payments"), 200),
    "order-total": ((ORDERS, "/total"), 200),
    "invoices": (INVOICES, 200),
    "invoice": ((INVOICES, ""), 200),
    "library": ("/admin/crm/files", 200),
    "library-images": ("/admin/crm/files?show=images", 200),
    "library-trash": ("/admin/crm/files?show=trash", 200),
    "search": ("/admin/crm/search?q=an", 200),
    "search-not-found": ("/admin/crm/search?q=zzzzzz", 200),
    "activity": ("/admin/crm/activity", 200),
    "activity-bad-day": ("/admin/crm/activity?from=nonsense", 422),
    "inbox": ("/admin/inbox", 200),
    "account": ("/account", 200),
    "tokens": ("/account/tokens", 200),
    "settings": ("/admin/settings/crm", 200),
    "settings-documents": ("/admin/settings/crm/documents", 200),
    "bad-address": (CONTACTS + "?sort=nonsense", 400),
    "not-found": ("/admin/crm/nothing-here", 404),
}
WIDTHS = {"desktop": {"viewport": DESKTOP}, "phone": {"viewport": PHONE, "has_touch": True, "is_mobile": True}}


@pytest.fixture(scope="module", autouse=True)
def something_in_the_trash(client):
    path = make_contact(client, name="Ελένη Thrown-Away", job_title="Γραμματεία")
    fields = Page(client.get(path)).form(path + "/trash")["fields"]
    assert client.request("POST", path + "/trash", fields)[0] == 303


def make_contact(client, **values):
    status, path, _ = client.request("POST", CONTACTS, filled(client.contact_form(), **values))
    assert status == 303
    return path


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_page_is_sound(client, open_page, name, width):
    where, status = PAGES[name]
    path = where if isinstance(where, str) else first_record(client, where[0]) + where[1]
    page = open_page(**WIDTHS[width])
    assert page.goto(path).status == status
    look_at(page, name, width)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", ["/sign-in", "/nothing-here"])
def test_page_outside_is_sound(open_page, path, width):
    page = open_page(signed_out=True, **WIDTHS[width])
    page.goto(path)
    look_at(page, "outside" + path.replace("/", "-"), width)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("listing", [CONTACTS, COMPANIES])
def test_refused_form_is_sound(open_page, listing, width):
    page = open_page(**WIDTHS[width])
    page.goto(listing + "/new")
    page.locator(".save-bar").get_by_role("button").click()
    page.get_by_role("alert").wait_for()
    look_at(page, listing.rsplit("/", 1)[1] + "-refused", width)


@pytest.mark.parametrize("width", WIDTHS)
def test_conflict_is_sound(client, open_page, width):
    path = make_contact(client, name="Two At Once", city="Βόλος")
    page = open_page(**WIDTHS[width])
    page.goto(path + "/edit")
    form = Page(client.get(path + "/edit")).form(path)
    assert client.request("POST", path, filled(form["fields"], city="Λάρισα", job_title="Engineer"))[0] == 303
    page.locator("main input[name=city]").fill("")
    page.locator(".save-bar").get_by_role("button").click()
    page.locator(".conflict").wait_for()
    look_at(page, "conflict", width)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("dialog", ["shortcuts", "columns"])
def test_dialog_is_sound(open_page, dialog, width):
    page = open_page(**WIDTHS[width])
    page.goto(CONTACTS + "?q=al")
    if dialog == "shortcuts":
        page.keyboard.press("?")
    else:
        page.locator("a[data-dialog-link=customizer-dialog]").click()
    page.locator("dialog[open]").wait_for()
    look_at(page, dialog + "-dialog", width)


@pytest.mark.parametrize("width", WIDTHS)
def test_long_words_break_nothing(client, open_page, width):
    path = make_contact(
        client, name="Wolfeschlegelsteinhausenbergerdorff Hubert Blaine Maximilian von und zu Donaudampfschifffahrtsgesellschaft",
        job_title="Under-secretary to the deputy assistant director of the department of very long titles", note="W" * 400)
    page = open_page(**WIDTHS[width])
    for suffix in ("", "/events", "/edit"):
        page.goto(path + suffix)
        assert_fits(page)
    for other in ("/admin/crm", CONTACTS + "?q=wolfe", CONTACTS + "?q=wolfe&view=cards"):
        page.goto(other)
        assert_fits(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_token_of_a_long_name_breaks_nothing(open_page, width):
    page = open_page(**WIDTHS[width])
    page.goto("/account/tokens")
    page.get_by_label("Name", exact=True).fill("W" * 100)
    page.get_by_label("Contacts").select_option("read")
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_role("button", name="Create token").click()
    page.get_by_label("New token").wait_for()
    assert_fits(page)


def look_at(page, name, width):
    page.wait_for_load_state("load")
    assert_fits(page)
    for theme in ("light", "dark"):
        put_on(page, theme)
        if SCREENSHOTS:
            page.screenshot(path=f"{SCREENSHOTS}/{name}-{theme}-{width}.png", full_page=theme == "light")
        # The themes differ only in colours, which are the same at both widths: they are checked again at one of them.
        if theme == "light":
            assert_accessible(page)
        elif width == "desktop":
            assert_accessible(page, runOnly=["color-contrast"])


def put_on(page, theme):
    page.emulate_media(color_scheme=theme)
    # The colours follow some frames later; until then the check would see the other theme.
    page.wait_for_function(
        "isDark => (getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/)[0] < 128) === isDark", arg=theme == "dark")


def assert_fits(page):
    try:
        # A container query layout settles a frame after its window has changed.
        page.wait_for_function("() => document.scrollingElement.scrollWidth <= window.innerWidth", timeout=10_000)
    except TimeoutError:
        widest = page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth")
        raise AssertionError(f"{page.url} is {widest} px wider than its window of {page.viewport_size['width']} px") from None


def first_record(client, listing):
    path = listing.split("?")[0]
    found = re.search(rf'href="({path}/[0-9a-f]{{8}}-[0-9a-f-]{{27}})"', client.get(listing))
    assert found, f"{listing} links to no record"
    return found.group(1)


@pytest.mark.parametrize("path", [CONTACTS, CONTACTS + "?status=trashed", CONTACTS + "/new", "/admin/crm"])
def test_page_fits_any_width(open_page, path):
    page = open_page()
    page.goto(path)
    for width in (320, 360, 700, 900, 1100, 1200, 3840):
        page.set_viewport_size({"width": width, "height": 800})
        assert_fits(page)


LANGUAGES = ["en"] + sorted(file.stem for file in pathlib.Path(CHECKOUT, "Templates", "languages").glob("*.po"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_fit_a_phone_in_every_language(client, open_page, language):
    page = open_page(locale=language, **WIDTHS["phone"])
    waiting = [where if isinstance(where, str) else first_record(client, where[0]) + where[1] for where, _ in PAGES.values()]
    seen = set(waiting)
    for path in waiting:
        page.goto(path)
        assert page.evaluate("document.documentElement.lang") == language
        assert_fits(page)
        # Menus and tabs lead to pages that nobody listed.
        links = page.evaluate("[...document.querySelectorAll('nav a[href^=\"/\"]')].map(link => link.getAttribute('href').split(/[?#]/)[0])")
        for link in links:
            if link not in seen:
                seen.add(link)
                waiting.append(link)
