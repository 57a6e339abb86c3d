"""The cost of a page in the browser: browser.py BINARY CHECKOUT [--screenshots FOLDER]

Requests and bytes of a first and a second visit; style, layout and the longest task of a list; the latency of interactions on one
(interaction to next paint), with the CPU throttled by four."""
import json
import os
import statistics
import sys
import tempfile
import time

from playwright.sync_api import sync_playwright

from roost_client import EMAIL, PASSWORD, Server, stop_when_told

CONTACTS = "/admin/crm/contacts"
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 740}
SLOWER, ROUNDS = 4, 5
# Records the longest delay from an event to the next frame for each interaction, as Event Timing reports it.
OBSERVE = """
  globalThis.interactions = [];
  new PerformanceObserver((list) => {
    for (const { name, interactionId, duration } of list.getEntries()) if (interactionId) interactions.push([name, duration]);
  }).observe({ type: "event", durationThreshold: 16, buffered: true });
"""


class Browser:
    """Chromium, signed in."""

    def __init__(self, playwright, base):
        path = os.environ.get("CHROMIUM", "/usr/bin/chromium-headless-shell")
        self.chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        self.base = base
        self.version = self.chromium.version
        context = self.chromium.new_context(base_url=base)
        page = context.new_page()
        page.goto("/sign-in")
        page.locator("input[name=email]").fill(EMAIL)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("form:has(input[name=password]) [type=submit]").click()
        page.wait_for_url("**/admin/crm**")
        self.session = context.storage_state()
        context.close()

    def page(self, **options):
        """A page with an empty cache, and its DevTools session."""
        options = {"viewport": DESKTOP, "locale": "en-GB"} | options
        context = self.chromium.new_context(base_url=self.base, storage_state=self.session, **options)
        page = context.new_page()
        return page, context.new_cdp_session(page)

    def slow_page(self, **options):
        page, tools = self.page(**options)
        tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        return page, tools


def visits(browser):
    """Requests and bytes of the first and the second visit of the list."""
    page, tools = browser.page()
    tools.send("Network.enable")
    kinds, bytes_of, kept = {}, {}, set()
    tools.on("Network.requestWillBeSent", lambda event: kinds.update({event["requestId"]: event["type"]}))
    tools.on("Network.requestServedFromCache", lambda event: kept.add(event["requestId"]))
    tools.on("Network.responseReceived", lambda event: event["response"].get("fromDiskCache") and kept.add(event["requestId"]))
    tools.on("Network.loadingFinished", lambda event: bytes_of.update({event["requestId"]: event["encodedDataLength"]}))
    for visit in ("first visit of the list", "second visit"):
        for seen in (kinds, bytes_of, kept):
            seen.clear()
        page.goto(CONTACTS + "?per_page=50", wait_until="networkidle" if visit == "second visit" else "load")
        page.wait_for_timeout(500)
        # The connection for live updates stays open; it isn't part of showing the page.
        fetched = {id: kind for id, kind in kinds.items() if kind != "EventSource" and id not in kept}
        counts = {kind: list(fetched.values()).count(kind) for kind in sorted(set(fetched.values()))}
        words = ", ".join(f"{count} {kind.lower()}" for kind, count in counts.items())
        yield visit, f"{len(fetched)} requests ({words}), {sum(bytes_of.get(id, 0) for id in fetched) / 1000:.1f} KB"
    page.context.close()


def traced(tools, act):
    """The events of the page's main thread during an action."""
    events, done = [], []
    tools.on("Tracing.dataCollected", lambda data: events.extend(data["value"]))
    tools.on("Tracing.tracingComplete", lambda _: done.append(True))
    tools.send("Tracing.start", {
        "transferMode": "ReportEvents",
        "traceConfig": {"includedCategories": ["devtools.timeline", "blink", "toplevel", "disabled-by-default-devtools.timeline"]}})
    act()
    tools.send("Tracing.end")
    while not done:
        tools.send("Runtime.evaluate", {"expression": "0"})
    return events


def milliseconds(events, name):
    return sum(event.get("dur", 0) for event in events if event["name"] == name) / 1000


