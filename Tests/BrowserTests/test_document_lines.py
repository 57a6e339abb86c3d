"""The lines of a document in the editor: dragged by their handle, by mouse and by touch; what is submitted is what is seen, and the amounts follow."""
import re

from playwright.sync_api import expect

NEW = "/admin/crm/quotes/new"
LINES = [("Bell", "1", "10"), ("Cable", "2", "20"), ("Clock", "3", "30")]


def fill(page):
    """A new quote with three lines."""
    page.goto(NEW)
    rows = page.locator("[data-line]")
    for number, (name, quantity, price) in enumerate(LINES):
        if number:
            page.locator("[data-add-row=rows-line]").click()
        row = rows.nth(number)
        row.locator("[name=line_name]").fill(name)
        row.locator("[name=line_quantity]").fill(quantity)
        row.locator("[name=line_price]").fill(price)
    page.keyboard.press("Escape")
    return rows


def names(page):
    return page.locator("[data-line] [name=line_name]").evaluate_all("inputs => inputs.map(i => i.value)")


def totals(page):
    return [text.replace("\u00a0", " ").split(" ")[0] for text in page.locator("[data-line] [data-line-total]").all_inner_texts()]


def expect_totals(page, expected):
    page.wait_for_function(
        "wanted => [...document.querySelectorAll('[data-line] [data-line-total]')].map(o => o.textContent.split(/\\s/)[0]).join() === wanted",
        arg=",".join(expected))


def save(page):
    """Saves it for some customer, and gives the names of its lines."""
    page.locator("#f-contact").fill("a")
    page.locator(".picker:has(#f-contact) .picker-option").first.click()
    page.locator(".save-bar button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/admin/crm/quotes/[0-9a-f-]{36}"))
    return [text.strip() for text in page.locator(".document-table .line-name").all_inner_texts()]


def test_a_line_is_dragged_with_the_mouse(page):
    rows = fill(page)
    expect_totals(page, ["10.00", "40.00", "90.00"])
    handle = rows.nth(2).locator("[data-handle]")
    expect(handle).to_be_visible()
    handle.drag_to(rows.nth(0), target_position={"x": 20, "y": 4})
    page.wait_for_function("() => document.querySelector('[data-line] [name=line_name]').value === 'Clock'")
    assert names(page) == ["Clock", "Bell", "Cable"]
    expect_totals(page, ["90.00", "10.00", "40.00"])
    assert save(page) == ["Clock", "Bell", "Cable"]


def test_a_line_is_dragged_by_touch(phone):
    rows = fill(phone)
    expect_totals(phone, ["10.00", "40.00", "90.00"])
    # The first line at the top, below the bar, so that the finger has somewhere to go.
    phone.evaluate("document.querySelector('[data-line]').scrollIntoView({block: 'start'}); scrollBy(0, -70)")
    start = rows.nth(0).locator("[data-handle]").bounding_box()
    x, y = start["x"] + start["width"] / 2, start["y"] + start["height"] / 2
    touch = phone.context.new_cdp_session(phone)

    def send(kind, *points):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    send("touchStart", (x, y))
    for step in range(1, 13):
        send("touchMove", (x, y + (680 - y) * step / 12))
        phone.wait_for_timeout(30)
    phone.wait_for_function("() => document.querySelector('[data-line] [name=line_name]').value === 'Cable'")
    send("touchEnd")
    # What is dragged along is gone, and the list may have scrolled on, so it can be any of the later places.
    phone.wait_for_function("() => document.querySelectorAll('[data-line]').length === 3")
    order = names(phone)
    assert order[0] == "Cable" and sorted(order) == ["Bell", "Cable", "Clock"]
    expect_totals(phone, [{"Bell": "10.00", "Cable": "40.00", "Clock": "90.00"}[name] for name in order])
    assert phone.evaluate("document.documentElement.scrollWidth") <= 375


def test_buttons_and_keys_move_lines_too(page):
    rows = fill(page)
    rows.nth(1).locator("[data-move-row=up]").click()
    assert names(page) == ["Cable", "Bell", "Clock"]
    rows.nth(2).locator("[name=line_name]").press("Alt+ArrowUp")
    assert names(page) == ["Cable", "Clock", "Bell"]
    expect_totals(page, ["40.00", "90.00", "10.00"])


def test_without_scripts_there_is_no_handle(nojs):
    nojs.goto(NEW)
    expect(nojs.locator("[data-line]")).to_have_count(1)
    expect(nojs.locator("[data-line] [data-handle]")).to_be_hidden()
    expect(nojs.locator("[data-line] [data-move-row=up]")).to_be_visible()


def test_a_failed_form_says_what_is_wrong_with_a_line_once_and_a_heading_offers_no_products(page):
    rows = fill(page)
    rows.nth(1).locator("[name=line_quantity]").fill("-3")
    rows.nth(2).locator("[name=line_kind]").select_option("section")
    rows.nth(2).locator("[name=line_name]").fill("a")
    with page.expect_response(lambda response: "/preview" in response.url):
        page.locator(".save-bar button[type=submit]").first.click()
    error = rows.nth(1).locator(".field-error:visible")
    expect(error).to_have_count(1)
    expect(error).to_contain_text("Enter a number")
    assert rows.nth(1).locator("[name=line_quantity]").input_value() == "-3"
    rows.nth(2).locator("[name=line_name]").press("ArrowDown")
    page.wait_for_timeout(300)
    expect(rows.nth(2).locator(".picker-option")).to_have_count(0)
    assert rows.nth(2).locator("[name=line_name]").input_value() == "a"
