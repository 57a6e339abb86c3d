"""The main part of Scripts/bench, once the data and Django are set up: loads the data into Roost, then measures part by part, a table each."""
import argparse
import base64
import os
import random
import re
import shutil
import sqlite3
import sys
import tempfile

import bench_api
import bench_import
import bench_pages
import bench_search
import bench_start
import bench_writes
from bench_pages import CONTACTS, ROWS
from roost_client import Client, Page, Server, stop_when_told

WORK = os.environ["BENCH_WORK"]
PARTS = ["import", "pages", "api", "writes", "search", "start", "check"]
# The eight columns of the measured list, as floor.c renders them.
COLUMNS = ["name", "email", "phone", "status", "company", "city", "country", "created_at"]


def loaded(a, checkout):
    """A data folder: from an earlier run, or imported now; measured if requested."""
    folder = os.path.join(WORK, "-".join(["loaded", str(a.contacts), *a.kinds]))
    if os.path.exists(os.path.join(folder, "complete")) and "import" not in a.only:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    server = Server(a.binary, folder, checkout)
    server.add_owner()
    bench_import.measure(server, a.data, a.kinds, folder if "import" in a.only else None)
    open(os.path.join(folder, "complete"), "w").close()
    return folder


def choose_columns(client):
    """Sets the list's columns to the eight that are compared."""
    path = CONTACTS + "/columns"
    form = Page(client.get(path)).form(path)
    fields = [(n, v) for n, v in form["fields"] if n not in ("columns", "view")] + [("columns", c) for c in COLUMNS] + [("view", "table")]
    status, location, _ = client.request("POST", path, fields)
    if status != 303:
        raise RuntimeError(f"choosing columns answered {status} {location or ''}")
    heads = re.findall(r"<th[\s>].*?</th>", client.get(f"{CONTACTS}?per_page={ROWS}"), re.S)
    if len(heads) != len(COLUMNS):
        raise RuntimeError(f"the list has {len(heads)} columns instead of {len(COLUMNS)}")


def random_pages(database, count=500):
    """URLs of random pages of the list: the cursor of a row is its number and its sort value."""
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    (last,), chance = db.execute("SELECT max(seq) FROM contacts").fetchone(), random.Random(42)
    pages = []
    while len(pages) < count:
        row = db.execute("SELECT name_sort FROM contacts WHERE seq = ?", (seq := chance.randint(1, last),)).fetchone()
        if row:
            cursor = base64.urlsafe_b64encode(f"{seq}.{row[0]}".encode()).rstrip(b"=").decode()
            pages.append(f"{CONTACTS}?per_page={ROWS}&after={cursor}")
    db.close()
    return pages


def served_parts(a, server):
    database = os.path.join(server.environment["ROOST_DATA"], "roost.sqlite")
    if {"pages", "writes"} & set(a.only):
        choose_columns(Client(server.port).sign_in())
        pages = random_pages(database)
        site = bench_pages.roost(server, pages)
        if "pages" in a.only:
            floor = bench_pages.Floor(database, pages, site.fetch(pages[0], "plain")[0])
            try:
                other = bench_pages.django(a.django, a.contacts)
                bench_pages.measure([site, floor.site] + ([other] if other else []), a.rounds, a.secs)
            finally:
                floor.stop()
        if "writes" in a.only:
            bench_writes.measure(site, max(a.secs, 5))
    if "api" in a.only:
        bench_api.measure(server, a.rounds)
    if "search" in a.only:
        bench_search.measure(server, a.data)
    if "start" in a.only:
        bench_start.start(server, a.contacts)


def main():
    parser = argparse.ArgumentParser()
    for option in ("binary", "data", "django"):
        parser.add_argument("--" + option, required=True)
    for option in ("contacts", "rounds", "secs"):
        parser.add_argument("--" + option, type=int, required=True)
    parser.add_argument("--only", default=",".join(PARTS), type=lambda text: text.split(","))
    parser.add_argument("--kinds", default=",".join(bench_import.KINDS), type=lambda text: text.split(","))
    a = parser.parse_args()
    for given, known in ((a.only, PARTS), (a.kinds, bench_import.KINDS)):
        if not set(given) <= set(known):
            parser.error(f"choose from {', '.join(known)}")
    stop_when_told()
    checkout = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    source = loaded(a, checkout)
    if {"pages", "api", "writes", "search", "start", "check"} & set(a.only):
        # On a copy: the next run starts with the original data.
        with tempfile.TemporaryDirectory(prefix="roost-", dir=WORK) as folder:
            server = Server(a.binary, folder, checkout)
            shutil.copytree(os.path.join(source, "data"), server.environment["ROOST_DATA"], dirs_exist_ok=True)
            server.environment["ROOST_API_RATE"] = "1000000"
            server.start()
            try:
                served_parts(a, server)
            finally:
                server.stop()
            if "check" in a.only:
                bench_start.check(server)
    load, _, _ = os.getloadavg()
    print(f"\nMachine: {os.cpu_count()} cores, load {load:.1f}, fixed CPU work {bench_pages.side_by_side.spin():.1f} ms")


if __name__ == "__main__":
    sys.exit(main())
