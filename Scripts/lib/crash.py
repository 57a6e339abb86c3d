"""The drill behind Scripts/crash: crash.py BINARY CHECKOUT ROUNDS WRITERS"""
import http.client
import random
import sys
import tempfile
import threading
import time

from roost_client import Client, Server, filled, stop_when_told


class Writer(threading.Thread):
    """Creates contacts until the server is gone; remembers each that was answered 303."""

    def __init__(self, number, client, fields):
        super().__init__(daemon=True)
        self.number, self.client, self.fields = number, client, fields
        self.kept, self.refusals, self.over = {}, [], False

    def run(self):
        count = 0
        while not self.over:
            count += 1
            name = f"Crash {time.time_ns():x} {self.number} {count}"
            try:
                status, location, text = self.client.request("POST", "/admin/crm/contacts", filled(self.fields, name=name))
            except (OSError, http.client.HTTPException):
                return
            if status == 303:
                self.kept[location] = name
            else:
                self.refusals.append(f"creating answered {status}: {text[:200]}")
                return


def one_round(server, clients, seconds):
    """Kills the server in the midst of writes; the contacts that it had confirmed."""
    forms = [client.contact_form() for client in clients]
    writers = [Writer(number, client, form) for number, (client, form) in enumerate(zip(clients, forms))]
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
    return {location: name for writer in writers for location, name in writer.kept.items()}


def missing(client, contacts):
    lost = []
    for location, name in contacts.items():
        status, _, text = client.request("GET", location)
        if status != 200 or name not in text:
            lost.append(f"{name} at {location}: {status}")
    return lost


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
                server.run("check")
                seconds = server.start()
                lost = missing(clients[0], written)
                print(f"kill {number:2}: {len(written):5} contacts confirmed, {len(lost)} lost, back after {seconds * 1000:.0f} ms", flush=True)
                if lost:
                    sys.exit("lost: " + "; ".join(lost[:5]))
            lost = missing(clients[0], confirmed)
            server.stop()
            server.run("check")
        finally:
            server.stop()
    if lost or not confirmed:
        sys.exit(f"lost at the end: {lost[:5]}" if lost else "no contact was ever confirmed: the drill proves nothing")
    print(f"{rounds} kills, {len(confirmed)} contacts confirmed, none lost (seed {seed})")


if __name__ == "__main__":
    main()
