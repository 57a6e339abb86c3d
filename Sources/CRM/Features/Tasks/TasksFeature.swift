import Admin

let tasks = Feature(
  name: "tasks",
  migrations: [.tasks, .noteIDs(of: "tasks", type: "task")],
  routes: TaskHandlers.routes,
  menu: [MenuItem(label: "Tasks", path: "/admin/crm/tasks", icon: "check2-square", resource: .tasks, keys: ["g", "t"])],
  records: [.task],
  recordPanels: [.tasks],
  pagePanels: [TaskLines.overview, TaskLines.inbox],
  derivations: [.counts(of: "tasks"), .search("task_search")],
  belongings: [Belonging("Tasks (link removed)", in: "task_records", by: "record_id")],
  actions: TaskHandlers.actions)

extension Resource {
  static let tasks = Resource("tasks", "Tasks", manager: .write, factory: .readOwn)
}
