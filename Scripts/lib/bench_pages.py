"""The cost of a page: CPU time per request, compressed as for browsers and plain, with one connection and with sixteen; Roost, Django's admin, and floor.c."""
import http.client
import importlib.util
import json
import os
import re
import statistics
import subprocess
import time
import urllib.parse

from bench_tools import cpu, table
from roost_client import EMAIL, PASSWORD, filled, free_port

# The shared benchmark is also called bench.py, so it is loaded by its path.
_spec = importlib.util.spec_from_file_location("side_by_side", os.path.join(os.environ["ROOST_BENCH"], "bench.py"))
side_by_side = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(side_by_side)

HERE, WORK = os.path.dirname(os.path.abspath(__file__)), os.environ["BENCH_WORK"]
CONTACTS, COMPANIES = "/admin/crm/contacts", "/admin/crm/companies"
# The search box of every page leads to the list too, so the form is selected by its id.
CONTACT_FORM = '"contact-form"'
ROWS = 50
CONNECTIONS = (1, 16)

# What Chromium sends when a link within the site is followed.
PLAIN = {
    "sec-ch-ua": '"Chromium";v="156", "Not-A.Brand";v="24"',
    "sec-ch-ua-mobile": "?0",
    "sec-ch-ua-platform": '"Linux"',
    "Upgrade-Insecure-Requests": "1",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7",
    "Sec-Fetch-Site": "same-origin",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-User": "?1",
    "Sec-Fetch-Dest": "document",
    "Accept-Language": "en-US,en;q=0.9",
}
BROWSER = PLAIN | {"Accept-Encoding": "gzip, deflate, br, zstd"}
ASKING = {"plain": PLAIN, "browser": BROWSER}


class Site:
    """A measured server, with one session per connection."""

    def __init__(self, target):
        self.name, self.base, self.target, self.scenarios = target["name"], target["base"], target, target["scenarios"]
        self.sessions = [side_by_side.login(target | {"headers": PLAIN}) for _ in range(max(CONNECTIONS))]

    def headers(self, asking, path="/"):
        return [session.headers() | ASKING[asking] | {"Referer": self.base + path.split("?")[0]} for session in self.sessions]

    def processes(self):
        return side_by_side.tree(self.target)

    def fetch(self, path, asking):
        """(bytes on the wire, encoding, text or None) of a page as requested."""
        where = urllib.parse.urlsplit(self.base)
        connection = http.client.HTTPConnection(where.hostname, where.port, timeout=120)
        connection.request("GET", path, headers=self.headers(asking, path)[0])
        answer = connection.getresponse()
        body, encoding = answer.read(), answer.getheader("Content-Encoding")
        connection.close()
        if answer.status != 200:
            raise RuntimeError(f"{self.name} {path} answered {answer.status} {answer.getheader('Location') or ''}")
        return len(body), encoding, None if encoding else body.decode("utf-8", "replace")

    def get(self, paths, asking, connections, secs):
        """One wrk run over one path or several, rotating the sessions, with the CPU time of the site's processes."""
        headers = self.headers(asking, paths[0])[:connections]
        lua = side_by_side.LUA_GET % ("{" + ", ".join(map(side_by_side.luatab, headers)) + "}", side_by_side.q(paths[0]))
        if len(paths) > 1:
            listed = "{" + ", ".join(map(side_by_side.q, paths)) + "}"
            lua = lua.replace(
                'for i, h in ipairs(H) do R[i] = wrk.format("GET", path, h) end',
                f'for i, p in ipairs({listed}) do R[i] = wrk.format("GET", p, H[(i - 1) % #H + 1]) end')
        return self.watched(paths[0], lua, connections, secs)

    def create(self, connections, secs):
        """One wrk run that creates a contact with each request."""
        scenario = self.scenarios["create"]
        posts = []
        for session, headers in zip(self.sessions[:connections], self.headers("browser", scenario["form"])):
            form, _ = session.form(scenario["form"], scenario["form_match"])
            action = scenario.get("post") or urllib.parse.urljoin(scenario["form"], form["attrs"].get("action") or "")
            body = urllib.parse.urlencode(filled([tuple(f) for f in form["fields"]], **scenario["fields"])).replace("%7Bn%7D", "__N__")
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.base}
            posts.append(f"{{{side_by_side.q(action)}, {side_by_side.luatab(headers)}, {side_by_side.q(body)}}}")
        ok = scenario["ok"]
        lua = side_by_side.LUA_POST % (
            "{" + ",\n".join(posts) + "}", side_by_side.q(f"{time.time_ns()}x"), side_by_side.q(ok["location_not"]), ok["status"])
        return self.watched(action, lua, connections, secs)

    def watched(self, path, lua, connections, secs):
        before = self.used()
        run = side_by_side.wrk(self.base + path, lua, connections, secs)
        after, quiet = self.used(), 0
        while quiet < 3:  # what wrk left in flight is finished, and counted
            time.sleep(0.05)
            now = self.used()
            quiet, after = (quiet + 1 if now - after < 0.02 else 0), now
        if run["errors"]:
            raise RuntimeError(f"{self.name} {path}: {run['errors']:.0f} errors in {run['n']:.0f} requests")
        return run | {"cpu": after - before, "served": run["n"] + connections}

    def used(self):
        return sum(cpu(pid) for pid in self.processes())


