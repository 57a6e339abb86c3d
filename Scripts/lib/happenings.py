"""The cost of a record with a long history, of open pages, and of a large upload: happenings.py BINARY CHECKOUT"""
import json
import os
import selectors
import socket
import sqlite3
import statistics
import sys
import tempfile
import time

from bench_tools import cpu
from roost_client import Client, Page, Server, filled, stop_when_told

INTERACTIONS, FILES, COMMENTS, ENTRIES, PAGES = 10_000, 2_000, 500, 10_000, 1_000


def status(server, name):
    with open(f"/proc/{server.process.pid}/status") as lines:
        return int(next(line for line in lines if line.startswith(name + ":")).split()[1])


def pss(server):
    with open(f"/proc/{server.process.pid}/smaps_rollup") as lines:
        return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) / 1000


def cost(server, client, path, count=1_500):
    """(CPU per request in µs, median response time in ms, bytes)"""
    for _ in range(50):
        client.get(path)
    times, before = [], cpu(server.process.pid)
    for _ in range(count):
        start = time.perf_counter()
        status, _, _ = client.request("GET", path)
        times.append(time.perf_counter() - start)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}")
    return (cpu(server.process.pid) - before) / count * 1e6, statistics.median(times) * 1e3, len(client.body)


def contact(client, name):
    status, path, text = client.request("POST", "/admin/crm/contacts", filled(client.contact_form(), name=name))
    if status != 303:
        raise RuntimeError(f"creating answered {status}: {text[:200]}")
    return path


def fill(server, client, path, token, interactions, files, comments, entries):
    """A lot of data for one record, written directly into the database as the server would."""
    pixel = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c636800000082008177cd72b60000000049454e44ae426082")
    for tab, name, content in (("files", "paper.txt", b"x" * 1_000_000), ("images", "pixel.png", pixel)):
        status, _, text = client.request("POST", f"{path}/{tab}", [("csrf_token", token)], files=[("file", name, content)])
        if status != 303:
            raise RuntimeError(f"adding a file answered {status}: {text[:300]}")
    record = path.rsplit("/", 1)[1]
    db = sqlite3.connect(os.path.join(server.environment["ROOST_DATA"], "roost.sqlite"), timeout=30)
    with db:
        db.executemany(
            "INSERT INTO interactions (id, record_id, type, subject, body, occurred_at, created_at, updated_at) VALUES (?, ?, 'call', ?, ?, ?, '', '')",
            ((f"{n:08x}-{record[9:]}", record, f"Subject {n}", "**Some** words\n\n- one\n- two", f"2020-{n % 12 + 1:02}-{n % 28 + 1:02}T10:{n % 60:02}:00.000Z") for n in range(interactions)))
        db.executemany(
            "INSERT INTO files (id, folder_id, name, name_folded, type, size, checksum, width, height, created_at) SELECT ?, folder_id, ?, name_folded, type, size, checksum, width, height, created_at FROM files WHERE name = ? AND folder_id IN (SELECT id FROM folders WHERE record_id = ?) LIMIT 1",
            ((f"{n:08x}-{record[9:]}", f"{n}.bin", name, record) for name, first in (("paper.txt", 0), ("pixel.png", files)) for n in range(first, first + files)))
        start = db.execute("SELECT coalesce(max(seq), 0) FROM comments").fetchone()[0]
        db.executemany(
            "INSERT INTO comments (seq, id, record_id, thread, author_name, body, created_at) VALUES (?1, ?2, ?3, ?1, 'X', 'Some **words**', '2026-01-01T00:00:00.000Z')",
            ((start + n + 1, f"{n:08x}-{record[9:]}", record) for n in range(comments)))
        db.executemany(
            "INSERT INTO activity (at, actor_name, action, record_type, record_id, record_name, changes) VALUES ('2026-01-01T00:00:00.000Z', 'X', 'contact.updated', 'contact', ?, 'Y', ?)",
            ((record, '[{"field":"city","before":"a","after":"b"}]') for _ in range(entries)))
    db.close()


def tabs(server, client, token):
    """A record with one page of everything, compared with one with very much."""
    small, large = contact(client, "A page of each"), contact(client, "Very much of each")
    fill(server, client, small, token, 51, 61, 21, 51)
    fill(server, client, large, token, INTERACTIONS, FILES, COMMENTS, ENTRIES)
    for tab, rows in {"interactions": 51, "files": 61, "images": 61, "comments": 21, "events": 51}.items():
        few, many = cost(server, client, f"{small}/{tab}"), cost(server, client, f"{large}/{tab}")
        yield f"{tab}, of {rows}", f"{few[0]:.0f} µs CPU, {few[1]:.2f} ms, {few[2] / 1000:.0f} KB"
        yield f"{tab}, of very many", f"{many[0]:.0f} µs CPU, {many[1]:.2f} ms: {many[0] - few[0]:+.0f} µs"
    page = large + "/interactions"
    for _ in range(100):
        page = next(link["href"] for link in Page(client.get(page)).links if link.get("rel") == "next")
    deep = cost(server, client, page)
    yield "interactions, page 101", f"{deep[0]:.0f} µs CPU, {deep[1]:.2f} ms"


