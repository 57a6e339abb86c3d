"""The test of Scripts/crash --full-disk: full_disk.py BINARY CHECKOUT ROUNDS. Has to be able to mount (Scripts/crash makes a namespace for it)."""
import os
import subprocess
import sys
import tempfile
import time

from crash import find
from roost_client import Client, Page, Server, filled, stop_when_told

CONTACTS = "/admin/crm/contacts"
SIZE = "96m"


class Disk:
    """A small file system, which can be filled to the last byte."""

    def __init__(self, folder):
        self.folder, self.filling = folder, os.path.join(folder, "filling")
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=700", "tmpfs", folder], check=True)

    def fill(self):
        with open(self.filling, "ab", buffering=0) as filling:
            for size in (1 << 20, 4096, 1):
                try:
                    while True:
                        filling.write(bytes(size))
                except OSError:
                    continue

    def free(self):
        os.unlink(self.filling)

    def close(self):
        subprocess.run(["umount", "--lazy", self.folder], check=False)


class Drill:
    def __init__(self, server, disk):
        self.server, self.disk, self.asked, self.kept = server, disk, 0, {}
        self.client = Client(server.port).sign_in()

    def ask(self, wanted, method, path, fields=None, client=None, **options):
        client = client or self.client
        status, location, text = client.request(method, path, fields, **options)
        self.asked += 1
        if status not in (wanted if isinstance(wanted, tuple) else (wanted,)):
            raise RuntimeError(f"{method} {path} answered {status}, not {wanted}: {text[:300]}\n{self.server.log()}")
        return status, location, text

    def post(self, wanted, path, client=None, files=None, **fields):
        client = client or self.client
        return self.ask(wanted, "POST", path, [("csrf_token", client.token())] + list(fields.items()), client, files=files)

    def create(self, name, note=""):
        """Creates a contact if there is space; otherwise the form comes back with its input."""
        status, location, text = self.post((303, 507), CONTACTS, name=name, note=note, save="yes")
        if status == 303:
            self.kept[name] = location
        elif name not in text or note.split("\n")[0] not in text:
            raise RuntimeError(f"the input is not in the response: {text[:300]}")
        return status == 303

    def fill(self):
        self.disk.fill()
        # Uses up the free space inside the database's own files next.
        for number in range(5_000):
            if not self.create(f"Full {time.time_ns():x}", "A long note. " * 500):
                return
        raise RuntimeError("the disk was never full")

    def round(self, number, contact, other):
        for path in ("/healthz", "/admin/crm", CONTACTS, f"{CONTACTS}?q=a", "/admin/crm/companies", contact, contact + "/edit", contact + "/events"):
            self.ask(200, "GET", path)
        self.create(f"Round {number} {time.time_ns():x}", "A note.\nWith two lines.")
        text = f"Nobody has room for this {number} " * 40
        for path, fields in ((contact + "/notes", {"note": text}), (contact + "/comments", {"body": text})):
            status, _, answer = self.post((303, 507), path, **fields)
            if status == 507 and text.strip()[:100] not in answer:
                raise RuntimeError(f"{path}: the input is not in the response")
        self.post((303, 507), contact + "/files", files=[("file", "large.bin", os.urandom(2_000_000))])
        # A second user signs in, signs out, and deletes.
        colleague = Client(self.server.port).sign_in()
        self.ask(200, "GET", CONTACTS, client=colleague)
        self.post(303, other + "/trash", colleague)
        self.post(303, other + "/delete", colleague, confirm=self.names[other])
        self.ask(404, "GET", other)
        self.post(303, "/sign-out", colleague)

    def prepare(self, count):
        self.names = {}
        for number in range(count):
            name = f"Kept {number}"
            if not self.create(name):
                raise RuntimeError("full before it was filled")
            self.names[self.kept[name]] = name
        first = self.kept["Kept 0"]
        self.post(303, first + "/files", files=[("file", "offer.txt", b"An offer that stays.")])
        return first

    def lost(self):
        return [name for name, place in self.kept.items() if name not in self.client.request("GET", place)[2]]


def main():
    binary, checkout, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
    stop_when_told()
    with tempfile.TemporaryDirectory(prefix="roost-full-") as folder:
        disk_folder = os.path.join(folder, "disk")
        os.mkdir(disk_folder)
        disk = Disk(disk_folder)
        server = Server(binary, folder, checkout)
        server.environment["ROOST_DATA"] = os.path.join(disk_folder, "data")
        os.mkdir(server.environment["ROOST_DATA"])
        try:
            server.add_owner()
            server.start()
            drill = Drill(server, disk)
            first = drill.prepare(rounds + 2)
            drill.fill()
            others = [place for place in drill.names if place != first]
            for number in range(rounds):
                other = others.pop()
                if number == rounds // 2:
                    # It also starts on a full disk, and after a kill.
                    server.kill()
                    server.start()
                    drill.client = Client(server.port).sign_in()
                drill.round(number, first, other)
                del drill.kept[drill.names[other]]
            offer = find(drill.client, "offer.txt")
            drill.ask(200, "GET", offer)
            if drill.client.body != b"An offer that stays.":
                raise RuntimeError("a file can't be read")
            disk.free()
            if not drill.create("Room again"):
                raise RuntimeError("there is space again, but a contact was refused")
            lost = drill.lost()
            server.stop()
            server.run("check")
        finally:
            server.stop()
            disk.close()
    if lost:
        sys.exit(f"lost: {lost[:5]}")
    print(f"{rounds} rounds on a full disk, {drill.asked} requests, {len(drill.kept)} contacts confirmed and none lost")


if __name__ == "__main__":
    main()
