"""Benchmarks pages, PDFs and writes with very many orders against 10,000: documents.py BINARY CHECKOUT ORDERS"""
import datetime
import json
import os
import random
import sqlite3
import statistics
import sys
import tempfile
import time

from bench_tools import cpu, cpu_seconds_exact, table
from roost_client import Client, Page, Server, filled, stop_when_told

ORDERS, PRODUCTS = "/admin/crm/orders", "/admin/crm/products"
CONTACTS, GOODS, FEW, ROUNDS, PAGES = 20_000, 200, 10_000, 3, 1_000
STATUSES = {"completed": 88, "confirmed": 6, "cancelled": 5, "draft": 1}
YEARS = range(2017, 2027)


class Office:
    """A server with so many orders: a few made by its forms, the others written into its database as the server would."""

    def __init__(self, binary, folder, checkout, orders):
        os.mkdir(folder)
        self.orders, self.server = orders, Server(binary, folder, checkout)
        self.server.add_owner()
        self.server.run("demo", "--contacts", str(CONTACTS))
        self.server.start()
        self.client = Client(self.server.port).sign_in()
        self.goods = [self.make_product(n) for n in range(GOODS)]
        with self.database() as db:
            self.people = db.execute("SELECT id, company_id FROM contacts WHERE status = 'active' ORDER BY seq").fetchall()
        # Their lines are those of all others.
        self.models = [self.order(self.goods[n:n + 50], "Spare valves") for n in range(0, GOODS, 50)]
        for path in self.models:
            self.post(path + "/confirm")
        self.paths = {n: self.order(self.goods[:n]) for n in (4, 50, 200)}
        self.server.stop()
        self.multiply()
        self.server.start()
        self.client.hang_up()

    def database(self):
        return sqlite3.connect(os.path.join(self.server.environment["ROOST_DATA"], "roost.sqlite"), timeout=30)

    def post(self, path, fields=None):
        status, location, text = self.client.request("POST", path, fields or [("csrf_token", self.client.token())])
        if status != 303:
            raise RuntimeError(f"POST {path} answered {status}: {text[:300]}")
        return location.split("?")[0]

    def form(self, page, action):
        return Page(self.client.get(page)).form(action)["fields"]

    def make_product(self, n):
        fields = filled(self.form(PRODUCTS + "/new", PRODUCTS), name=f"Valve {n}", sku=f"VLV{n}", price=f"{10 + n}", is_stocked="yes", allows_backorder="yes")
        return self.post(PRODUCTS, fields).rsplit("/", 1)[1]

    def order(self, goods, title="Valves"):
        """A draft with a line for each of these products."""
        return self.post(ORDERS, self.order_form(goods, title))

    def order_form(self, goods, title="Valves"):
        fields = [(n, v) for n, v in self.form(ORDERS + "/new", ORDERS) if not n.startswith("line_")]
        for product in goods:
            line = dict.fromkeys(["id", "name", "description", "unit", "price", "discount", "vat", "serials"], "") | {"kind": "item", "product_id": product, "quantity": "1"}
            fields += [("line_" + name, value) for name, value in line.items()]
        return filled(fields, contact=self.people[0][0], title=title)

    def multiply(self):
        """Orders of one to seven lines, over ten years, most of them done; with their numbers, history and stock movements."""
        db = self.database()
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA cache_size = -1000000")
        ids = [path.rsplit("/", 1)[1] for path in self.models]
        rows = [dict(db.execute("SELECT * FROM orders WHERE id = ?", (id,)).fetchone()) for id in ids]
        entries = [dict(row) for row in db.execute("SELECT * FROM activity WHERE record_id = ? ORDER BY seq", (ids[0],))]
        lines = [line for row in rows for line in json.loads(row["lines"])]
        model = rows[0]
        _, year, n = model["name"].split("-")
        title = model["words"].removeprefix(numbered(year, int(n))[3]).partition(" valve ")[0]
        if (model["name"], model["name_sort"], model["number_sort"], model["words"]) != (*numbered(year, int(n))[:3], words(year, int(n), title, lines[:50])):
            raise RuntimeError(f"the server stores an order in another way: {model}")
        first, dice = db.execute("SELECT max(seq) FROM orders").fetchone()[0] + 1, random.Random(7)
        given = dict(db.execute("SELECT year, next FROM number_series WHERE series = 'order'").fetchall())
        positions = dict(db.execute("SELECT product_id, max(position) FROM stock_movements GROUP BY product_id").fetchall())
        kinds, weights = list(STATUSES), list(STATUSES.values())
        orders, log, numbers, stock = [], [], [], []

        def flush():
            for name, found in (("orders", orders), ("activity", log), ("numbers", numbers), ("stock_movements", stock)):
                columns = list(found[0])
                db.executemany(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", [list(row.values()) for row in found])
                found.clear()

        def move(product, kind, at, on_hand=0, reserved=0, line=None, source=None):
            positions[product] = positions.get(product, 0) + 1
            stock.append({"id": f"{len(stock) + moved:08x}{model['id'][8:]}", "product_id": product, "position": positions[product], "kind": kind, "on_hand": on_hand,
                          "reserved": reserved, "line_id": line, "source_id": source, "at": at, "actor_name": "X"})

        with db:
            moved = 0
            for product in self.goods:
                move(product, "received", f"{YEARS[0]}-01-01T00:00:00.000Z", on_hand=10**12)
            for n in range(self.orders):
                day = datetime.date(YEARS[0], 1, 1) + datetime.timedelta(days=n * 3_560 // self.orders)
                id, status = f"{n:08x}{model['id'][8:]}", dice.choices(kinds, weights)[0]
                number = given[day.year] = given.get(day.year, 1)
                given[day.year] += 1
                at = f"{day}T{n % 24:02}:{n % 60:02}:00.000Z"
                chosen = [line | {"id": str(place + 1), "quantity": str(dice.randint(1, 3))} for place, line in enumerate(dice.sample(lines, n % 7 + 1))]
                net = sum(round(float(line["price"]) * 100) * int(line["quantity"]) for line in chosen)
                vat = (net * int(chosen[0]["vat_rate"]) + 50) // 100
                # One customer in twenty has half of the orders.
                contact, company = self.people[int(len(self.people) * dice.random() ** 4.3)]
                done, is_paid = status == "completed", status == "completed" and n % 50 > 0
                name = numbered(day.year, number)
                orders.append(model | {
                    "seq": first + n, "id": id, "name": name[0], "name_sort": name[1], "number_sort": name[2], "words": words(day.year, number, title, chosen), "status": status,
                    "contact_id": contact, "company_id": company, "date": str(day), "due_on": str(day + datetime.timedelta(days=14)), "lines": json.dumps(chosen, separators=(",", ":"), ensure_ascii=False),
                    "subtotal": net, "net": net, "vat": vat, "total": net + vat, "paid": net + vat if is_paid else None, "paid_currency": "EUR" if is_paid else "",
                    "payment_status": "paid" if is_paid else "pending", "fulfilment": "delivered" if done else "none", "confirmed_at": "" if status == "draft" else at,
                    "recipient": "" if status == "draft" else model["recipient"], "created_at": at, "updated_at": at})
                numbers.append({"series": "order", "year": day.year, "n": number, "text": name[0], "at": at, "actor_name": "X"})
                for entry in entries[:1 if status == "draft" else 2]:
                    log.append(entry | {"seq": None, "at": at, "record_id": id, "record_name": name[0], "changes": "[]", "before": None})
                for line in chosen if status in ("confirmed", "completed") else []:
                    quantity, place = int(line["quantity"]) * 1_000, f"{id}/{line['id']}"
                    move(line["product_id"], "reserved", at, reserved=quantity, line=place)
                    if done:
                        move(line["product_id"], "shipped", at, on_hand=-quantity, reserved=-quantity, line=place, source=place)
                if n % 10_000 == 9_999 or n + 1 == self.orders:
                    moved += len(stock)
                    flush()
            db.executemany("INSERT INTO number_series (series, year, next) VALUES ('order', ?, ?) ON CONFLICT DO UPDATE SET next = excluded.next", given.items())
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.close()


def numbered(year, n):
    """What an order's number is stored as: (name, name_sort, number_sort, the beginning of words)"""
    return f"ORD-{year}-{n:03}", f"ord {year} {n:03}", f"ord {int(year):09} {n:09}", f"ord {year} {n:03} ord{year}{n:03}"


def words(year, n, title, lines):
    found = "".join(f" {line['name'].lower()} {line['sku'].lower()}" for line in lines)
    return numbered(year, n)[3] + title + found


def pages(office):
    """(what, address) of what is asked for; the first is what the others are compared with."""
    day = datetime.date(YEARS[0], 1, 1) + datetime.timedelta(days=office.orders // 3 * 3_560 // office.orders)
    with office.database() as db:
        number = db.execute("SELECT name FROM orders WHERE date = ? LIMIT 1", (str(day),)).fetchone()[0]
        customers = [row[0] for row in db.execute("SELECT contact_id FROM orders WHERE contact_id IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC")]
    busy, usual = customers[0], customers[len(customers) // 2]
    far = ORDERS
    for _ in range(PAGES):
        following = [link["href"] for link in Page(office.client.get(far)).links if link.get("rel") == "next"]
        far = following[0] if following else far
    contacts = "/admin/crm/contacts"
    return [
        ("list of contacts", contacts), ("list of orders", ORDERS), ("… confirmed", ORDERS + "?status=confirmed"), ("… by total", ORDERS + "?sort=-total"),
        ("… by number", ORDERS + "?sort=number"), ("… to ship", ORDERS + "?filter=to_ship"), ("… not fully paid", ORDERS + "?filter=unpaid"),
        ("… overdue", ORDERS + "?filter=overdue"), ("… found by number", f"{ORDERS}?q={number}"), ("… found by product", ORDERS + "?q=valve+117"),
        (f"… after {PAGES:,} pages", far), ("board", ORDERS + "/board"), ("order, 4 lines", office.paths[4]), ("order, 50 lines", office.paths[50]),
        ("form, 50 lines", office.paths[50] + "/edit"), ("overview", "/admin/crm"), ("orders of a typical contact", f"{contacts}/{usual}/orders"),
        ("orders of the busiest contact", f"{contacts}/{busy}/orders"), ("page of the busiest contact", f"{contacts}/{busy}"), ("list of products", PRODUCTS), ("product", f"{PRODUCTS}/{office.goods[0]}"), ("number settings", "/admin/settings/crm/documents"),
        ("PDF, one page", office.paths[4] + "/confirmation.pdf"), ("PDF, 200 lines", office.paths[200] + "/confirmation.pdf")]


def page(office, path):
    """CPU milliseconds of a request, and its bytes."""
    began = time.perf_counter()
    for _ in range(3):
        office.client.get(path)
    count = max(5, min(1_500, int(1.5 / (time.perf_counter() - began))))
    before = cpu(office.server.process.pid)
    for _ in range(count):
        status, location, _ = office.client.request("GET", path)
        if status != 200:
            raise RuntimeError(f"{path} answered {status} {location or ''}")
    return (cpu(office.server.process.pid) - before) / count * 1e3, len(office.client.body)


def writes(office, path, change, count):
    """Sends a form so many times: milliseconds of CPU and until the answer."""
    used, waited = [], []
    for n in range(count):
        target, fields = change(n, path)
        before, began = cpu_seconds_exact(office.server.process.pid), time.perf_counter()
        office.post(target, fields)
        waited.append((time.perf_counter() - began) * 1e3)
        used.append((cpu_seconds_exact(office.server.process.pid) - before) * 1e3)
    waited.sort()
    return statistics.median(used), statistics.median(waited), waited[int(count * 0.99)]


def saving(office):
    """A draft of 50 lines, with another quantity each time."""
    def change(n, path):
        fields, place = [], 0
        for name, value in office.form(path + "/edit", path):
            if name == "line_quantity":
                value, place = (str(n + 2) if place == 7 else value), place + 1
            fields.append((name, value))
        return path, fields
    return writes(office, office.paths[50], change, 200)


def creating(office):
    """Orders of four lines."""
    def change(_, __):
        return ORDERS, office.order_form(office.goods[:4])
    return writes(office, None, change, 50)


def confirming(office, lines):
    def change(_, __):
        path = office.order(office.goods[:lines])
        return path + "/confirm", [("csrf_token", office.client.token())]
    return writes(office, None, change, 30)


def main():
    binary, checkout, most = sys.argv[1], sys.argv[2], int(sys.argv[3])
    stop_when_told()
    offices = []
    with tempfile.TemporaryDirectory(prefix="roost-documents-") as folder:
        try:
            for orders in sorted({min(FEW, most), most}):
                began = time.perf_counter()
                offices.append(Office(binary, os.path.join(folder, str(orders)), checkout, orders))
                print(f"{orders:,} orders: created in {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
            measure(offices)
        finally:
            for office in offices:
                office.server.stop()
        for office in offices:
            checked = office.server.run("check", check=False)
            print(f"\n{office.orders:,} orders: {checked.stdout.strip() or checked.stderr.strip()}")


def measure(offices):
    heads = [f"{office.orders:,} orders" for office in offices]
    lines, compared = [], None
    for asked in zip(*map(pages, offices)):
        found = [[] for _ in offices]
        for _ in range(ROUNDS):
            for results, office, (_, path) in zip(found, offices, asked):
                results.append(page(office, path))
        costs = [statistics.median(used for used, _ in results) for results in found]
        compared = compared or costs
        lines.append([asked[0][0], *(f"{used:.3f}" for used in costs), f"{costs[-1] / costs[0]:.2f}", f"{costs[-1] / compared[-1]:.2f}", f"{found[-1][-1][1]:,}"])
    table("Pages: CPU ms per request", ["", *heads, "many : few", ": contacts", "bytes"], lines)
    lines = []
    for name, write in (("create, 4 lines", creating), ("save, 50 lines", saving), ("confirm, 4 lines", lambda office: confirming(office, 4)), ("confirm, 50 lines", lambda office: confirming(office, 50))):
        for head, (used, median, slow) in zip(heads, map(write, offices)):
            lines.append([f"{name}, {head}", f"{used:.2f}", f"{median:.2f}", f"{slow:.2f}"])
    table("Writes: ms", ["", "CPU", "p50", "p99"], lines)


if __name__ == "__main__":
    main()
