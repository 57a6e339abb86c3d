"""Shared by the parts of the bench: measured commands and servers, and tables."""
import os
import subprocess
import threading
import time

TICK = os.sysconf("SC_CLK_TCK")


def cpu(pid):
    """CPU seconds used by a process so far."""
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def cpu_seconds_exact(pid):
    """The same to the nanosecond, for the current threads: for what takes less than a tick."""
    used = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/schedstat") as stat:
            used += int(stat.read().split()[0])
    return used / 1e9


def peak(pid):
    """The peak memory of a process in MB; 0 once it has ended. Not from `wait4`: that includes its parent's memory before exec."""
    with open(f"/proc/{pid}/status") as lines:
        return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0)


def written(pid):
    """Bytes written by a process, also if it has ended and nobody has waited for it yet."""
    with open(f"/proc/{pid}/io") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("wchar:"))


class Run:
    """A finished command: `seconds`, `cpu` seconds, `written` bytes, `peak` MB, its exit `code` and its output, `said`."""

    def __init__(self, arguments, text=None, **options):
        began, self.peak = time.perf_counter(), 0
        pipe = subprocess.PIPE
        process = subprocess.Popen(arguments, stdin=pipe, stdout=subprocess.DEVNULL, stderr=pipe, text=True, **options)
        ended = threading.Event()

        def watch():
            while not ended.wait(0.02):
                self.peak = max(self.peak, peak(process.pid))

        def listen():
            self.said = process.stderr.read().strip()

        helpers = [threading.Thread(target=watch), threading.Thread(target=listen)]
        for helper in helpers:
            helper.start()
        process.stdin.write(text or "")
        process.stdin.close()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        self.seconds = time.perf_counter() - began
        ended.set()
        for helper in helpers:
            helper.join()
        self.written = written(process.pid)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = self.code = os.waitstatus_to_exitcode(status)
        self.cpu = usage.ru_utime + usage.ru_stime


def table(title, heads, rows):
    """Prints a table: the first column left-aligned, the others right-aligned."""
    widths = [max(len(str(cell)) for cell in column) for column in zip(heads, *rows)]
    print(f"\n{title}")
    for row in [heads, *rows]:
        cells = [str(cell).ljust(width) if number == 0 else str(cell).rjust(width) for number, (cell, width) in enumerate(zip(row, widths))]
        print("  " + "  ".join(cells).rstrip())
