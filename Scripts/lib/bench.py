"""What Scripts/bench does once the data and Django are there: loads the same data into Roost, compares, measures, prints one table."""
import argparse
import csv
import importlib.util
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

from roost_client import EMAIL, PASSWORD, Client, Page, Server, filled, stop_when_told

HERE = os.path.dirname(os.path.abspath(__file__))
# The shared benchmark is also called bench.py, so it is loaded by its path.
_spec = importlib.util.spec_from_file_location("side_by_side", os.path.join(os.environ["ROOST_BENCH"], "bench.py"))
side_by_side = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(side_by_side)

WORK = os.environ["BENCH_WORK"]
CONTACTS, COMPANIES = "/admin/crm/contacts", "/admin/crm/companies"
# The search box of every page leads to the list too, so the form is known by its id.
CONTACT_FORM = '"contact-form"'
ROWS = 50
# The eight columns of the measured list, by preference; a key that this Roost does not have gives way to the next one.
WANTED = ["name", "email", "phone", "status", "company", "city", "country", "created_at", "created", "job_title", "owner", "updated_at", "tags"]


def load(server, data):
    """Imports the four files into the empty folder; (measure, value) lines."""
    lines = []
    for kind in ("companies", "contacts", "memberships", "interactions"):
        path = os.path.join(data, kind + ".csv")
        rows = sum(1 for _ in open(path, encoding="utf-8", newline="")) - 1
        began = time.perf_counter()
        done = server.run("import", kind, path, check=False)
        seconds = time.perf_counter() - began
        if done.returncode != 0:
            if kind in ("companies", "contacts"):
                sys.exit(f"roost import {kind} failed: {done.stderr.strip()}")
            lines.append((f"import {kind}", f"not done: {(done.stderr.strip() or str(done.returncode)).splitlines()[-1]}"))
            continue
        lines.append((f"import {kind}", f"{rows / seconds:,.0f} /s ({rows:,} in {seconds:.1f} s)"))
    return lines


def choose_columns(client):
    """Gives the list the eight columns of the comparison; returns how many it then has."""
    path = CONTACTS + "/columns"
    text = client.get(path)
    page = Page(text)
    form = page.form(path)
    known = {v for _, v in page.buttons} | {v for n, v in form["fields"] if n == "columns"} | set(re.findall(r'data-column="([^"]+)"', text))
    columns = [key for key in WANTED if key in known][:8]
    fields = [(n, v) for n, v in form["fields"] if n not in ("columns", "view")] + [("columns", c) for c in columns] + [("view", "table")]
    status, location, _ = client.request("POST", path, fields)
    if status != 303:
        raise RuntimeError(f"choosing columns answered {status} {location or ''}")
    heads = re.findall(r"<th[\s>].*?</th>", client.get(f"{CONTACTS}?per_page={ROWS}"), re.S)
    return len([h for h in heads if "checkbox" not in h])


def walk(client, rows, step=200):
    """The list's `after` cursors, one per `step` rows, as far as `rows`: found by following the links to the next page."""
    cursors, path = [], f"{CONTACTS}?per_page={step}"
    while len(cursors) * step < rows:
        links = Page(client.get(path)).links
        following = [a for a in links if a.get("rel") == "next"] or [a for a in links if "after=" in a["href"] and "next" in str(a).lower()]
        following = following or [a for a in links if "after=" in a["href"]]
        if not following:
            break
        path = urllib.parse.urljoin(path, following[0]["href"])
        cursor = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(path).query)).get("after")
        if cursor is None or cursors and cursor == cursors[-1]:
            break
        cursors.append(cursor)
    return cursors


def page_at(cursor):
    return f"{CONTACTS}?" + urllib.parse.urlencode({"per_page": ROWS, "after": cursor})