def microseconds(runs):
    return sum(run["cpu"] for run in runs) / sum(run["served"] for run in runs) * 1e6


def roost(server, pages):
    """The running Roost. `pages` are URLs of list pages somewhere in the middle."""
    search = f"{CONTACTS}?" + urllib.parse.urlencode({"q": "papadop", "per_page": ROWS})
    new = dict(name="Bench{n}", status="active", channel_type="email", channel_label="", channel_value="bench{n}@example.com", channel_primary="primary")
    scenarios = {
        "list": {"path": f"{CONTACTS}?per_page={ROWS}", "expect": ["@example.com", "<table", "sign-out"]},
        "list, random pages": {"paths": pages, "expect": ["@example.com", "<table"]},
        "search papadop": {"path": search, "expect": ["<table"]},
        "companies": {"path": f"{COMPANIES}?per_page={ROWS}", "expect": [COMPANIES + "/", "<table"]},
        "new": {"path": CONTACTS + "/new", "expect": ["csrf_token", 'name="name"']},
        "healthz": {"path": "/healthz", "expect": []},
        "create": {"form": CONTACTS + "/new", "form_match": CONTACT_FORM, "post": CONTACTS, "fields": new,
                   "ok": {"status": 303, "location_not": "sign-in"}},
    }
    target = {"name": "roost", "base": server.base, "pids": f"echo {server.process.pid}", "scenarios": scenarios,
              "login": {"url": "/sign-in", "fields": {"email": EMAIL, "password": PASSWORD}, "form": '"/sign-in"'}}
    site = Site(target)
    found = re.search(rf'href="({CONTACTS}/[0-9a-f-]{{36}})"', site.fetch(f"{CONTACTS}?per_page={ROWS}", "plain")[2])
    scenarios["show"] = {"path": found.group(1), "expect": ["csrf_token"]}
    scenarios["edit"] = {"path": found.group(1) + "/edit", "expect": ["csrf_token", 'name="name"']}
    return site


class Floor:
    """floor.c over Roost's database file, as a site."""

    def __init__(self, database, pages, size):
        self.binary = os.path.join(WORK, "floor")
        source = os.path.join(HERE, "floor.c")
        subprocess.run(["gcc", "-O2", "-Wall", "-o", self.binary, source, "-lmicrohttpd", "-lsqlite3", "-lzstd"], check=True)
        port = free_port()
        self.process = subprocess.Popen([self.binary, str(port), database, str(size)])
        local = [path.replace(CONTACTS, "/") for path in pages]
        scenarios = {"list": {"path": f"/?per_page={ROWS}", "expect": ["@example.com"]},
                     "list, random pages": {"paths": local, "expect": ["@example.com"]}, "healthz": {"path": "/healthz", "expect": []}}
        target = {"name": "floor in C", "base": f"http://127.0.0.1:{port}", "pids": f"echo {self.process.pid}", "scenarios": scenarios}
        side_by_side.wait_up(target)
        self.site = Site(target)

    def stop(self):
        self.process.terminate()
        self.process.wait()


