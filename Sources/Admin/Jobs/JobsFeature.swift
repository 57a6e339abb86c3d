package let jobs = Feature(
  name: "jobs", migrations: [.jobs], jobs: [.housekeeping],
  chores: [.expiring("jobs", "finished_at", after: 30 * 24 * 3600)])
