"""Files and images: by button, drop and paste, in chunks; the profile picture; the library."""
import re
import time

import pytest
from playwright.sync_api import expect

from roost_client import filled

CONTACTS = "/admin/crm/contacts"
# The smallest PNG: one grey pixel.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010800000000" "3a7e9b550000000a49444154789c63680000008200" "8177cd72b60000000049454e44ae426082")


@pytest.fixture
def contact(client):
    """The path of a contact for this test."""
    fields = filled(client.contact_form(), name=f"Files {time.time_ns()}", status="active")
    status, path, _ = client.request("POST", CONTACTS, fields)
    assert status == 303
    return path


def paper(name, content=b"hello there"):
    return {"name": name, "mimeType": "text/plain", "buffer": content}


def rows(page):
    return page.locator(".file-row")


def test_several_files_are_sent_at_once(page, contact):
    page.goto(contact + "/files")
    page.locator("input[type=file]").set_input_files([paper("a.txt"), paper("b.txt", b"b"), paper("big.bin", b"x" * 6_000_000)])
    expect(rows(page)).to_have_count(3)
    expect(page.locator(".flash")).to_contain_text("3 files added.")
    expect(rows(page).filter(has_text="big.bin")).to_contain_text("6.0 MB")


@pytest.mark.parametrize("way", ["drop", "paste"])
def test_files_are_dropped_and_pasted(page, contact, way):
    page.goto(contact + "/files")
    page.evaluate("""(way) => {
      const data = new DataTransfer();
      data.items.add(new File(["by " + way], way + ".txt", { type: "text/plain" }));
      const target = document.querySelector(way === "drop" ? ".sheet" : "form[data-upload]");
      const event = way === "drop" ? new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }) : new ClipboardEvent("paste", { clipboardData: data, bubbles: true });
      target.dispatchEvent(event);
    }""", way)
    expect(rows(page)).to_contain_text(way + ".txt")


def test_a_broken_connection_costs_one_piece(page, contact):
    breaks = []

    def break_twice(route):
        if "/bytes" in route.request.url and len(breaks) < 2 and "offset=0" not in route.request.url:
            breaks.append(route.request.url)
            return route.abort("connectionreset")
        return route.continue_()

    page.route("**/uploads/**", break_twice)
    page.goto(contact + "/files")
    page.locator("input[type=file]").set_input_files([paper("big.bin", bytes(range(256)) * 40_000)])
    expect(page.locator(".upload-state")).to_contain_text(re.compile("connection broke|sent"))
    expect(rows(page)).to_contain_text("10.2 MB")
    assert len(breaks) == 2
    with page.expect_download() as download:
        rows(page).get_by_role("link").first.click()
    assert download.value.path().read_bytes() == bytes(range(256)) * 40_000


def test_a_picture_stands_for_its_record(page, contact):
    page.goto(contact + "/images")
    page.locator("input[type=file]").set_input_files([{"name": "pixel.png", "mimeType": "image/png", "buffer": PIXEL}])
    expect(page.locator(".file-tile")).to_have_count(1)
    page.locator(".file-tile summary").click()
    page.get_by_role("button", name="Set as profile picture").click()
    picture = page.locator("img.avatar.large")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("naturalWidth", 1)
    page.locator(".file-tile summary").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator("img.avatar.large")).to_have_count(0)
    page.locator(".flash").get_by_role("button", name="Undo").click()
    expect(page.locator(".file-tile")).to_have_count(1)


def test_what_is_no_picture_is_refused_in_words(page, contact):
    page.goto(contact + "/images")
    page.locator("input[type=file]").set_input_files([{"name": "photo.png", "mimeType": "image/png", "buffer": b"<html><script>alert(1)</script>"}])
    expect(page.get_by_role("alert")).to_contain_text("“photo.png” isn’t a JPEG, PNG, GIF or WebP image")


@pytest.mark.parametrize("name, content", [
    ("page.html", b"<!doctype html><script>document.title = 'ran'</script>"),
    ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>document.title = 'ran'</script></svg>"),
])
def test_nothing_that_was_uploaded_runs(page, contact, name, content):
    page.goto(contact + "/files")
    page.locator("input[type=file]").set_input_files([paper(name, content)])
    link = rows(page).get_by_role("link").first
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == name
    assert page.title() != "ran"


def test_a_file_is_picked_from_the_library(page, client, contact):
    page.goto(contact + "/files/pick?q=Offer")
    page.get_by_role("button", name=re.compile("^Link “Offer")).first.click()
    expect(rows(page)).to_contain_text("Offer")


def test_files_without_scripts(nojs, contact):
    nojs.goto(contact + "/files")
    nojs.locator("input[type=file]").set_input_files([paper("a.txt"), paper("b.txt", b"b")])
    nojs.get_by_role("button", name="Add").click()
    expect(rows(nojs)).to_have_count(2)


def test_shared_folders_and_the_trash(page):
    name = f"Folder {time.time_ns()}"
    page.goto("/admin/crm/files")
    page.get_by_label("Folder name").fill(name)
    page.get_by_role("button", name="New folder").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    page.locator("input[type=file]").set_input_files([paper(f"{name}.txt")])
    expect(rows(page)).to_have_count(1)
    rows(page).get_by_role("button").click()
    expect(page.locator(".flash").get_by_role("button", name="Undo")).to_be_visible()
    page.goto("/admin/crm/files?show=trash&q=" + name)
    page.get_by_role("button", name=re.compile("^Restore")).first.click()
    expect(page.locator(".flash")).to_contain_text("restored")
