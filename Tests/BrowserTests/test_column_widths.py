"""Column widths: by drag, by keyboard, without JavaScript. They survive a reload, and heading and cells agree."""
import pytest
from playwright.sync_api import expect

from test_customizer import COLUMNS, CONTACTS, apply, default_columns, row  # noqa: F401  (default_columns is used by every test)


LEFT_OF = {"name": [], "company": ["name"], "email": ["name", "company"], "city": ["name", "company", "email"]}


def heading(page, column):
    return page.locator(f'th[data-column="{column}"]')


def edge(page, column):
    return heading(page, column).get_by_role("separator")


def width(page, column):
    """The heading's width in pixels; the cells below have the same."""
    place = heading(page, column).evaluate("th => th.cellIndex + 1")
    wide = heading(page, column).evaluate("th => th.getBoundingClientRect().width")
    for cell in (page.locator(f"tbody tr:nth-child({n}) > :nth-child({place})") for n in (1, 2, 9)):
        assert cell.evaluate("td => td.getBoundingClientRect().width") == pytest.approx(wide, abs=0.6)
    return wide


def dragged(page, column, by):
    """Drags a heading's edge; returns the final positions of edge and pointer."""
    box = edge(page, column).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    edge_before = heading(page, column).evaluate("th => th.getBoundingClientRect().right")
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 11):
        page.mouse.move(x + by * step / 10, y)
    page.mouse.move(x + by, y)
    with page.expect_response(lambda r: r.url.endswith(COLUMNS) and r.request.method == "POST") as kept:
        page.mouse.up()
    assert kept.value.ok
    return heading(page, column).evaluate("th => th.getBoundingClientRect().right") - edge_before


@pytest.mark.parametrize("column, by", [("name", 90), ("company", -40), ("email", 120), ("city", 40)])
def test_a_column_follows_the_pointer_that_drags_its_edge(page, column, by):
    page.goto(CONTACTS)
    before = {column: width(page, column) for column in LEFT_OF[column]}
    moved = dragged(page, column, by)
    assert moved == pytest.approx(by, abs=4), "a quarter of a unit is as fine as it goes"
    after = {column: width(page, column) for column in LEFT_OF[column]}
    assert after == pytest.approx(before, abs=1), "what is left of it stays"
    wide = width(page, column)
    page.reload()
    assert width(page, column) == pytest.approx(wide, abs=1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the columns to the right give way: nothing scrolls sideways"
    # The heading was dragged, not clicked.
    assert "sort=" not in page.url


def test_many_columns_scroll_and_the_dragged_one_alone_grows(page):
    page.goto(COLUMNS)
    for column in ("updated_at", "country", "region"):
        page.locator(f'main button[name=add][value="{column}"]').click()
    apply(page)
    before = {column: width(page, column) for column in ("company", "email", "phone")}
    assert dragged(page, "email", 100) == pytest.approx(100, abs=4)
    after = {column: width(page, column) for column in before}
    assert after["email"] - before["email"] == pytest.approx(100, abs=4)
    assert (after["company"], after["phone"]) == (before["company"], before["phone"])


def test_an_edge_is_moved_by_keyboard(page):
    page.goto(CONTACTS)
    separator = edge(page, "email")
    separator.focus()
    assert [separator.get_attribute(f"aria-value{what}") for what in ("min", "now", "max")] == ["4", "15.5", "31.25"]
    expect(separator).to_have_accessible_name("Width of E-mail")
    expect(heading(page, "email")).to_have_accessible_name("E-mail")
    before = width(page, "email")
    for key, now in (("ArrowRight", "16.5"), ("ArrowRight", "17.5"), ("ArrowLeft", "16.5"), ("Shift+ArrowRight", "16.75"), ("Home", "4"), ("ArrowLeft", "4"),
                     ("End", "31.25"), ("ArrowRight", "31.25"), ("ArrowLeft", "30.25")):
        page.keyboard.press(key)
        assert separator.get_attribute("aria-valuenow") == now, key
    with page.expect_response(lambda r: r.url.endswith(COLUMNS) and r.request.method == "POST"):
        page.keyboard.press("Tab")
    wide = width(page, "email")
    assert wide > before * 1.5
    page.reload()
    assert width(page, "email") == pytest.approx(wide, abs=1)
    # Enter restores the default width.
    edge(page, "email").focus()
    page.keyboard.press("Enter")
    expect(edge(page, "email")).to_have_attribute("aria-valuenow", "15.5")
    page.reload()
    expect(edge(page, "email")).to_have_attribute("aria-valuenow", "15.5")


def test_a_double_click_gives_one_column_its_usual_width_and_leaves_the_others(page):
    page.goto(CONTACTS)
    dragged(page, "email", 100)
    dragged(page, "company", 50)
    page.reload()
    others = edge(page, "company").get_attribute("aria-valuenow")
    assert others != "7.25"
    edge(page, "email").dblclick()
    expect(edge(page, "email")).to_have_attribute("aria-valuenow", "15.5")
    expect(edge(page, "company")).to_have_attribute("aria-valuenow", others)


def test_the_edges_are_there_after_a_search_too(page):
    page.goto(CONTACTS)
    dragged(page, "email", 60)
    now = edge(page, "email").get_attribute("aria-valuenow")
    page.locator("#list-q").fill("a")
    page.wait_for_url("**q=a*")
    expect(edge(page, "email")).to_have_attribute("aria-valuenow", now)
    width(page, "email")


def test_the_last_column_takes_from_those_before_it(page):
    page.goto(CONTACTS)
    before = {column: width(page, column) for column in ("name", "email", "created_at")}
    dragged(page, "created_at", 60)
    after = {column: width(page, column) for column in before}
    assert after["created_at"] - before["created_at"] == pytest.approx(60, abs=4)
    assert after["name"] < before["name"] - 8 and after["email"] < before["email"] - 4


@pytest.mark.parametrize("scripts", ["with scripts", "without scripts"])
def test_a_width_is_chosen_where_columns_are_chosen(page, nojs, scripts):
    view = page if scripts == "with scripts" else nojs
    view.goto(CONTACTS)
    before = width(view, "email")
    view.goto(COLUMNS)
    row(view, "email").get_by_label("Width of E-mail").select_option("Very wide")
    row(view, "company").get_by_label("Width of Company").select_option("Narrow")
    apply(view)
    assert width(view, "email") > before * 1.35
    assert width(view, "company") < width(view, "phone")
    view.goto(COLUMNS)
    expect(row(view, "email").get_by_label("Width of E-mail").locator("option:checked")).to_have_text("Very wide")
    row(view, "email").get_by_label("Width of E-mail").select_option("Automatic width")
    row(view, "company").get_by_label("Width of Company").select_option("Automatic width")
    apply(view)
    assert width(view, "email") == pytest.approx(before, abs=1)


def test_a_phone_shows_rows_whatever_the_widths(page, phone):
    page.goto(CONTACTS)
    dragged(page, "email", 200)
    phone.goto(CONTACTS)
    expect(phone.get_by_role("separator")).to_have_count(0)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.goto(COLUMNS)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
