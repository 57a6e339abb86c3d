"""Sales from the quote to the credit note, as people do them, with the amounts worked out here once more."""
import re
import subprocess
from decimal import ROUND_HALF_UP, Decimal

import pytest
from playwright.sync_api import expect

from conftest import DESKTOP, PHONE, assert_accessible
from test_pages import assert_fits

QUOTES, ORDERS = "/admin/crm/quotes", "/admin/crm/orders"
VAT = Decimal("0.24")


def rounded(amount):
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def shown(amount):
    return f"{amount:,}"


def choose_first(page, place):
    expect(place.locator(".picker-option").first).to_be_visible()
    page.keyboard.press("Enter")


def add_line(page, number, name, quantity, price=None, discount=None):
    """The line that is there is used first. A product is chosen among what is offered for its name."""
    if number > 0:
        page.get_by_role("button", name="Add a line").click()
    row = page.locator("[data-line]").nth(number)
    row.get_by_role("combobox", name="Item").fill(name)
    if price is None:
        choose_first(page, row)
    row.get_by_label("Quantity").fill(quantity)
    if price:
        row.get_by_label("Price").fill(price)
    if discount:
        row.get_by_label("Discount").fill(discount)
    return row


def step(page, name):
    page.locator(".document-steps").get_by_role("button", name=name, exact=True).click()


def new_document(page, path, customer="Alice"):
    page.goto(path + "/new")
    page.get_by_role("combobox", name="Contact").fill(customer)
    choose_first(page, page)


def save(page):
    page.locator(".save-bar [type=submit]").first.click()
    page.wait_for_url(re.compile(r"/[0-9a-f-]{36}$"))
    return page.url


def send_quote(page):
    new_document(page, QUOTES)
    add_line(page, 0, "Fitting", "2", price="60")
    save(page)
    step(page, "Mark as sent")
    return page.get_by_label("Link", exact=True).input_value()


def pdf_text(page, path, folder):
    file = folder / "document.pdf"
    file.write_bytes(page.request.get(path).body())
    return subprocess.run(["pdftotext", "-layout", file, "-"], check=True, capture_output=True, text=True).stdout


def test_a_day_of_a_workshop(page, open_page, tmp_path):
    # Who sells: an invoice needs it.
    page.goto("/admin/settings/crm/documents")
    for name, value in {"name": "Vesper & Sons", "address": "Ermou 18", "postal_code": "105 63", "city": "Athens", "vat_number": "EL094014201"}.items():
        page.locator(f"[name=business_{name}]").fill(value)
    page.locator("[name=business_country]").select_option("GR")
    page.locator(".save-bar [type=submit]").first.click()
    expect(page.locator("[data-flash]")).to_contain_text("saved")

    # A quote: three clocks of the price list, three and a half hours of work at 10 % less, and 5 % off the whole.
    clocks, work = 3 * Decimal("1480.00"), rounded(Decimal("3.5") * 60 * Decimal("0.9"))
    subtotal = clocks + work
    net = subtotal - rounded(subtotal * Decimal("0.05"))
    total = net + rounded(net * VAT)
    new_document(page, QUOTES)
    page.get_by_label("Title", exact=True).fill("A clock for the hall")
    clock = add_line(page, 0, "Tower clock 120", "3")
    fitting = add_line(page, 1, "Fitting", "3.5", price="60", discount="10%")
    page.locator("input[name=discount]").fill("5%")
    expect(clock).to_contain_text(shown(clocks))
    expect(fitting).to_contain_text(shown(work))
    expect(page.locator("[data-lines-sums]")).to_contain_text(shown(total))
    quote = save(page)
    expect(page.locator(".document-sums")).to_contain_text(shown(total))
    step(page, "Mark as sent")

    # The customer reads it on a phone and accepts.
    customer = open_page(signed_out=True, viewport=PHONE)
    customer.goto(page.get_by_label("Link", exact=True).input_value())
    expect(customer.locator(".public-total")).to_contain_text(shown(total))
    customer.get_by_label("Your full name").fill("Alice Bennett")
    customer.get_by_role("button", name="Accept this quote").click()
    expect(customer.locator(".public-state")).to_contain_text("Accepted by")
    page.goto(quote)
    expect(page.locator("main")).to_contain_text("Alice Bennett")

    # The order that came of it is confirmed, and shipped in two parts.
    page.locator("main a[href*='/orders/']").first.click()
    order = page.url
    expect(page.locator(".document-sums")).to_contain_text(shown(total))
    step(page, "Confirm")
    page.goto(order + "/shipments")
    page.get_by_label("Tower clock 120 cm", exact=False).first.fill("1")
    page.get_by_label("Fitting", exact=False).first.fill("0")
    page.get_by_label("Carrier").fill("DHL")
    page.get_by_label("Tracking numbers").fill("AB 12")
    page.get_by_role("button", name="Ship", exact=True).click()
    expect(page.locator("main a[href*='dhl']").first).to_be_visible()
    page.get_by_role("button", name="Ship", exact=True).click()
    expect(page.get_by_role("button", name="Ship", exact=True)).to_have_count(0)

    # The customer pays a part; the same entry a second time is asked about; then the rest.
    page.goto(order + "/payments")
    for _ in range(2):
        page.get_by_label("Amount").fill("1000")
        page.get_by_label("Reference").fill("RF18")
        page.get_by_role("button", name="Record payment").click()
    expect(page.get_by_role("alert")).to_contain_text("already recorded")
    page.goto(order + "/payments")
    page.get_by_label("Amount").fill(str(total - 1000))
    page.get_by_role("button", name="Record payment").click()
    page.goto(order)
    expect(page.locator("main")).to_contain_text("Paid")

    # An invoice of the whole: its page, its PDF and its XML say the same.
    step(page, "Make an invoice")
    invoice = page.url
    step(page, "Issue")
    expect(page.locator("h1")).to_contain_text("INV-")
    expect(page.locator(".document-sums")).to_contain_text(shown(total))
    assert shown(total) in pdf_text(page, invoice + "/invoice.pdf", tmp_path)
    assert f">{total}</cbc:TaxInclusiveAmount>" in page.request.get(invoice + "/invoice.xml").text()

    # It goes back as a whole.
    step(page, "Make a credit note")
    page.locator(".document-steps summary", has_text="Issue").click()
    page.locator(".document-steps").get_by_role("checkbox").first.check()
    step(page, "Issue")
    expect(page.locator(".document-sums")).to_contain_text(shown(total))
    page.goto(invoice)
    expect(page.locator("main")).to_contain_text("Credited")


