"""Search latency: many different queries one after another, first with a cold page cache, then again."""
import csv
import http.client
import itertools
import os
import random
import socket
import statistics
import time
import urllib.parse

from bench_pages import BROWSER, CONTACTS, ROWS
from bench_tools import cpu_seconds_exact, table
from roost_client import Client

PER_KIND = 80


def sample(path, count, chance):
    """About `count` rows spread over a CSV file."""
    with open(path, "rb") as file:
        step = max(1, sum(1 for _ in file) // count)
    with open(path, encoding="utf-8", newline="") as file:
        return list(itertools.islice(csv.DictReader(file), chance.randrange(step), None, step))


def queries(data):
    """{kind: queries}, all different."""
    chance = random.Random(42)
    people = sample(os.path.join(data, "contacts.csv"), 4_000, chance)
    companies = sample(os.path.join(data, "companies.csv"), 1_000, chance)
    greek = [p for p in people if p["last_name"] > "Α"]

    def beginning(of, fewest, most):
        person = chance.choice(of)
        return chance.choice([person["first_name"], person["last_name"]])[: chance.randint(fewest, most)]

    kinds = {
        "names": lambda: "{first_name} {last_name}".format_map(chance.choice(people)),
        "1–3 letters": lambda: beginning(people, 1, 3).lower(),
        "4–8 letters": lambda: beginning(people, 4, 8),
        "two beginnings": lambda: "{first_name:.2} {last_name:.3}".format_map(chance.choice(people)),
        "Greek": lambda: beginning(greek, 2, 8).upper(),
        "e-mail addresses": lambda: chance.choice(people)["email"],
        "companies": lambda: " ".join(chance.choice(companies)["name"].split()[: chance.randint(1, 4)]),
        "phone numbers": lambda: chance.choice(people)["phone"][: chance.choice([7, 10, 99])],
        "misses": lambda: "zq" + beginning(people, 1, 5).lower(),
    }
    found, seen = {}, set()
    for kind, make in kinds.items():
        found[kind] = []
        for _ in range(PER_KIND * 40):
            query = make()
            if len(found[kind]) < PER_KIND and query not in seen:
                seen.add(query)
                found[kind].append(query)
    return found


class Asking:
    """One kept-alive connection that only measures time: everything else is prepared."""

    def __init__(self, server):
        client = Client(server.port).sign_in()
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        headers = BROWSER | {"Host": f"127.0.0.1:{server.port}", "Cookie": cookies}
        self.head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.socket = socket.create_connection(("127.0.0.1", server.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def seconds(self, path):
        request = f"GET {path} HTTP/1.1\r\n{self.head}\r\n".encode()
        began = time.perf_counter()
        self.socket.sendall(request)
        answer = http.client.HTTPResponse(self.socket)
        answer.begin()
        answer.read()
        took = time.perf_counter() - began
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
        return took


def forget(path):
    """Drops a file from the page cache."""
    with open(path, "rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def rounds(server, asked):
    """[(kind, query, seconds, CPU seconds)] of each query once."""
    asking, times = Asking(server), []
    for kind, query in asked:
        before = cpu_seconds_exact(server.process.pid)
        seconds = asking.seconds(f"{CONTACTS}?" + urllib.parse.urlencode({"q": query, "per_page": ROWS}))
        times.append((kind, query, seconds, cpu_seconds_exact(server.process.pid) - before))
    return times


def percentiles(times, at):
    ordered = sorted(time[at] * 1e3 for time in times)
    return [f"{statistics.median(ordered):.2f}", f"{ordered[int(len(ordered) * 0.99)]:.2f}"]


def measure(server, data):
    kinds = queries(data)
    asked = [(kind, query) for kind, found in kinds.items() for query in found]
    random.Random(7).shuffle(asked)
    server.stop()
    folder = server.environment["ROOST_DATA"]
    for name in os.listdir(folder):
        if name.startswith("roost.sqlite"):
            forget(os.path.join(folder, name))
    server.start()
    cold, warm = rounds(server, asked), rounds(server, asked)
    lines = []
    for kind in ["all", *kinds]:
        parts = [[t for t in times if kind in ("all", t[0])] for times in (cold, warm)]
        cells = [cell for part in parts for at in (2, 3) for cell in percentiles(part, at)]
        lines.append([kind, len(parts[0]), *cells])
    table(f"Search: {len(asked)} different queries, one connection, ms; cold is a new process with nothing of the file in memory",
          ["", "queries"] + [f"{state} {what}{p}" for state in ("cold", "warm") for what in ("", "CPU ") for p in ("p50", "p99")], lines)
    for name, times, at in (("when cold", cold, 2), ("when warm", warm, 2), ("in CPU when warm", warm, 3)):
        slowest = sorted(times, key=lambda t: -t[at])[:6]
        print(f"  most {name}: " + ", ".join(f"“{t[1]}” {t[at] * 1e3:.1f}" for t in slowest))
