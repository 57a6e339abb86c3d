package let jobs = Feature(
  name: "jobs", migrations: [.jobs, .jobLists], routes: JobsPage.routes, pages: ["jobs/jobs": JobsPage.schema],
  settingsTabs: [JobsPage.tab], jobs: [.housekeeping],
  chores: [.expiring("jobs", "finished_at", after: 30 * 24 * 3600)])
