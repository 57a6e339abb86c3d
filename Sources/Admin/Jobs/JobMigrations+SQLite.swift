import Store

extension Migration {
  /// `leased_by` is the run that works on a job. Of waiting jobs with a key there is one; of jobs with a key, one runs.
  static let jobs = Migration(
    "2026-12-01-jobs",
    """
    CREATE TABLE jobs (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL,
      lane TEXT NOT NULL CHECK (lane IN ('short', 'long')),
      priority INTEGER NOT NULL,
      arguments TEXT NOT NULL,
      unique_key TEXT,
      status TEXT NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
      run_at TEXT NOT NULL,
      attempts INTEGER NOT NULL DEFAULT 0,
      leased_by TEXT,
      leased_until TEXT,
      state TEXT NOT NULL DEFAULT 'null',
      steps_done INTEGER,
      steps_total INTEGER,
      progress TEXT,
      result TEXT,
      failure TEXT,
      requested_by TEXT REFERENCES users (id) ON DELETE SET NULL,
      created_at TEXT NOT NULL,
      started_at TEXT,
      cancel_requested_at TEXT,
      finished_at TEXT,
      CHECK ((status = 'running') = (leased_by IS NOT NULL) AND (leased_by IS NULL) = (leased_until IS NULL)),
      CHECK ((status IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL))
    );
    CREATE UNIQUE INDEX jobs_waiting_once ON jobs (kind, unique_key) WHERE status = 'waiting' AND unique_key IS NOT NULL;
    CREATE INDEX jobs_due ON jobs (lane, priority, run_at) WHERE status = 'waiting';
    CREATE INDEX jobs_running ON jobs (kind, unique_key) WHERE status = 'running';
    CREATE INDEX jobs_finished ON jobs (status, finished_at) WHERE finished_at IS NOT NULL;
    CREATE INDEX jobs_requested_by ON jobs (requested_by) WHERE requested_by IS NOT NULL;
    CREATE TABLE job_schedules (
      kind TEXT PRIMARY KEY,
      slot_at TEXT NOT NULL
    ) WITHOUT ROWID;
    """)

  /// What the page of jobs lists, in its order.
  static let jobLists = Migration(
    "2026-12-01-job-lists",
    """
    DROP INDEX jobs_finished;
    CREATE INDEX jobs_upcoming ON jobs (run_at, seq) WHERE status = 'waiting';
    CREATE INDEX jobs_finished ON jobs (finished_at, seq) WHERE finished_at IS NOT NULL;
    CREATE INDEX jobs_failed ON jobs (finished_at, seq) WHERE status = 'failed';
    CREATE INDEX jobs_of_kind ON jobs (kind, finished_at) WHERE finished_at IS NOT NULL;
    """)
}