def target(server, people, client, deep):
    """The entry of extra_targets.json: Roost as it runs now."""
    person = people[4242 % len(people)]
    name = f"{person['first_name']} {person['last_name']}"
    found = re.search(rf'href="({CONTACTS}/[0-9a-f-]{{36}})"', client.get(f"{CONTACTS}?" + urllib.parse.urlencode({"q": person["email"]})))
    show = found.group(1) if found else None
    new = dict(name="Bench{n}", status="active", channel_type="email", channel_label="", channel_value="bench{n}@example.com", channel_primary="primary")
    scenarios = {
        "list": {"path": f"{CONTACTS}?per_page={ROWS}", "expect": ["@example.com", "<table", "sign-out"]},
        "deep": {"path": page_at(deep), "expect": ["@example.com", "<table"]},
        "papadop": {"path": f"{CONTACTS}?q=papadop&per_page={ROWS}", "expect": ["Papadopoulos", "<table"]},
        "smith": {"path": f"{CONTACTS}?q=smith&per_page={ROWS}", "expect": ["Smith", "<table"]},
        "show": {"path": show, "expect": [name.split("'")[0]]},
        "new": {"path": CONTACTS + "/new", "expect": ["csrf_token", 'name="name"']},
        "create": {"form": CONTACTS + "/new", "form_match": CONTACT_FORM, "post": CONTACTS, "fields": new,
                   "ok": {"status": 303, "location_not": "sign-in"}, "check": CONTACTS + "?q=Bench{n}", "check_expect": "Bench{n}"},
        "companies": {"path": f"{COMPANIES}?per_page={ROWS}", "expect": [COMPANIES + "/", "<table"]},
    }
    if show is None:
        print(f"! {person['email']} was not found by searching: no show scenario", file=sys.stderr)
        del scenarios["show"]
    return {"name": "roost", "base": server.base, "keep": True, "pids": f"echo {server.process.pid}",
            "login": {"url": "/sign-in", "fields": {"email": EMAIL, "password": PASSWORD}, "form": '"/sign-in"'}, "scenarios": scenarios}


class Wrk:
    """wrk runs with as many sessions as connections, over one path or many."""

    def __init__(self, target, secs):
        self.base, self.secs = target["base"], secs
        self.sessions = [side_by_side.login(target) for _ in range(16)]

    def get(self, paths, connections, secs=None):
        tables = "{" + ", ".join(side_by_side.luatab(c.headers()) for c in self.sessions[:connections]) + "}"
        lua = side_by_side.LUA_GET % (tables, side_by_side.q(paths[0]))
        if len(paths) > 1:
            listed = "{" + ", ".join(map(side_by_side.q, paths)) + "}"
            # One request per path, the sessions in turn.
            lua = lua.replace(
                'for i, h in ipairs(H) do R[i] = wrk.format("GET", path, h) end',
                f'for i, p in ipairs({listed}) do R[i] = wrk.format("GET", p, H[(i - 1) % #H + 1]) end')
        return self.checked(side_by_side.wrk(self.base + paths[0], lua, connections, secs or self.secs))

    def create(self, form_fields, connections, secs):
        posts = []
        for session in self.sessions[:connections]:
            form, _ = session.form(CONTACTS + "/new", CONTACT_FORM)
            body = urllib.parse.urlencode(filled([tuple(f) for f in form["fields"]], **form_fields)).replace("%7Bn%7D", "__N__")
            headers = session.headers() | {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.base}
            posts.append(f"{{{side_by_side.q(CONTACTS)}, {side_by_side.luatab(headers)}, {side_by_side.q(body)}}}")
        lua = side_by_side.LUA_POST % ("{" + ",\n".join(posts) + "}", side_by_side.q(f"{time.time_ns()}x"), side_by_side.q("sign-in"), 303)
        return self.checked(side_by_side.wrk(self.base + CONTACTS, lua, connections, secs))

    @staticmethod
    def checked(result):
        if result["errors"]:
            raise RuntimeError(f"{result['errors']:.0f} errors in {result['n']:.0f} requests")
        return result


def queries(people, count=200):
    """What people type: beginnings of names in both scripts, whole names, addresses, telephone numbers, and what nobody is called."""
    chance, found = random.Random(42), []
    for number in range(count):
        p = chance.choice(people)
        first, last = p["first_name"], p["last_name"]
        found.append([last[:3].lower(), last[:5], first[:4].upper(), f"{first} {last}", p["email"], f"{first[:2]} {last[:3]}", p["email"].split("@")[0],
                      p["phone"].split()[-1], p["city"] or last, "zz" + last[:4]][number % 10])
    return [f"{CONTACTS}?" + urllib.parse.urlencode({"q": q, "per_page": ROWS}) for q in found]


def shown(w):
    return f"p50 {w['p50']:.2f} ms, p99 {w['p99']:.2f} ms, {w['n'] / w['secs']:,.0f} /s"


