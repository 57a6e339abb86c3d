"""The crash test of Scripts/crash --numbers: crash_numbers.py BINARY CHECKOUT KILLS WRITERS ORDERS

Processes create orders at once while the server is killed again and again, and one in five of them is undone after it has taken its number.
Then 16 processes confirm orders of the last 10 pieces of a product."""
import http.client
import multiprocessing
import os
import random
import socket
import sqlite3
import sys
import tempfile
import time

from roost_client import Client, Page, Server, filled, stop_when_told

CONTACTS, ORDERS, PRODUCTS = "/admin/crm/contacts", "/admin/crm/orders", "/admin/crm/products"
ADMINS, PIECES = 16, 10


def form(client, page, action):
    return Page(client.get(page)).form(action)["fields"]


def order_form(fields, title, **line):
    blank = dict.fromkeys(["id", "product_id", "name", "description", "unit", "price", "discount", "vat", "serials"], "") | {"kind": "item", "quantity": "1"}
    return filled([(n, v) for n, v in fields if not n.startswith("line_")], title=title, **{"line_" + name: value for name, value in (blank | line).items()})


def path(answer):
    status, location, text = answer
    if status != 303:
        raise RuntimeError(f"answered {status}: {text[:200]}")
    return location.split("?")[0]


def wait_for(port):
    """Returns when the server is back."""
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            time.sleep(0.01)


class Writers:
    """Processes that create so many orders together."""

    def __init__(self, clients, contact, orders):
        self.left, self.contact = multiprocessing.Value("i", orders), contact
        self.answers = multiprocessing.Queue()
        self.processes = [multiprocessing.Process(target=self.write, args=(n, client), daemon=True) for n, client in enumerate(clients)]

    def write(self, number, client):
        client.hang_up()
        fields, confirmed, undone, lost = None, [], 0, 0
        while (n := self.take()) is not None:
            try:
                fields = fields or filled(form(client, ORDERS + "/new", ORDERS), contact=self.contact)
                is_undone = n % 5 == 0
                status, location, text = client.request("POST", ORDERS, order_form(fields, f"{'Undone' if is_undone else 'Order'} {n}", name="Valve", price="1"))
                if status == 500 and is_undone:
                    undone += 1
                elif status == 303 and not is_undone:
                    confirmed.append(location.split("?")[0].rsplit("/", 1)[1])
                else:
                    self.answers.put(f"order {n} was answered {status}: {text[:200]}")
                    return
            except (OSError, http.client.HTTPException):
                # The order may be there or not; the numbers are gapless in either case.
                lost += 1
                wait_for(client.port)
        self.answers.put((confirmed, undone, lost))

    def take(self):
        with self.left.get_lock():
            if self.left.value <= 0:
                return None
            self.left.value -= 1
            return self.left.value

    def finish(self):
        found = [self.answers.get(timeout=600) for _ in self.processes]
        refused = [reason for reason in found if isinstance(reason, str)]
        if refused:
            raise RuntimeError(refused[0])
        return [id for ids, _, _ in found for id in ids], sum(undone for _, undone, _ in found), sum(lost for _, _, lost in found)


