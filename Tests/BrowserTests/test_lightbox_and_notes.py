"""Pictures over the page, whatever they are called; files and folders renamed and moved; notes edited and deleted: with and without scripts."""
import re
import struct
import time
import zlib

import pytest
from playwright.sync_api import expect

from conftest import DESKTOP, PHONE, assert_accessible
from roost_client import filled

CONTACTS = "/admin/crm/contacts"


def png(width, height, color):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = (b"\0" + bytes(color) * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def picture(name, width=600, height=400, color=(40, 90, 160)):
    return {"name": name, "mimeType": "image/png", "buffer": png(width, height, color)}


# A drive letter and slashes are no part of a name; what is left may be anything.
NAMES = {
    "long": "x" * 300 + ".png",
    "words": "one long name of many words " * 9 + ".png",
    "rtl": "صورة من الاجتماع الطويل جدا في مدينة أثينا.png",
    "emoji": "👩‍👩‍👧🏔️" * 30 + ".png",
    "script": "<script>alert(1)<&script>.png",
    "greek": "Φωτογραφία" * 20 + ".png",
    "quotes": "a\"b'c`d%00&amp;.png",
}


@pytest.fixture
def contact(client):
    """The path of a contact of the test's own."""
    fields = filled(client.contact_form(), name=f"Pictures {time.time_ns()}", status="active")
    status, path, _ = client.request("POST", CONTACTS, fields)
    assert status == 303
    return path


def add(page, address, *files):
    page.goto(address)
    page.locator("input[type=file]").set_input_files(list(files))
    expect(page.locator(".file-tile, .file-row")).to_have_count(len(files))


def dialog(page):
    return page.get_by_role("dialog")


def shown(page):
    """The caption, once its picture is there."""
    expect(dialog(page).locator("img")).to_have_js_property("complete", True)
    assert dialog(page).locator("img").evaluate("image => image.naturalWidth") > 0
    return dialog(page).locator("#lightbox-name").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_images_open_over_the_page(open_page, contact, viewport, scheme):
    page = open_page(viewport=viewport, color_scheme=scheme)
    add(page, contact + "/images", picture("one.png"), picture("two.png", 4000, 90, (160, 60, 40)), picture("three.png", 30, 2600, (40, 150, 60)))
    tiles = page.locator(".tile-picture")
    # The newest comes first.
    order = [tile.get_attribute("data-lightbox") for tile in tiles.all()]
    tiles.first.focus()
    page.keyboard.press("Enter")
    assert shown(page) == order[0]
    expect(dialog(page)).to_contain_text("1 of 3")
    box = dialog(page).locator("img").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= viewport["width"] + 1 and box["y"] + box["height"] <= viewport["height"] + 1, box
    assert_accessible(page)
    for key, index in [("ArrowRight", 1), ("ArrowRight", 2), ("ArrowRight", 0), ("ArrowLeft", 2), ("ArrowLeft", 1)]:
        page.keyboard.press(key)
        expect(dialog(page).locator("#lightbox-name")).to_have_text(order[index])
        shown(page)
    dialog(page).get_by_role("button", name="Next image").click()
    assert shown(page) == order[2]
    # The focus stays inside, and goes back.
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || document.querySelector('dialog[open]').contains(document.activeElement)")
    expect(dialog(page).get_by_role("link", name="Original")).to_have_attribute("href", re.compile("/admin/crm/files/[0-9a-f-]{36}$"))
    page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)
    expect(tiles.first).to_be_focused()


def test_one_image_has_no_next(page, contact):
    add(page, contact + "/files", picture("only.png"), {"name": "a.txt", "mimeType": "text/plain", "buffer": b"x"})
    page.get_by_role("link", name="only.png").click()
    assert shown(page) == "only.png"
    expect(dialog(page).get_by_role("button", name="Next image")).to_be_hidden()
    dialog(page).get_by_role("button", name="Close").click()
    expect(page.get_by_role("link", name="only.png")).to_be_focused()


def test_an_image_is_a_plain_link_without_scripts(page, nojs, contact):
    add(page, contact + "/images", picture("plain.png"))
    nojs.goto(contact + "/images")
    nojs.locator(".tile-picture").click()
    expect(nojs).to_have_url(re.compile("/admin/crm/files/[0-9a-f-]{36}$"))


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("tab", ["images", "files"])
def test_any_name_stays_in_its_place(open_page, contact, viewport, tab):
    page = open_page(viewport=viewport)
    add(page, f"{contact}/{tab}", *[picture(name, color=(index * 30, 90, 90)) for index, name in enumerate(NAMES.values())])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    outside = page.evaluate("""() => [...document.querySelectorAll('.file-tile, .file-row')].flatMap((line) => {
      const box = line.getBoundingClientRect();
      return [...line.querySelectorAll('a, img, summary, .file-name')].filter((part) => !part.closest('.menu-items')).map((part) => part.getBoundingClientRect())
        .filter((part) => part.width && (part.left < box.left - 1 || part.right > box.right + 1)).map((part) => JSON.stringify([box, part]));
    })""")
    assert outside == []
    for index in range(2):
        # One menu may cover the button of the next.
        page.keyboard.press("Escape")
        page.locator(".file-tile summary, .file-row summary").nth(index).click()
        menu = page.locator("details[open] .menu-items").bounding_box()
        assert menu["x"] >= 0 and menu["x"] + menu["width"] <= viewport["width"], menu
    page.get_by_role("link", name="Rename").click()
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("Escape")
    page.locator("a[data-lightbox]").first.click()
    shown(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = dialog(page).get_by_role("button", name="Close").bounding_box()
    assert box["x"] + box["width"] <= viewport["width"]


@pytest.mark.parametrize("kind", ["page", "nojs"])
def test_a_file_is_renamed_and_moved(request, page, contact, kind):
    add(page, contact + "/files", picture("first.png"))
    page = request.getfixturevalue(kind)
    page.goto(contact + "/files")
    page.locator(".file-row summary").click()
    page.get_by_role("link", name="Rename").click()
    field = page.get_by_label("Name", exact=True)
    expect(field).to_have_value("first.png")
    field.fill("a/b")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".field-error")).to_contain_text("can’t contain")
    field = page.get_by_label("Name", exact=True)
    field.fill("Δεύτερη")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Δεύτερη.png")).to_be_visible()
    page.locator(".flash").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="first.png")).to_be_visible()
    page.locator(".file-row summary").click()
    page.get_by_role("button", name="Move to images").click()
    expect(page.locator(".flash")).to_contain_text("moved to Images.")
    page.goto(contact + "/images")
    expect(page.locator(".file-tile")).to_have_count(1)


