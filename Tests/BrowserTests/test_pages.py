"""Every page, in both themes and both widths: no axe violation, nothing scrolls sideways, nothing in the console, no 5xx."""
import pathlib
import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from conftest import CHECKOUT, DESKTOP, PHONE

SCREENSHOTS = pathlib.Path(CHECKOUT, ".build", "screenshots")

# name, path (or the page whose first record is opened, and what follows the record's path), status
PAGES = {
    "home": ("/admin/crm", 200),
    "contacts": ("/admin/crm/contacts", 200),
    "contacts-found": ("/admin/crm/contacts?q=a", 200),
    "contacts-not-found": ("/admin/crm/contacts?q=zzzzzz", 200),
    "contacts-trash": ("/admin/crm/contacts?status=trashed", 200),
    "contact-new": ("/admin/crm/contacts/new", 200),
    "contacts-columns": ("/admin/crm/contacts/columns", 200),
    "contact": (("/admin/crm/contacts", ""), 200),
    "contact-events": (("/admin/crm/contacts", "/events"), 200),
    "contact-edit": (("/admin/crm/contacts", "/edit"), 200),
    "companies": ("/admin/crm/companies", 200),
    "company-new": ("/admin/crm/companies/new", 200),
    "companies-columns": ("/admin/crm/companies/columns", 200),
    "company": (("/admin/crm/companies", ""), 200),
    "company-edit": (("/admin/crm/companies", "/edit"), 200),
    "account": ("/account", 200),
    "contacts-cards": ("/admin/crm/contacts?view=cards", 200),
    "contacts-last-page": ("/admin/crm/contacts?before=end", 200),
    "bad-address": ("/admin/crm/contacts?sort=nonsense", 400),
    "not-found": ("/admin/crm/nothing-here", 404),
}


@pytest.mark.parametrize("width", ["desktop", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_page_is_sound(client, open_page, name, theme, width):
    where, status = PAGES[name]
    path = where if isinstance(where, str) else first_record(client, where[0]) + where[1]
    look_at(open_page, path, status, name, theme, width)


@pytest.mark.parametrize("width", ["desktop", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_sign_in_page_is_sound(open_page, theme, width):
    look_at(open_page, "/sign-in", 200, "sign-in", theme, width, signed_out=True)


def look_at(open_page, path, status, name, theme, width, **options):
    mobile = {"has_touch": True, "is_mobile": True} if width == "phone" else {}
    page = open_page(viewport=PHONE if width == "phone" else DESKTOP, color_scheme=theme, **mobile, **options)
    assert page.goto(path).status == status
    page.wait_for_load_state("load")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}-{theme}-{width}.png", full_page=True)
    widest = page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth")
    assert widest <= 0, f"the page is {widest} px wider than its window"
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()


def first_record(client, listing):
    found = re.search(rf'href="({listing}/[0-9a-f]{{8}}-[0-9a-f-]{{27}})"', client.get(listing))
    assert found, f"{listing} links to no record"
    return found.group(1)


@pytest.mark.parametrize("zoom", [320, 360, 3840])
def test_contacts_fit_any_width(open_page, zoom):
    page = open_page(viewport={"width": zoom, "height": 800})
    for path in ("/admin/crm/contacts", "/admin/crm/contacts/new"):
        page.goto(path)
        assert page.evaluate("document.scrollingElement.scrollWidth <= window.innerWidth"), f"{path} scrolls sideways at {zoom} px"
