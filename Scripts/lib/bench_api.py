"""Lists for programs beside the same lists for people: CPU time per request, of 50 records, in one run."""
import http.client
import re

from bench_pages import ROWS
from bench_tools import cpu, table
from roost_client import PASSWORD, Client, Page

TOKENS = "/account/tokens"
# What the page of contacts shows.
SHOWN = "name,status,companies,channels,tags,owner"
LISTS = {
    "contacts, page": ("/admin/crm/contacts", None),
    "contacts, all fields": (None, "/api/v1/contacts"),
    "contacts, a page’s fields": (None, "/api/v1/contacts?fields=" + SHOWN),
    "contacts, names": (None, "/api/v1/contacts?fields=name"),
    "companies, page": ("/admin/crm/companies", None),
    "companies, all fields": (None, "/api/v1/companies"),
}


def token(client):
    """A new token for everything that its maker may do."""
    page = client.get(TOKENS)
    most = {name: re.findall(r'<option value="([^"]*)"', options)[-1] for name, options in re.findall(r'<select[^>]*name="([^"]+)"(.*?)</select>', page, re.S)}
    fields = [(name, most.get(name, value)) for name, value in Page(page).form(TOKENS)["fields"] if name not in ("name", "password")]
    _, _, text = client.request("POST", TOKENS, fields + [("name", "Bench"), ("password", PASSWORD)])
    return re.search(r"roost_[A-Za-z0-9_-]{20,}", text).group(0)


def measure(server, rounds):
    """The server must allow more requests than these (ROOST_API_RATE)."""
    people = Client(server.port).sign_in()
    programs, headers = http.client.HTTPConnection("127.0.0.1", server.port), {"Authorization": "Bearer " + token(people)}

    def ask(page, path):
        if page:
            people.get(f"{page}?per_page={ROWS}")
            return
        programs.request("GET", path + ("&" if "?" in path else "?") + f"per_page={ROWS}", headers=headers)
        answer = programs.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"GET {path} answered {answer.status}")

    used = {name: [] for name in LISTS}
    for turn in range(rounds + 1):
        for name, paths in LISTS.items():
            before = cpu(server.process.pid)
            for _ in range(1_000):
                ask(*paths)
            if turn > 0:
                used[name].append((cpu(server.process.pid) - before) * 1_000)
    best = {name: min(times) for name, times in used.items()}
    table("Lists for programs", ["", "CPU µs", "× page"], [
        [name, f"{time:.0f}", f"{time / best[name.split(',')[0] + ', page']:.2f}"] for name, time in best.items()])