def own_measures(server, wrk, people, cursors, fields, contacts):
    """(measure, value) lines that bench.py does not have."""
    pages = [page_at(c) for c in random.Random(42).sample(cursors, min(500, len(cursors)))]
    first = f"{CONTACTS}?per_page={ROWS}"
    number = min(20_000, len(cursors) * 200 // ROWS)
    distant = page_at(cursors[number * ROWS // 200 - 1])
    search = queries(people)
    yield "list, random pages, 1 connection", shown(wrk.get(pages, 1))
    yield "list, random pages, 16 connections", shown(wrk.get(pages, 16))
    ratios = [wrk.get([distant], 1)["p50"] / wrk.get([first], 1)["p50"] for _ in range(3)]
    yield f"page {number:,} against page 1", f"p50 × {statistics.median(ratios):.2f}"
    yield f"search, {len(search)} queries, 1 connection", shown(wrk.get(search, 1))
    yield f"search, {len(search)} queries, 16 connections", shown(wrk.get(search, 16))
    reads = []
    reader = threading.Thread(target=lambda: reads.append(wrk.get(pages, 16, wrk.secs + 1)))
    reader.start()
    time.sleep(0.5)
    writes = wrk.create(fields, 16, wrk.secs)
    reader.join()
    yield "create, 16 connections, lists read meanwhile", shown(writes)
    yield "those lists, 16 connections", shown(reads[0]) if reads else "failed"
    pids = {server.process.pid}
    yield "memory after all this (PSS)", f"{side_by_side.pss_of(pids):.1f} MB"
    server.stop()
    starts = [server.start() for _ in range(10) if server.stop() == 0]
    yield "start to first answer, median of 10", f"{statistics.median(starts) * 1000:.1f} ms (least {min(starts) * 1000:.1f})"
    yield "memory when idle (PSS)", f"{side_by_side.pss_of({server.process.pid}):.1f} MB"
    size = sum(os.path.getsize(os.path.join(d, f)) for d, _, fs in os.walk(server.environment["ROOST_DATA"]) for f in fs)
    yield "data folder", f"{size / 1e6:,.0f} MB, {size / contacts:,.0f} B per contact"


def compare(django, entry, rounds, secs):
    with open(os.path.join(WORK, "extra_targets.json"), "w") as file:
        json.dump([entry], file, indent=1, ensure_ascii=False)
    bench = os.environ["ROOST_BENCH"]
    subprocess.run([sys.executable, os.path.join(bench, "mkdj.py")], check=True)
    only = ",".join(name for name in (django, "roost") if name)
    arguments = [sys.executable, os.path.join(bench, "bench.py"), "--only", only]
    subprocess.run(arguments + ["--check"], check=True)
    subprocess.run(arguments + ["--rounds", str(rounds), "--secs", str(secs)], check=True)
    if django:
        stop = next(t["stop"] for t in json.load(open(os.path.join(WORK, "targets.json")))["targets"] if t["name"] == django)
        subprocess.run(stop, shell=True, check=False)


def table(lines):
    width = max(len(name) for name, _ in lines)
    for name, value in lines:
        print(f"{name:{width}}  {value}")


def main():
    parser = argparse.ArgumentParser()
    for option in ("binary", "data", "django"):
        parser.add_argument("--" + option, required=True)
    for option in ("contacts", "rounds", "secs"):
        parser.add_argument("--" + option, type=int, required=True)
    a = parser.parse_args()
    stop_when_told()
    with open(os.path.join(a.data, "contacts.csv"), encoding="utf-8", newline="") as file:
        people = list(csv.DictReader(file))
    checkout = os.path.dirname(os.path.dirname(HERE))
    with tempfile.TemporaryDirectory(prefix="roost-", dir=WORK) as folder:
        server = Server(a.binary, folder, checkout)
        server.add_owner()
        lines = load(server, a.data)
        server.start()
        try:
            client = Client(server.port).sign_in()
            columns = choose_columns(client)
            cursors = walk(client, min(a.contacts, 20_000 * ROWS + 200))
            if not cursors:
                raise RuntimeError("the list has no link to a next page")
            deep = cursors[min(50_000 // 200, len(cursors)) - 1]
            entry = target(server, people, client, deep)
            compare(a.django, entry, a.rounds, a.secs)
            lines.append(("columns of the measured list", str(columns)))
            wrk = Wrk(entry, a.secs)
            fields = dict(entry["scenarios"]["create"]["fields"])
            for line in own_measures(server, wrk, people, cursors, fields, a.contacts):
                lines.append(line)
        finally:
            server.stop()
    load1, _, _ = os.getloadavg()
    lines.append(("machine", f"{os.cpu_count()} cores, load {load1:.1f}, fixed CPU work {side_by_side.spin():.1f} ms"))
    print()
    table(lines)


if __name__ == "__main__":
    main()
