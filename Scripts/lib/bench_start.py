"""Time from start to the first response, memory, disk usage, and `roost check`."""
import os
import statistics

from bench_pages import side_by_side
from bench_tools import Run, table


def start(server, contacts):
    server.stop()
    starts = [server.start() for _ in range(10) if server.stop() == 0]
    folder = server.environment["ROOST_DATA"]
    size = sum(os.path.getsize(os.path.join(d, f)) for d, _, files in os.walk(folder) for f in files)
    table("Start and room", ["", "value"], [
        ["start to the first answer, median of 10", f"{statistics.median(starts) * 1000:.1f} ms"],
        ["the quickest start", f"{min(starts) * 1000:.1f} ms"],
        ["memory when idle (PSS)", f"{side_by_side.pss_of({server.process.pid}):.1f} MB"],
        ["data folder", f"{size / 1e6:,.0f} MB"],
        ["bytes per contact", f"{size / contacts:,.0f}"]])


def check(server):
    run = Run([server.binary, "check"], env=server.environment, cwd=server.checkout)
    table("roost check", ["seconds", "CPU s", "peak MB", "exit"], [[f"{run.seconds:.1f}", f"{run.cpu:.1f}", f"{run.peak:.0f}", run.code]])
    if run.code != 0:
        print(f"  {run.said}")
