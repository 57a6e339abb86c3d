"""The crash test of Scripts/crash: crash.py BINARY CHECKOUT ROUNDS WRITERS"""
import hashlib
import http.client
import json
import random
import re
import sys
import tempfile
import threading
import time

from roost_client import Client, Page, Server, filled, stop_when_told

FILES = "/admin/crm/files"


class Writer(threading.Thread):
    """Writes until the server is killed; remembers which writes were confirmed."""

    def __init__(self, number, client, prepared):
        super().__init__(daemon=True)
        self.number, self.client, self.prepared = number, client, prepared
        self.kept, self.refusals, self.over = {}, [], False
        self.chance = random.Random(time.time_ns())

    def run(self):
        while not self.over:
            try:
                self.write(f"Crash {time.time_ns():x} {self.number}")
            except (OSError, http.client.HTTPException):
                return
            except RuntimeError as refusal:
                self.refusals.append(str(refusal))
                return

    def done(self, answer, wanted=303):
        status, location, text = answer
        if status != wanted:
            raise RuntimeError(f"{type(self).__name__} was answered {status}: {text[:200]}")
        return location or text

    def content(self):
        return self.chance.randbytes(self.chance.randint(1, 300_000))


class ContactWriter(Writer):
    """Creates contacts."""

    @staticmethod
    def prepare(client):
        return client.contact_form()

    def write(self, name):
        location = self.done(self.client.request("POST", "/admin/crm/contacts", filled(self.prepared, name=name)))
        self.kept[name] = ("contact", location)


class FileWriter(Writer):
    """Adds files to a contact with its form, and sometimes deletes one permanently."""

    @staticmethod
    def prepare(client):
        form = filled(client.contact_form(), name=f"Files {time.time_ns():x}")
        status, contact, text = client.request("POST", "/admin/crm/contacts", form)
        if status != 303:
            raise RuntimeError(f"creating answered {status}: {text[:200]}")
        return contact, client.token()

    def write(self, name):
        contact, token = self.prepared
        content = self.content()
        self.add(contact, token, name, content)
        self.kept[name] = ("file", contact, hashlib.sha256(content).hexdigest())
        if self.chance.random() < 0.2:
            href = find(self.client, name)
            # From here on it can exist or not.
            del self.kept[name]
            self.done(self.client.request("POST", href + "/trash", [("csrf_token", token)]))
            self.done(self.client.request("POST", href + "/delete", [("csrf_token", token)]))
            self.kept[name] = ("gone", href)

    def add(self, contact, token, name, content):
        self.done(self.client.request("POST", contact + "/files", [("csrf_token", token)], files=[("file", name, content)]))


class PieceWriter(FileWriter):
    """Uploads files in chunks, as browsers do."""

    def add(self, contact, token, name, content):
        begun = json.loads(self.done(self.client.request("POST", "/admin/crm/uploads", [("csrf_token", token), ("name", name), ("size", len(content))]), 201))
        offset = 0
        while offset < len(content):
            path = f"/admin/crm/uploads/{begun['id']}/bytes?offset={offset}"
            offset = json.loads(self.done(self.client.request("POST", path, content[offset:offset + 100_000], token=token), 200))["offset"]
        self.done(self.client.request("POST", contact + "/files", [("csrf_token", token), ("upload", begun["id"])]))


class InteractionWriter(FileWriter):
    """Logs interactions, each with a file."""

    def write(self, name):
        contact, token = self.prepared
        content = self.content()
        fields = [("csrf_token", token), ("type", "note"), ("body", name)]
        self.done(self.client.request("POST", contact + "/interactions", fields, files=[("file", name, content)]))
        self.kept[name] = ("interaction", contact, hashlib.sha256(content).hexdigest())


KINDS = [ContactWriter, FileWriter, PieceWriter, InteractionWriter]


def find(client, name):
    """The URL of a file by its name."""
    text = client.get(f"{FILES}?q={name.replace(' ', '+')}")
    found = re.search(rf'<a href="({FILES}/[0-9a-f-]{{36}})"[^>]*>{re.escape(name)}</a>', text)
    if not found:
        raise RuntimeError(f"no file {name}")
    return found.group(1)


def one_round(server, clients, seconds):
    """Kills the server in the middle of writes; returns what it had confirmed."""
    writers = []
    for number, client in enumerate(clients):
        kind = KINDS[number % len(KINDS)]
        writers.append(kind(number, client, kind.prepare(client)))
    for writer in writers:
        writer.start()
    time.sleep(seconds)
    server.kill()
    for writer in writers:
        writer.over = True
        writer.join()
    refused = [reason for writer in writers for reason in writer.refusals]
    if refused:
        raise RuntimeError(refused[0])
    return {name: what for writer in writers for name, what in writer.kept.items()}


def missing(client, kept):
    return [f"{name}: {what}" for name, what in kept.items() if not is_there(client, name, *what)]


def is_there(client, name, kind, place, checksum=None):
    if kind == "contact":
        status, _, text = client.request("GET", place)
        return status == 200 and name in text
    if kind == "gone":
        return client.request("GET", place)[0] == 404
    try:
        href = find(client, name)
    except RuntimeError:
        return False
    status, _, _ = client.request("GET", href)
    if status != 200 or hashlib.sha256(client.body).hexdigest() != checksum:
        return False
    return kind == "file" or name in client.get(place + "/interactions") or name in whole_feed(client, place)


def whole_feed(client, contact):
    text, path = "", contact + "/interactions"
    while path:
        page = client.get(path)
        text += page
        path = next((link["href"] for link in Page(page).links if link.get("rel") == "next"), None)
    return text


def main():
    binary, checkout, rounds, writers = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    stop_when_told()
    seed = int(time.time())
    chance, confirmed = random.Random(seed), {}
    with tempfile.TemporaryDirectory(prefix="roost-crash-") as folder:
        server = Server(binary, folder, checkout)
        server.add_owner()
        server.start()
        clients = [Client(server.port).sign_in() for _ in range(writers)]
        try:
            for number in range(1, rounds + 1):
                written = one_round(server, clients, chance.uniform(0.05, 1.5))
                confirmed |= written
                seconds = server.start()
                # The server has completed or undone what was interrupted: rows and contents have to agree.
                server.run("check")
                lost = missing(clients[0], written)
                print(f"kill {number:3}: {len(written):5} writes confirmed, {len(lost)} lost, back after {seconds * 1000:.0f} ms", flush=True)
                if lost:
                    sys.exit("lost: " + "; ".join(lost[:5]))
            lost = missing(clients[0], confirmed)
            server.stop()
            server.run("check")
        finally:
            server.stop()
    if lost or not confirmed:
        sys.exit(f"lost at the end: {lost[:5]}" if lost else "nothing was ever confirmed: the test proves nothing")
    counts = ", ".join(f"{sum(what[0] == kind for what in confirmed.values())} {kind}" for kind in ("contact", "file", "gone", "interaction"))
    print(f"{rounds} kills, {len(confirmed)} writes confirmed ({counts}), none lost (seed {seed})")


if __name__ == "__main__":
    main()
