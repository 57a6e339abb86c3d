"""Nothing typed is lost: forms that are sent several times, records that others save, connections that break."""
import re
import time

import pytest
from playwright.sync_api import expect

from proxy import Proxy, html
from roost_client import filled
from test_pages import assert_fits

CONTACTS = "/admin/crm/contacts"
NEWEST = CONTACTS + "?sort=-created_at"


@pytest.fixture
def proxy(server):
    proxy = Proxy(server.port)
    yield proxy
    proxy.close()


def total(client, name):
    """How many contacts have this name."""
    return client.request("GET", f"{CONTACTS}/export.csv?q={name}")[2].count(name)


def name_of_its_own():
    return f"Twice{time.time_ns()}"


def fill_new(page, proxy, name):
    page.goto(proxy.base + CONTACTS + "/new")
    page.locator("input[name=name]").fill(name)


def create(page):
    return page.locator("button[name=save]")


def test_three_clicks_over_a_slow_line_make_one_contact(nojs, client, proxy):
    name = name_of_its_own()
    fill_new(nojs, proxy, name)
    create(nojs).scroll_into_view_if_needed()
    box = create(nojs).bounding_box()
    proxy.delay = 0.7
    for _ in range(3):
        nojs.mouse.click(box["x"] + 10, box["y"] + 10)
        time.sleep(0.15)
    expect(nojs.get_by_role("heading", level=1)).to_contain_text(name)
    assert total(client, name) == 1


# The texts of the button and its form: immediately, after a moment, and after two more clicks.
SEND = """async (ends) => {
  const button = document.querySelector("button[name=save]"), seen = [];
  const look = () => seen.push([button.disabled, button.form.ariaBusy]);
  button.click();
  await new Promise((done) => setTimeout(done, 50));
  look();
  button.click();
  button.form.requestSubmit();
  if (ends) stop();
  await new Promise((done) => setTimeout(done, 50));
  look();
  return seen;
}"""


def test_a_form_on_its_way_is_busy_and_is_sent_once(page, client, proxy):
    name = name_of_its_own()
    fill_new(page, proxy, name)
    proxy.delay = 0.7
    assert page.evaluate(SEND, False) == [[True, "true"], [True, "true"]]
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    proxy.delay = 0
    assert total(client, name) == 1


def test_a_form_can_be_sent_again_after_a_failure(page, client, proxy):
    name = name_of_its_own()
    fill_new(page, proxy, name)
    proxy.delay = 0.7
    assert page.evaluate(SEND, True) == [[True, "true"], [False, None]]
    proxy.delay = 0
    create(page).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    assert total(client, name) == 1


# Live pages over a proxy that fails.

@pytest.fixture
def frail(contexts):
    """A page of which it is expected that the server fails it."""
    page = contexts(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(30_000)
    yield page
    page.close()


AWAY = [html("502 Bad Gateway"), html("503 Service Unavailable"), html("200 OK"), None]


@pytest.mark.parametrize("answer", AWAY, ids=["502", "503", "html", "refused"])
def test_live_goes_on_after_any_failure(frail, client, proxy, answer):
    page = frail
    name = name_of_its_own()
    listen(page, proxy.base + NEWEST)
    proxy.fail(answer)
    expect(page.locator("#offline")).to_be_visible()
    make(client, name)
    page.wait_for_timeout(1_500)
    proxy.mend()
    expect(page.locator(".list-news")).to_have_text("1 new – show it")
    expect(page.locator("#offline")).to_be_hidden()
    proxy.fail(answer)
    make(client, name + "b")
    page.wait_for_timeout(500)
    proxy.mend()
    expect(page.locator(".list-news")).to_have_text("2 new – show them")


def test_a_fetch_that_fails_after_an_event_is_made_again(frail, client, proxy):
    page = frail
    listen(page, proxy.base + NEWEST)
    tries = []

    def answer(route):
        tries.append(route.request.url)
        if len(tries) > 3:
            return route.continue_()
        if len(tries) == 3:
            return route.abort()
        route.fulfill(status=502 if len(tries) == 1 else 200, content_type="text/html", body="<p>The server is away</p>")

    page.route("**" + NEWEST, answer)
    make(client, name_of_its_own())
    expect(page.locator(".list-news")).to_have_text("1 new – show it")
    assert len(tries) == 4
    page.unroute_all(behavior="wait")


def test_a_filtered_list_counts_what_it_would_show(page, client):
    name = name_of_its_own()
    listen(page, f"{CONTACTS}?q={name}")
    with page.expect_response(lambda response: "q=" + name in response.url):
        make(client, "Somebody else")
    make(client, name)
    expect(page.locator(".list-news")).to_have_text("1 new – show it")
    page.locator(".list-news button").click()
    expect(page.locator("#list-region")).to_contain_text(name)


def listen(page, address):
    with page.expect_response(re.compile("/admin/crm/live")):
        page.goto(address)


def make(client, name):
    fields = filled(client.contact_form(), name=name, status="active")
    assert client.request("POST", CONTACTS, fields)[0] == 303


# Pages of long values, and what is said wherever one has scrolled to.


@pytest.mark.parametrize("width", [375, 1280])
def test_long_values_stay_on_their_sheet(client, open_page, width):
    name = "W" * 200 + str(time.time_ns())
    fields = filled(client.contact_form(), name=name, job_title="M" * 200, status="active")
    status, path, _ = client.request("POST", CONTACTS, fields)
    assert status == 303
    page = open_page(viewport={"width": width, "height": 800})
    stale = open_page(viewport={"width": width, "height": 800})
    stale.goto(path + "/edit")
    for address in [path, path + "/edit", path + "/events"]:
        page.goto(address)
        assert_fits(page)
    page.goto(path + "/edit")
    page.get_by_label("Job title").fill("T" * 200)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[data-flash]")).to_be_visible()
    stale.locator("input[name=city]").scroll_into_view_if_needed()
    expect(stale.locator("#live-notice")).to_be_in_viewport()
    stale.get_by_label("Job title").fill("N" * 200)
    stale.locator("button[name=save]").click()
    expect(stale.locator(".conflict")).to_be_visible()
    assert_fits(stale)
    page.goto(path)
    page.get_by_label("More", exact=True).click()
    page.get_by_role("button", name="Move to trash").click()
    page.goto(path + "/delete")
    assert_fits(page)


def test_paper_has_dates(page, client):
    status, path, _ = client.request("POST", CONTACTS, filled(client.contact_form(), name=name_of_its_own(), status="active"))
    page.goto(path)
    added = page.locator("time[data-relative]").first
    expect(added).to_have_text("now")
    page.emulate_media(media="print")
    said = added.evaluate("time => getComputedStyle(time, '::after').content")
    assert re.search(r"\d{4}, \d\d:\d\d", said), said
    page.emulate_media(media="screen")
