"""A real server, a real Chromium. `ROOST_BINARY` names the binary (Scripts/test sets it); nothing is built here.

Fixtures: `page` (1280 px, light), `phone` (375 px, touch), `dark`, `nojs` — signed in, each a fresh page — and `open_page` for any other. A page that logs an error to its console or breaks the content security policy fails its test.
"""
import os
import pathlib
import re
import sys

sys.dont_write_bytecode = True  # nothing is written into the checkout but .build

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from roost_client import EMAIL, PASSWORD, Client, Server

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 375, "height": 740}
# Generous, for a busy machine: passing tests never wait that long.
TIMEOUT = 30_000
expect.set_options(timeout=TIMEOUT)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    binary = os.environ.get("ROOST_BINARY") or pytest.exit("ROOST_BINARY does not name a roost binary", 2)
    server = Server(binary, str(tmp_path_factory.mktemp("roost")), str(CHECKOUT))
    server.add_owner()
    server.run("demo", "--contacts", "200")
    server.start()
    yield server
    assert server.stop() == 0, server.log()


@pytest.fixture(scope="session")
def client(server):
    """A signed-in client without a browser, for test setup."""
    return Client(server.port).sign_in()


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium-headless-shell"), args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


def sign_in(page, email=EMAIL, password=PASSWORD):
    """Signs in with the form, as a person does."""
    page.goto("/sign-in")
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("form:has(input[name=password]) [type=submit]").click()
    page.wait_for_url(re.compile(r"/admin/crm"))


def assert_accessible(page, within=None, **options):
    """axe finds nothing wrong: in the elements of this selector, or in the page."""
    # Lists of what is right would take as long as the checks.
    result = Axe().run(page, context=within, options={"resultTypes": ["violations"]} | options)
    assert result.violations_count == 0, result.generate_report()


@pytest.fixture(scope="session")
def signed_in(server, browser):
    """The cookies of a session started with the real form."""
    context = browser.new_context(base_url=server.base, locale="en-GB")
    context.set_default_timeout(TIMEOUT)
    sign_in(context.new_page())
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture(scope="session")
def contexts(server, browser, signed_in):
    """Signed-in browser contexts by their options: tests share them, so that scripts and styles are fetched once."""
    made = {}

    def context(**options):
        key = repr(sorted(options.items()))
        if key not in made:
            made[key] = browser.new_context(base_url=server.base, storage_state=signed_in, **options)
        return made[key]

    yield context
    for context in made.values():
        context.close()


@pytest.fixture
def open_page(server, browser, contexts):
    """open_page(viewport=…, color_scheme=…, …) makes a page; options are those of Playwright's new_context. `signed_out=True` has no session,
    and a context of its own."""
    opened, complaints = [], []

    def listen(page):
        # Chromium reports a page with a 4xx status as a failed resource: that isn't an error of the page.
        page.on("console", lambda m: m.type == "error" and "Failed to load resource" not in m.text and complaints.append(f"{page.url}: {m.text}"))
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("response", lambda r: r.status >= 500 and complaints.append(f"{r.url} answered {r.status}"))
        page.on("response", lambda r: r.status == 404 and "/assets/" in r.url and complaints.append(f"{r.url} is not there"))

    def make(signed_out=False, **options):
        options = {"viewport": DESKTOP, "color_scheme": "light", "locale": "en-GB", "reduced_motion": "reduce"} | options
        context = browser.new_context(base_url=server.base, **options) if signed_out else contexts(**options)
        context.set_default_timeout(TIMEOUT)
        page = context.new_page()
        opened.append(context if signed_out else page)
        listen(page)
        return page

    yield make
    for thing in opened:
        thing.close()
    assert complaints == []


@pytest.fixture
def page(open_page):
    return open_page()


@pytest.fixture
def phone(open_page):
    return open_page(viewport=PHONE, has_touch=True, is_mobile=True)


@pytest.fixture
def dark(open_page):
    return open_page(color_scheme="dark")


@pytest.fixture
def nojs(open_page):
    return open_page(java_script_enabled=False)