def django(name, contacts):
    """Django's admin with that many contacts, started; `None` without a name."""
    if not name:
        return None
    subprocess.run(["python3", os.path.join(os.environ["ROOST_BENCH"], "mkdj.py")], check=True)
    with open(os.path.join(WORK, "targets.json")) as file:
        target = next(t for t in json.load(file)["targets"] if t["name"] == name)
    subprocess.run(target["start"], shell=True, check=True)
    side_by_side.wait_up(target)
    own = target["scenarios"]
    own["search papadop"], own["list, random pages"] = own["papadop"], own["deep"]
    own["deep"]["path"] = re.sub(r"p=\d+", f"p={min(1_000, contacts // 200)}", own["deep"]["path"])
    own["create"]["post"] = own["create"]["form"]
    own["edit"] = own["show"]
    return Site(target)


def check(site, name, scenario):
    """The bytes of a page, plain and as a browser gets it, after checking that it is the right one."""
    path = scenario.get("path") or scenario["paths"][0]
    plain, _, text = site.fetch(path, "plain")
    missing = [word for word in scenario["expect"] if word not in text]
    if missing:
        raise RuntimeError(f"{site.name} {name} {path}: {missing} missing")
    packed, encoding, _ = site.fetch(path, "browser")
    return plain, packed, encoding or "none"


def measure(sites, rounds, secs):
    """Rounds over all pages, alternating the sites, so that a noisy machine affects all of them."""
    sizes, runs = {}, {}
    for number in range(rounds):
        for name in sites[0].scenarios:
            for site in sites[number % len(sites):] + sites[:number % len(sites)]:
                scenario = site.scenarios.get(name)
                if scenario is None:
                    continue
                if "form" in scenario:
                    for connections in CONNECTIONS:
                        runs.setdefault((name, site.name, "browser", connections), []).append(site.create(connections, secs))
                    continue
                if (name, site.name) not in sizes:
                    sizes[name, site.name] = check(site, name, scenario)
                for asking in ASKING:
                    for connections in CONNECTIONS:
                        paths = scenario.get("paths") or [scenario["path"]]
                        runs.setdefault((name, site.name, asking, connections), []).append(site.get(paths, asking, connections, secs))
    report(sites, sizes, runs)


def report(sites, sizes, runs):
    lines = []
    for name in sites[0].scenarios:
        for site in sites:
            at = {key[2:]: value for key, value in runs.items() if key[:2] == (name, site.name)}
            if not at:
                continue
            cost = {key: microseconds(value) for key, value in at.items()}

            def times(connections):
                all_runs = at["browser", connections]
                return [f"{statistics.median(run[p] for run in all_runs):.2f}" for p in ("p50", "p99")]

            plain = [f"{cost['plain', c]:.0f}" if ("plain", c) in cost else "" for c in CONNECTIONS]
            ratio = f"{cost['browser', 1] / cost['plain', 1]:.2f}" if ("plain", 1) in cost else ""
            size, packed, encoding = sizes.get((name, site.name), ("", "", ""))
            lines.append([f"{name} · {site.name}", *plain, *[f"{cost['browser', c]:.0f}" for c in CONNECTIONS], ratio,
                          f"{cost['browser', 16] / cost['browser', 1]:.2f}", *times(1), *times(16), size, packed, encoding])
    table("Pages: CPU µs per request, plain and as Chromium asks (gzip, deflate, br, zstd), at 1 and 16 connections; answers in ms as Chromium asks",
          ["", "plain 1", "plain 16", "browser 1", "browser 16", "browser : plain", "16 : 1", "p50 1", "p99 1", "p50 16", "p99 16", "bytes", "sent", "by"],
          lines)
    print("  Django runs in its default setup without GZipMiddleware: its responses are plain. Its only page of a record is the form (show and edit),"
          "\n  its list has one address for random pages (1,000 pages in, or half of all). The floor has no accounts and no templates.")