def test_the_form_of_a_name_gives_the_focus_back(page, contact):
    add(page, contact + "/files", picture("first.png"))
    menu = page.locator(".file-row summary")
    menu.click()
    page.get_by_role("link", name="Rename").click()
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    assert page.get_by_label("Name", exact=True).evaluate("i => i.value.slice(i.selectionStart, i.selectionEnd)") == "first"
    page.keyboard.type("second")
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    expect(page.get_by_role("link", name="first.png")).to_be_visible()


def test_others_see_a_new_name_at_once(page, open_page, contact):
    add(page, contact + "/files", picture("first.png"))
    other = open_page()
    other.goto(contact + "/files")
    expect(other.get_by_role("link", name="first.png")).to_be_visible()
    page.locator(".file-row summary").click()
    page.get_by_role("link", name="Rename").click()
    page.get_by_label("Name", exact=True).fill("second")
    page.keyboard.press("Enter")
    expect(other.get_by_role("link", name="second.png")).to_be_visible()


@pytest.mark.parametrize("kind", ["page", "nojs"])
def test_a_folder_is_renamed(request, kind):
    page, name = request.getfixturevalue(kind), f"Folder {time.time_ns()}"
    page.goto("/admin/crm/files")
    page.get_by_label("Folder name").fill(name)
    page.get_by_role("button", name="New folder").click()
    page.goto("/admin/crm/files")
    page.get_by_role("link", name=f"Rename the folder “{name}”").click()
    page.get_by_label("Name", exact=True).fill(name + " renamed")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name=name + " renamed", exact=True)).to_be_visible()
    page.locator(".flash").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()


# MARK: Notes

def note(page, contact, text):
    page.goto(contact)
    page.get_by_label("New note").fill(text)
    page.get_by_role("button", name="Add note").click()
    expect(page.locator(".note-text")).to_contain_text(text)


@pytest.mark.parametrize("kind", ["page", "phone", "nojs"])
def test_a_note_is_edited_and_deleted(request, contact, kind):
    page = request.getfixturevalue(kind)
    note(page, contact, "Calls *before* noon")
    item = page.locator(".note").first
    item.get_by_role("link", name="Edit").click()
    field = page.get_by_label("Note", exact=True)
    expect(field).to_be_focused()
    expect(field).to_have_value("Calls *before* noon")
    field.fill("Calls *after* noon")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".note-text")).to_have_text("Calls *after* noon")
    page.locator(".flash").get_by_role("button", name="Undo").click()
    expect(page.locator(".note-text")).to_have_text("Calls *before* noon")
    page.locator(".note").get_by_role("button", name="Delete").click()
    expect(page.locator(".note")).to_have_count(0)
    page.locator(".flash").get_by_role("button", name="Undo").click()
    expect(page.locator(".note-text")).to_have_text("Calls *before* noon")
    if kind != "nojs":
        assert_accessible(page)


def test_two_windows_with_one_note(page, open_page, contact):
    note(page, contact, "Base")
    other = open_page()
    for window in [page, other]:
        window.goto(contact)
        window.locator(".note").get_by_role("link", name="Edit").click()
    page.get_by_label("Note", exact=True).fill("First")
    other.get_by_label("Note", exact=True).fill("Second")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".note-text")).to_have_text("First")
    other.get_by_role("button", name="Save").click()
    expect(other.locator(".notice")).to_contain_text("changed while you were editing")
    expect(other.locator("blockquote")).to_have_text("First")
    expect(other.get_by_label("Note", exact=True)).to_have_value("Second")
    other.get_by_role("button", name="Save").click()
    expect(other.locator(".note-text")).to_have_text("Second")


def test_one_key_doesn_t_throw_a_note_away(page, contact):
    note(page, contact, "Base")
    page.locator(".note").get_by_role("link", name="Edit").click()
    page.get_by_label("Note", exact=True).fill("Written at length")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Note", exact=True)).to_have_value("Written at length")
    page.get_by_label("Note", exact=True).fill("Base")
    page.keyboard.press("Escape")
    expect(page.locator(".note").get_by_role("link", name="Edit")).to_be_focused()