def open_pages(server, client, token):
    """Many pages with live updates, and their latency."""
    # A browser has at most two dozen.
    browsers = [Client(server.port).sign_in() for _ in range(PAGES // 20)]
    before, threads = pss(server), status(server, "Threads")
    listening = []
    for number in range(PAGES):
        cookie = "; ".join(f"{name}={value}" for name, value in browsers[number % len(browsers)].cookies.items())
        one = socket.create_connection(("127.0.0.1", server.port))
        one.sendall(f"GET /admin/crm/live HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nCookie: {cookie}\r\n\r\n".encode())
        listening.append(one)
    for one in listening:
        if b"retry" not in one.recv(4_096):
            one.recv(4_096)
    time.sleep(1)
    yield f"{PAGES:,} open pages", f"{pss(server) - before:.1f} MB more, {status(server, 'Threads') - threads:+} threads"
    first, last = [], []
    with selectors.DefaultSelector() as waiting:
        for one in listening:
            one.setblocking(False)
            waiting.register(one, selectors.EVENT_READ)
        path = contact(client, "Heard of")
        time.sleep(0.5)
        drain(waiting)
        for _ in range(30):
            client.request("POST", path + "/notes", [("csrf_token", token), ("note", "x")])
            start = time.perf_counter()
            heard = set()
            while len(heard) < PAGES and time.perf_counter() - start < 5:
                for key, _ in waiting.select(1):
                    if b"data:" in key.fileobj.recv(65_536):
                        heard.add(key.fd)
                        if len(heard) == 1:
                            first.append(time.perf_counter() - start)
            if len(heard) < PAGES:
                raise RuntimeError(f"only {len(heard)} of {PAGES} heard")
            last.append(time.perf_counter() - start)
    yield "after a write was answered: first page hears", f"median {statistics.median(first) * 1e3:.1f} ms, most {max(first) * 1e3:.1f} ms"
    yield "… the last of them", f"median {statistics.median(last) * 1e3:.1f} ms, most {max(last) * 1e3:.1f} ms"
    for one in listening:
        one.close()


def drain(waiting):
    while ready := waiting.select(0):
        for key, _ in ready:
            key.fileobj.recv(65_536)


def large_upload(server, client, token):
    """100 MB in one form, and in chunks."""
    path = contact(client, "Large")
    content = os.urandom(100_000_000)
    for name in ("one form", "pieces"):
        # Resets the peak, so that this upload's own is measured.
        with open(f"/proc/{server.process.pid}/clear_refs", "w") as reset:
            reset.write("5")
        before, start, used = status(server, "VmHWM"), time.perf_counter(), cpu(server.process.pid)
        if name == "one form":
            answer = client.request("POST", path + "/files", [("csrf_token", token)], files=[("file", "large.bin", content)])
        else:
            begun = json.loads(client.request("POST", "/admin/crm/uploads", [("csrf_token", token), ("name", "pieces.bin"), ("size", len(content))])[2])
            offset = 0
            while offset < len(content):
                piece = content[offset:offset + begun["piece"]]
                offset = json.loads(client.request("POST", f"/admin/crm/uploads/{begun['id']}/bytes?offset={offset}", piece, token=token)[2])["offset"]
            answer = client.request("POST", path + "/files", [("csrf_token", token), ("upload", begun["id"])])
        if answer[0] != 303:
            raise RuntimeError(f"the upload answered {answer[0]}: {answer[2][:200]}")
        seconds = time.perf_counter() - start
        yield f"100 MB in {name}", f"{seconds:.1f} s, {cpu(server.process.pid) - used:.1f} s CPU, {(status(server, 'VmHWM') - before) / 1000:+.1f} MB at most"


def main():
    binary, checkout = sys.argv[1:3]
    stop_when_told()
    lines = []
    with tempfile.TemporaryDirectory(prefix="roost-happenings-") as folder:
        server = Server(binary, folder, checkout)
        server.add_owner()
        server.run("demo", "--contacts", "200")
        server.start()
        try:
            client = Client(server.port).sign_in()
            token = client.token()
            for part in (tabs, open_pages, large_upload):
                for name, value in part(server, client, token):
                    lines.append((name, value))
                    print(f"{name:48}  {value}", flush=True)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
