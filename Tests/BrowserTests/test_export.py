"""A list as a file."""
import pytest


@pytest.mark.parametrize("size", ["page", "phone", "nojs"])
def test_a_file_for_a_spreadsheet_is_two_clicks_away(request, size):
    page = request.getfixturevalue(size)
    page.goto("/admin/crm/contacts?sort=city")
    page.locator("#list-actions summary").click()
    menu = page.locator("#list-actions .menu-items")
    box = menu.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= page.viewport_size["width"]
    with page.expect_download() as download:
        menu.get_by_text("CSV for Excel").click()
    assert download.value.suggested_filename == "contacts.csv"
    with open(download.value.path(), "rb") as file:
        assert file.read().startswith(b"\xef\xbb\xbfName,")
