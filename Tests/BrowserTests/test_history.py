"""The audit log, and reverting changes."""
import time

import pytest
from playwright.sync_api import expect

from roost_client import filled

CONTACTS = "/admin/crm/contacts"


@pytest.fixture
def contact(client):
    """The path of a contact for this test."""
    fields = filled(client.contact_form(), name=f"History {time.time_ns()}", status="active", job_title="First title")
    status, path, _ = client.request("POST", CONTACTS, fields)
    assert status == 303
    return path


def retitle(page, contact, title):
    page.goto(contact + "/edit")
    page.get_by_label("Job title").fill(title)
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".record-line")).to_contain_text(title)


def test_saving_can_be_undone_at_once(page, contact):
    retitle(page, contact, "Second title")
    page.locator(".flash").get_by_role("button", name="Undo").click()
    expect(page.locator(".record-line")).to_contain_text("First title")


def test_an_earlier_version_is_put_back_or_asked_about(page, contact):
    retitle(page, contact, "Second title")
    retitle(page, contact, "Third title")
    page.goto(contact + "/events")
    page.locator(".entry-details > summary").nth(1).click()
    page.get_by_role("button", name="Restore the values from before this change").click()
    expect(page.get_by_text("Some of these fields have changed since")).to_be_visible()
    expect(page.get_by_role("radio", name="First title")).to_be_checked()
    page.get_by_role("button", name="Restore").click()
    expect(page.locator(".record-line")).to_contain_text("First title")


def test_the_log_is_filtered(page, contact):
    page.goto("/admin/crm/activity")
    page.get_by_role("searchbox", name="Record").fill("History")
    page.get_by_label("Action", exact=True).select_option(label="Contact: Created")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".timeline-entry").first).to_contain_text("History")
    page.get_by_role("link", name="Clear filters").click()
    expect(page.locator(".timeline-entry").first).to_be_visible()