def create(server, database, kills, writers, orders):
    client = Client(server.port).sign_in()
    contact = path(client.request("POST", CONTACTS, filled(client.contact_form(), name="Customer"))).rsplit("/", 1)[1]
    # The transaction fails when the order is inserted, after its number was taken.
    with sqlite3.connect(database) as db:
        db.execute("CREATE TRIGGER undone BEFORE INSERT ON orders WHEN new.title LIKE 'Undone%' BEGIN SELECT raise(ABORT, 'undone by the drill'); END")
    server.restart()
    group = Writers([Client(server.port).sign_in() for _ in range(writers)], contact, orders)
    for process in group.processes:
        process.start()
    for n in range(kills, 0, -1):
        # Spread over the work, at a random moment.
        while group.left.value > orders * n // (kills + 1) and any(process.is_alive() for process in group.processes):
            time.sleep(0.01)
        time.sleep(random.uniform(0, 0.2))
        server.kill()
        server.start()
    confirmed, undone, lost = group.finish()
    server.stop()
    with sqlite3.connect(database) as db:
        db.execute("DROP TRIGGER undone")
        rows = db.execute("SELECT id, name FROM orders").fetchall()
        series = db.execute("SELECT year, next - 1 FROM number_series WHERE series = 'order'").fetchall()
        given = db.execute("SELECT year, count(*), max(n), count(voided_at) FROM numbers WHERE series = 'order' GROUP BY year").fetchall()
        unrecorded = db.execute("SELECT count(*) FROM orders WHERE name NOT IN (SELECT text FROM numbers WHERE series = 'order')").fetchone()[0]
    missing = set(confirmed) - {id for id, _ in rows}
    numbers = {name for _, name in rows}
    if missing or len(numbers) != len(rows) or unrecorded:
        sys.exit(f"{len(missing)} confirmed orders are gone, {len(rows) - len(numbers)} numbers are double, {unrecorded} orders have an unrecorded number")
    if sorted(series) != sorted((year, last) for year, _, last, _ in given) or any(count != last or voided for _, count, last, voided in given):
        sys.exit(f"not gapless: {series} {given}")
    if sum(last for _, last in series) != len(rows):
        sys.exit(f"{len(rows)} orders, but numbers up to {series}")
    print(f"{writers} processes, {kills} kills: {len(rows)} orders ({len(confirmed)} confirmed, {undone} undone, {lost} without an answer), gapless, none double")


def last_pieces(server, database):
    """All confirm at once; as many as there are pieces succeed."""
    client = Client(server.port).sign_in()
    product = path(client.request("POST", PRODUCTS, filled(form(client, PRODUCTS + "/new", PRODUCTS), name="Valve", sku="V1", price="10", is_stocked="yes")))
    stock = product + "/stock"
    path(client.request("POST", stock, filled(form(client, stock, stock), kind="received", quantity=str(PIECES), reason="Drill")))
    contact = path(client.request("POST", CONTACTS, filled(client.contact_form(), name="Buyer"))).rsplit("/", 1)[1]
    fields = filled(form(client, ORDERS + "/new", ORDERS), contact=contact)
    drafts = [path(client.request("POST", ORDERS, order_form(fields, f"Last {n}", product_id=product.rsplit("/", 1)[1]))) for n in range(ADMINS)]
    clients = [Client(server.port).sign_in() for _ in drafts]
    start, answers = multiprocessing.Barrier(ADMINS), multiprocessing.Queue()

    def confirm(client, draft):
        client.hang_up()
        token = client.token()
        start.wait()
        answers.put(client.request("POST", draft + "/confirm", [("csrf_token", token)])[0])

    processes = [multiprocessing.Process(target=confirm, args=pair) for pair in zip(clients, drafts)]
    for process in processes:
        process.start()
    found = sorted(answers.get(timeout=60) for _ in processes)
    with sqlite3.connect(database) as db:
        confirmed = db.execute("SELECT count(*) FROM orders WHERE status = 'confirmed' AND title LIKE 'Last %'").fetchone()[0]
        reserved = db.execute("SELECT sum(reserved) FROM stock_movements WHERE product_id = ?", (product.rsplit("/", 1)[1],)).fetchone()[0] / 1000
    if (confirmed, reserved) != (PIECES, PIECES) or max(found) >= 500:
        sys.exit(f"{confirmed} confirmed, {reserved} reserved of {PIECES}; answered {found}")
    print(f"{ADMINS} processes, {PIECES} pieces: {confirmed} orders confirmed, {reserved:.0f} pieces reserved (answers {found})")


def main():
    binary, checkout, kills, writers, orders = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])
    stop_when_told()
    multiprocessing.set_start_method("fork")
    with tempfile.TemporaryDirectory(prefix="roost-numbers-") as folder:
        server = Server(binary, folder, checkout)
        server.add_owner()
        server.start()
        database = os.path.join(server.environment["ROOST_DATA"], "roost.sqlite")
        try:
            create(server, database, kills, writers, orders)
            server.run("check")
            server.start()
            last_pieces(server, database)
            server.stop()
            server.run("check")
        finally:
            server.stop()


if __name__ == "__main__":
    main()
