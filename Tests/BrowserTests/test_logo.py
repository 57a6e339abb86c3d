"""The office's logo: uploaded in the settings, seen on every page, in a place that is kept for it."""
import re

import pytest
from playwright.sync_api import expect

from conftest import DESKTOP, PHONE

GENERAL = "/admin/settings/crm"
WIDTHS = {"desktop": {"viewport": DESKTOP}, "phone": {"viewport": PHONE, "has_touch": True, "is_mobile": True}}
LETTERING = "<b style='display:inline-block;font:700 90px sans-serif;color:#123a5a;padding:10px'>Aegean <i>Logistics</i></b>"
SIGN = "<b style='display:inline-block;width:200px;height:200px;border-radius:50%;background:#b3261e'></b>"


def picture(page, markup):
    """A PNG with a transparent ground, as a designer sends one."""
    page.goto("about:blank")
    page.set_content(f"<body style='margin:0;background:transparent'>{markup}")
    return page.locator("b").screenshot(omit_background=True)


def choose(page, name, content, type="image/png"):
    page.locator("input[name=logo_file]").set_input_files({"name": name, "mimeType": type, "buffer": content})
    page.locator(".save-bar [type=submit]").click()


def remove(page):
    page.goto(GENERAL)
    if page.locator("input[name=logo_remove]").count():
        page.locator("input[name=logo_remove]").check()
        page.locator(".save-bar [type=submit]").click()
        expect(page.locator("[data-flash]")).to_contain_text("Settings saved.")


@pytest.fixture
def settings(nojs):
    """The page of settings, without script."""
    yield nojs
    remove(nojs)


def look(page, path):
    """It is loaded, inside the page, in the place that its attributes keep for it."""
    page.goto(path)
    logo = page.locator("header .logo")
    expect(logo).to_be_visible()
    assert logo.evaluate("i => i.complete && i.naturalWidth > 0")
    box = logo.bounding_box()
    width, height, ratio = logo.evaluate("i => [Number(i.getAttribute('width')), Number(i.getAttribute('height')), i.naturalWidth / i.naturalHeight]")
    assert width / height == pytest.approx(ratio, rel=0.03)
    # A phone's top bar has less room: the picture is smaller then, as a whole.
    assert box["height"] == height and 80 <= box["width"] <= width or box["width"] == width
    assert box["x"] >= 0 and box["x"] + box["width"] <= page.viewport_size["width"]
    assert logo.evaluate("i => getComputedStyle(i).objectFit") == "contain"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return logo


@pytest.mark.parametrize("kind", [LETTERING, SIGN], ids=["lettering", "sign"])
def test_it_is_on_every_page(settings, open_page, kind):
    image = picture(settings, kind)
    settings.goto(GENERAL)
    choose(settings, "logo.png", image)
    expect(settings.locator("[data-flash]")).to_contain_text("Settings saved.")
    for width, options in WIDTHS.items():
        inside, outside = open_page(**options), open_page(signed_out=True, **options)
        for page, path in [(inside, "/admin/crm/contacts"), (inside, GENERAL), (outside, "/sign-in")]:
            logo = look(page, path)
            expect(logo).to_have_attribute("alt", "Roost" if kind == LETTERING else "")
            # A transparent one is on white in the dark.
            for scheme, ground in [("light", "rgba(0, 0, 0, 0)"), ("dark", "rgb(255, 255, 255)")]:
                page.emulate_media(color_scheme=scheme)
                expect(logo).to_have_css("background-color", ground)
        if width == "phone":
            inside.locator(".menu-button").click()
            expect(inside.locator("#sidebar .logo")).to_be_visible()


def test_nothing_moves_when_it_comes(settings, open_page):
    image = picture(settings, LETTERING)
    settings.goto(GENERAL)
    choose(settings, "logo.png", image)
    page = open_page(signed_out=True)
    held = []
    page.route(re.compile("/logo"), lambda route: held.append(route))
    page.goto("/sign-in", wait_until="domcontentloaded")
    places = "[...document.querySelectorAll('h1, input, .brand')].map(e => JSON.stringify(e.getBoundingClientRect()))"
    expect(page.locator(".door")).to_have_css("display", "grid")
    assert page.locator(".logo").evaluate("i => i.naturalWidth") == 0
    before = page.evaluate(places)
    for route in held:
        route.continue_()
    expect(page.locator(".logo")).to_have_js_property("complete", True)
    assert page.locator(".logo").evaluate("i => i.naturalWidth") > 0
    assert page.evaluate(places) == before


def test_what_is_no_image_is_refused_and_the_rest_of_the_form_stays(settings):
    settings.goto(GENERAL)
    settings.locator("input[name=installation_name]").fill("Acme")
    choose(settings, "logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "image/svg+xml")
    expect(settings.locator("#f-logo-error")).to_contain_text("“logo.svg” isn’t a PNG, JPEG or WebP image.")
    expect(settings.locator("input[name=installation_name]")).to_have_value("Acme")
    settings.goto(GENERAL)
    expect(settings.locator("input[name=installation_name]")).to_have_value("Roost")


def test_it_can_be_removed_and_put_back(settings, page):
    image = picture(settings, LETTERING)
    settings.goto(GENERAL)
    choose(settings, "logo.png", image)
    expect(settings.locator(".logo-field img")).to_be_visible()
    remove(settings)
    expect(settings.locator("header .logo")).to_have_count(0)
    settings.locator("[data-flash]").get_by_role("button", name="Undo").click()
    expect(settings.locator("header .logo")).to_be_visible()
    page.goto(GENERAL + "/history")
    expect(page.locator("main")).to_contain_text(re.compile(r"PNG, \d+ × \d+"))
