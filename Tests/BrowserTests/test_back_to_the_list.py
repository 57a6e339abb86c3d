"""From a list to a record, on to the next one, and back to the row."""
import re

import pytest
from playwright.sync_api import expect

CONTACTS = "/admin/crm/contacts"
LIST = f"{CONTACTS}?sort=-city&per_page=25"


def second_page(page, number=20):
    """A row far down the second page: its link, and the path of its record."""
    page.goto(LIST)
    page.goto(page.locator(".pagination a[rel=next]").get_attribute("href"))
    assert "after=" in page.url
    link = page.locator(".row-link").nth(number)
    return link, link.get_attribute("href")


def rows(page):
    return page.locator(".row-link").evaluate_all("links => links.map((link) => link.getAttribute('href'))")


def expect_row(page, path):
    row = page.locator(f"#row-{path.split('/')[-1]}")
    expect(row).to_be_in_viewport()
    assert row.evaluate("row => row.matches(':target')")
    return row


@pytest.mark.parametrize("size", ["page", "phone", "nojs"])
def test_the_breadcrumb_leads_back_to_the_row(request, size):
    page = request.getfixturevalue(size)
    link, path = second_page(page)
    at = page.url
    link.click()
    page.wait_for_url(re.compile(path))
    page.locator(".breadcrumb").click()
    page.wait_for_url(at + "#row-" + path.split("/")[-1])
    expect_row(page, path)
    if size != "nojs":
        expect(page.locator(f'.row-link[href="{path}"]')).to_be_focused()


def test_the_back_button_leads_back_to_the_row(page):
    link, path = second_page(page)
    at = page.url
    link.click()
    page.wait_for_url(re.compile(path))
    page.go_back()
    page.wait_for_url(at + "#row-" + path.split("/")[-1])
    expect_row(page, path)
    expect(page.locator(f'.row-link[href="{path}"]')).to_be_focused()
    # j goes on from there.
    page.keyboard.press("j")
    expect(page.locator(".row-link").nth(21)).to_be_focused()


def test_the_back_button_works_without_scripts(nojs):
    link, path = second_page(nojs)
    at = nojs.url
    link.click()
    nojs.wait_for_url(re.compile(path))
    nojs.go_back()
    expect(nojs).to_have_url(at)
    expect(nojs.locator(f'.row-link[href="{path}"]')).to_be_in_viewport()


def test_a_page_without_rows_keeps_its_address(page):
    page.goto("/admin/crm/search?q=maria")
    at = page.url
    page.locator(".row-link").first.click()
    page.wait_for_url(re.compile("/admin/crm/(?!search)"))
    page.go_back()
    expect(page).to_have_url(at)


def test_j_and_k_walk_through_the_records_of_the_list(page):
    link, path = second_page(page, 23)
    paths = rows(page)
    link.click()
    page.wait_for_url(re.compile(path))
    page.keyboard.press("j")
    page.wait_for_url(re.compile(paths[24]))
    # The first one of the third page.
    page.keyboard.press("j")
    page.wait_for_url(lambda url: not any(path in url for path in paths))
    third = re.search("[^/]+$", page.url)[0]
    page.reload()
    page.locator(".breadcrumb").click()
    page.wait_for_url(re.compile(f"from=51#row-{third}"))
    assert rows(page)[0].endswith(third)
    page.locator(".row-link").first.click()
    page.wait_for_url(re.compile(third + "$"))
    page.keyboard.press("k")
    page.wait_for_url(re.compile(paths[24]))
    page.locator(".breadcrumb").click()
    assert rows(page) == paths
    expect_row(page, paths[24])


def test_the_tab_stays_and_the_end_is_said(nojs):
    nojs.goto(f"{LIST}&before=end")
    paths = rows(nojs)
    nojs.locator(".row-link").nth(len(paths) - 2).click()
    nojs.locator("#record-tabs").get_by_role("link", name="Files").click()
    nojs.get_by_role("link", name="Next record").click()
    nojs.wait_for_url(re.compile(paths[-1] + "/files"))
    nojs.get_by_role("link", name="Next record").click()
    expect(nojs.locator("[data-flash]")).to_contain_text("This is the last record in the list.")
    expect(nojs).to_have_url(re.compile(paths[-1] + "/files"))
    nojs.get_by_role("link", name="Previous record").click()
    nojs.wait_for_url(re.compile(paths[-2] + "/files"))
    nojs.locator(".breadcrumb").click()
    expect_row(nojs, paths[-2])


def test_editing_keeps_the_way_back(page):
    link, path = second_page(page)
    at = page.url
    link.click()
    page.wait_for_url(re.compile(path))
    page.keyboard.press("e")
    page.wait_for_url(re.compile("/edit"))
    page.locator("form[data-live-form] [type=submit]:visible").last.click()
    page.wait_for_url(re.compile(path + "$"))
    page.locator(".breadcrumb").click()
    page.wait_for_url(at + "#row-" + path.split("/")[-1])


def test_the_place_of_a_record_fits_a_phone(phone):
    link, path = second_page(phone)
    link.click()
    phone.wait_for_url(re.compile(path))
    for name in ["Previous record", "Next record"]:
        box = phone.get_by_role("link", name=name).bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 375 and min(box["width"], box["height"]) >= 24
    assert phone.evaluate("document.documentElement.scrollWidth") <= 375
