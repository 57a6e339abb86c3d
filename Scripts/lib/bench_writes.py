"""The duration of a create: alone, and while browsers read lists."""
import threading
import time

from bench_pages import microseconds
from bench_tools import table


def line(name, run):
    return [name, f"{run['p50']:.2f}", f"{run['p99']:.2f}", f"{run['max']:.1f}", f"{run['n'] / run['secs']:,.0f}"]


def measure(site, secs):
    lists, heads = site.scenarios["list, random pages"]["paths"], ["", "p50 ms", "p99 ms", "most ms", "per s", "CPU µs"]
    lines = []
    for connections in (1, 16):
        run = site.create(connections, secs)
        lines.append(line(f"creates, {connections} connections, alone", run) + [f"{microseconds([run]):.0f}"])
    reads = []
    # The readers start before the writers and end after them. Their CPU time can't be told apart.
    reader = threading.Thread(target=lambda: reads.append(site.get(lists, "browser", 16, secs + 2)))
    reader.start()
    time.sleep(1)
    writes = site.create(16, secs)
    reader.join()
    lines.append(line("creates, 16 connections, beside 16 that read lists", writes) + [""])
    lines += [line("those lists", run) + [""] for run in reads]
    table(f"Writes: a contact with each request, {secs} s each", heads, lines)