def work(browser, rows):
    """(style, layout, script, longest task) in ms of loading a list of that many rows."""
    page, tools = browser.slow_page()
    page.goto(f"{CONTACTS}?per_page=25")

    def load():
        page.goto(f"{CONTACTS}?per_page={rows}", wait_until="load")
        page.wait_for_timeout(1_000)

    events = traced(tools, load)
    if folder := os.environ.get("ROOST_TRACES"):
        with open(os.path.join(folder, f"list-{rows}.json"), "w") as file:
            json.dump(events, file)
    main = next(e["tid"] for e in events if e["name"] == "thread_name" and e["args"]["name"] == "CrRendererMain"
                and any(o["pid"] == e["pid"] and o["name"] == "UpdateLayoutTree" for o in events))
    events = [event for event in events if event["tid"] == main]
    longest = max(event["dur"] for event in events if event["name"] in ("RunTask", "ThreadControllerImpl::RunTask") and "dur" in event) / 1000
    script = milliseconds(events, "EvaluateScript") + milliseconds(events, "FunctionCall") + milliseconds(events, "v8.evaluateModule")
    page.context.close()
    return milliseconds(events, "UpdateLayoutTree"), milliseconds(events, "Layout"), script, longest


def lists(browser):
    for rows in (50, 200):
        rounds = [work(browser, rows) for _ in range(ROUNDS)]
        style, layout, script, longest = (statistics.median(values) for values in zip(*rounds))
        yield f"list of {rows} rows, processor {SLOWER} × slower", f"style {style:.0f} ms, layout {layout:.0f} ms, scripts {script:.0f} ms, longest task {longest:.0f} ms"


def type_in_search(page):
    page.locator("main input[name=q]").press_sequentially("papad", delay=120)


def sort(page):
    page.locator("th a").nth(1).click()


def open_account_menu(page):
    page.get_by_label("Your account").click()


def show_shortcuts(page):
    page.keyboard.press("?")


def open_customizer(page):
    page.locator("a[data-customizer-link]").click()
    page.locator("dialog[open]").wait_for()


def walk_rows(page):
    for key in "jjj":
        page.keyboard.press(key)


def open_drawer(page):
    page.get_by_role("button", name="Menu").click()


# name, action, on a phone
DONE = [
    ("typing in the list’s search", type_in_search, False),
    ("clicking a column head", sort, False),
    ("opening the account menu", open_account_menu, False),
    ("opening the keyboard help", show_shortcuts, False),
    ("opening the columns", open_customizer, False),
    ("walking through rows", walk_rows, False),
    ("opening the drawer on a phone", open_drawer, True),
]


def interactions(browser):
    """The longest delay from an event to the next frame, for some interactions on a list of 200 rows."""
    for name, act, is_phone in DONE:
        longest = []
        for _ in range(ROUNDS):
            page, _ = browser.slow_page(**({"viewport": PHONE, "has_touch": True, "is_mobile": True} if is_phone else {}))
            page.add_init_script(OBSERVE)
            page.goto(CONTACTS + "?per_page=200")
            page.wait_for_timeout(1_000)
            page.evaluate("interactions.length = 0")
            # The page that an action leads to is measured elsewhere.
            if act is sort:
                page.evaluate("document.addEventListener('click', (event) => event.preventDefault())")
            act(page)
            page.wait_for_timeout(1_000)
            longest.append(max((duration for _, duration in page.evaluate("interactions")), default=0))
            page.context.close()
        yield name, f"median {statistics.median(longest):.0f} ms, most {max(longest):.0f} ms"


def main():
    binary, checkout = sys.argv[1:3]
    stop_when_told()
    with tempfile.TemporaryDirectory(prefix="roost-browser-") as folder, sync_playwright() as playwright:
        server = Server(binary, folder, checkout)
        server.add_owner()
        server.run("demo", "--contacts", "1000")
        server.start()
        try:
            browser = Browser(playwright, server.base)
            print(f"Chromium {browser.version}")
            for part in (visits, lists, interactions):
                for name, value in part(browser):
                    print(f"{name:48}  {value}", flush=True)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