@pytest.mark.parametrize("width", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_of_a_customer_is_sound(page, open_page, width, scheme):
    link = send_quote(page)
    customer = open_page(signed_out=True, viewport=width, color_scheme=scheme)
    customer.goto(link)
    assert_fits(customer)
    assert_accessible(customer)
    customer.get_by_text("Decline this quote").click()
    customer.locator("form", has=customer.get_by_role("button", name="Decline", exact=True)).get_by_label("Your name").fill("Alice")
    customer.get_by_role("button", name="Decline", exact=True).click()
    expect(customer.locator(".public-state")).to_contain_text("Declined by")
    assert_fits(customer)
    assert_accessible(customer)


def test_a_customer_accepts_without_scripts(page, open_page):
    link = send_quote(page)
    customer = open_page(signed_out=True, java_script_enabled=False)
    customer.goto(link)
    customer.get_by_label("Your full name").fill("Alice")
    customer.get_by_role("button", name="Accept this quote").click()
    expect(customer.locator(".public-state")).to_contain_text("Accepted by")


def test_lines_are_added_moved_and_kept_without_scripts(nojs):
    nojs.goto(ORDERS + "/new")
    nojs.locator("[name=line_name]").fill("Bell")
    nojs.locator("[name=line_price]").fill("abc")
    nojs.get_by_role("button", name="Add a line").click()
    nojs.locator("[name=line_name]").nth(1).fill("Clock")
    nojs.locator("button[value=line-1-up]").click()
    assert [nojs.locator("[name=line_name]").nth(n).input_value() for n in range(2)] == ["Clock", "Bell"]
    nojs.locator(".save-bar [type=submit]").first.click()
    expect(nojs.locator(".problems a[href=\"#f-line-1\"]")).to_contain_text("Enter a number")
    assert nojs.locator("[name=line_price]").nth(1).input_value() == "abc"


def test_a_card_of_the_board_is_dragged(page):
    page.goto(QUOTES + "/board")
    card = page.locator("[data-board-column=sent] [data-board-card]").first
    name = card.inner_text().splitlines()[0]
    card.drag_to(page.locator("[data-board-column=declined]"))
    expect(page.locator("[data-board-column=declined]")).to_contain_text(name)
