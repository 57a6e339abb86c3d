"""The speed of `roost import` for the four files, compared with the sqlite3 shell inserting the same rows."""
import os
import sqlite3
import sys

from bench_tools import Run, table

KINDS = ("companies", "contacts", "memberships", "interactions")
# The tables that an import fills besides its main one.
BESIDE = {"contacts": ["memberships"], "interactions": ["interaction_parties"]}


def load(server, data, kind):
    """Imports a file; (rows, run)."""
    path = os.path.join(data, kind + ".csv")
    with open(path, "rb") as file:
        rows = sum(1 for _ in file) - 1
    run = Run([server.binary, "import", kind, path], env=server.environment, cwd=server.checkout)
    if run.code != 0:
        sys.exit(f"roost import {kind} exited {run.code}: {run.said}")
    return rows, run


def by_shell(database, kind, folder):
    """The same rows, indexes and search index, written by the sqlite3 shell into a new file from Roost's tables: nothing to parse, nothing
    to check except the constraints, no triggers. So this is a lower bound for such rows."""
    target = os.path.join(folder, f"{kind}.shell.sqlite")
    tables = [kind] + BESIDE.get(kind, [])
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    script = [f"ATTACH '{database}' AS source;", "PRAGMA cache_size = -65536;", "BEGIN;"]
    indexes, searches = [], []
    for name, on, sql in db.execute("SELECT name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid"):
        if on in tables and sql.startswith("CREATE TABLE"):
            columns = ", ".join(c[1] for c in db.execute(f"PRAGMA table_xinfo({name})") if c[6] == 0)
            script += [f"{sql};", f"INSERT INTO main.{name} ({columns}) SELECT {columns} FROM source.{name};"]
        elif on in tables and sql.startswith(("CREATE INDEX", "CREATE UNIQUE INDEX")):
            indexes.append(f"{sql};")
        elif any(f"content = '{table}'" in sql for table in tables):
            searches += [f"{sql};", f"INSERT INTO main.{name} ({name}) VALUES ('rebuild');"]
    db.close()
    run = Run(["sqlite3", "-bail", target], "\n".join(script + indexes + searches + ["COMMIT;"]))
    if run.code != 0:
        sys.exit(f"the sqlite3 shell could not insert {kind}: {run.said}")
    os.remove(target)
    return run


def report(runs, shells):
    lines = []
    for kind, (rows, run) in runs.items():
        shell = shells[kind]
        lines.append([
            kind, f"{rows:,}", f"{rows / run.seconds:,.0f}", f"{run.cpu:.1f}", f"{rows / run.cpu:,.0f}", f"{run.written / 1e6:,.0f}",
            f"{run.peak:.0f}", f"{shell.cpu:.1f}", f"{shell.written / 1e6:,.0f}", f"{run.cpu / shell.cpu:.2f}"])
    total, least = sum(run.cpu for _, run in runs.values()), sum(shell.cpu for shell in shells.values())
    lines.append(["all", "", "", f"{total:.1f}", "", f"{sum(run.written for _, run in runs.values()) / 1e6:,.0f}", "", f"{least:.1f}", "",
                  f"{total / least:.2f}"])
    table("Import, beside the sqlite3 shell that inserts the same rows (with their indexes and search index, without triggers)",
          ["", "rows", "rows/s", "CPU s", "rows/CPU s", "MB written", "peak MB", "shell CPU s", "shell MB", "CPU : shell"], lines)


def measure(server, data, kinds, folder):
    """Imports into an empty database, and with the shell, which works in `folder`, unless that is None."""
    database = os.path.join(server.environment["ROOST_DATA"], "roost.sqlite")
    runs, shells = {}, {}
    for kind in kinds:
        runs[kind] = load(server, data, kind)
        if folder:
            shells[kind] = by_shell(database, kind, folder)
    if folder:
        report(runs, shells)
