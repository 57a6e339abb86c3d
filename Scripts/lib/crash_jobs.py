"""The crash test of Scripts/crash --jobs: crash_jobs.py BINARY CHECKOUT ROUNDS"""
import os
import random
import sqlite3
import sys
import tempfile
import time
import uuid

from roost_client import Client, Server, filled, stop_when_told

EXPIRED, FRESH, FILES = 30_000, 100, 300


class Drill:
    def __init__(self, server):
        self.server = server
        self.database = os.path.join(server.environment["ROOST_DATA"], "roost.sqlite")
        self.backups = os.path.join(server.environment["ROOST_DATA"], "backups")

    def sql(self, statement, values=()):
        with sqlite3.connect(self.database, timeout=60) as connection:
            return connection.execute(statement, values).fetchall()

    def many(self, statement, rows):
        with sqlite3.connect(self.database, timeout=60) as connection:
            connection.executemany(statement, rows)

    def prepare(self):
        """An owner, and files for backups to copy."""
        self.server.add_owner()
        self.server.start()
        client = Client(self.server.port).sign_in()
        status, contact, text = client.request("POST", "/admin/crm/contacts", filled(client.contact_form(), name="Files"))
        if status != 303:
            raise RuntimeError(f"creating answered {status}: {text[:200]}")
        for start in range(0, FILES, 50):
            files = [("file", f"{number}.bin", os.urandom(40_000)) for number in range(start, start + 50)]
            client.request("POST", contact + "/files", [("csrf_token", client.token())], files=files)
        self.server.stop()
        # Each removed row leaves a trace, so that a step that happened twice would be seen.
        self.sql("CREATE TABLE traces (form_key TEXT NOT NULL)")
        self.sql("CREATE TRIGGER trace AFTER DELETE ON sent_forms BEGIN INSERT INTO traces VALUES (old.form_key); END")

    def ask(self, kind, lane):
        now = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
        self.sql(
            "INSERT INTO jobs (id, kind, lane, priority, arguments, unique_key, run_at, created_at) VALUES (?, ?, ?, 2, '{}', ?, ?, ?)",
            (str(uuid.uuid4()), kind, lane, kind, now, now))

    def round(self, number, waits):
        user = self.sql("SELECT id FROM users LIMIT 1")[0][0]
        row = "INSERT INTO sent_forms (user_id, form_key, content, request_id, outcome_id, sent_at) VALUES (?, ?, '', '', '', ?)"
        self.many(row, ((user, f"old {number} {n}", "2020-01-01T00:00:00.000Z") for n in range(EXPIRED)))
        self.many(row, ((user, f"new {number} {n}", "2099-01-01T00:00:00.000Z") for n in range(FRESH)))
        before = set(self.complete())
        self.ask("housekeeping", "short")
        self.ask("backup", "long")
        self.server.start()
        while not self.sql("SELECT 1 FROM jobs WHERE status <> 'waiting'"):
            time.sleep(0.002)
        time.sleep(random.uniform(0, 0.4))
        self.server.kill()
        killed = self.sql("SELECT count(*) FROM jobs WHERE status = 'running'")[0][0]
        if not waits:
            # Not waiting a minute for each: the same as if it had passed.
            self.sql("UPDATE jobs SET leased_until = '2000-01-01T00:00:00.000Z' WHERE status = 'running'")
        self.server.start()
        began = time.monotonic()
        while self.sql("SELECT 1 FROM jobs WHERE status IN ('waiting', 'running')"):
            if time.monotonic() - began > 180:
                raise RuntimeError("jobs are not done after three minutes")
            time.sleep(0.05)
        took = time.monotonic() - began
        self.server.stop()
        problems = [f"{kind} {status}: {failure}" for kind, status, failure in self.sql("SELECT kind, status, failure FROM jobs WHERE status <> 'done'")]
        removed, distinct = self.sql("SELECT count(*), count(DISTINCT form_key) FROM traces")[0]
        if removed != EXPIRED * number or distinct != removed:
            problems.append(f"{removed} rows removed, {distinct} of them different, instead of {EXPIRED * number}")
        kept = self.sql("SELECT count(*) FROM sent_forms WHERE form_key LIKE 'new %'")[0][0]
        if kept != FRESH * number:
            problems.append(f"{kept} fresh rows are left instead of {FRESH * number}")
        new = set(self.complete()) - before
        if len(new) != 1:
            problems.append(f"{len(new)} new backups instead of 1")
        if [name for name in os.listdir(self.backups) if name.endswith(".partial")]:
            problems.append("an incomplete backup was left")
        for name in new:
            count = sum(len(files) for _, _, files in os.walk(os.path.join(self.backups, name, "media")))
            if count != FILES:
                problems.append(f"the backup has {count} files instead of {FILES}")
        check = self.server.run("check", "--quick", check=False)
        if check.returncode != 0:
            problems.append(check.stderr.strip())
        again = self.sql("SELECT count(*) FROM jobs WHERE attempts = 2")[0][0]
        if again != killed:
            problems.append(f"{again} jobs were taken over, {killed} were killed")
        self.sql("DELETE FROM jobs")
        return killed, took, problems

    def complete(self):
        return [name for name in os.listdir(self.backups) if not name.endswith(".partial")] if os.path.isdir(self.backups) else []


def main():
    binary, checkout, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
    stop_when_told()
    with tempfile.TemporaryDirectory(prefix="roost-crash-") as folder:
        server = Server(binary, folder, checkout)
        drill = Drill(server)
        taken, faults = 0, 0
        try:
            drill.prepare()
            for number in range(1, rounds + 1):
                waits = number == 1
                killed, took, problems = drill.round(number, waits)
                taken += killed
                faults += len(problems)
                waited = " (the lease ran out by itself)" if waits else ""
                print(f"kill {number:3}: {killed} of 2 jobs were running, all done {took:.1f} s after the restart{waited}", *problems, sep="\n  ", flush=True)
        finally:
            server.stop()
    if faults or not taken:
        sys.exit(f"{faults} problems" if faults else "no job was ever killed: the test proves nothing")
    print(f"{rounds} kills, {taken} jobs taken over, each with its effect once")


if __name__ == "__main__":
    main()
