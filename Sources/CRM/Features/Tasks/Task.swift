import Admin
import Base
import Store

extension RecordType {
  /// Something to be done, by somebody, about some records.
  static let task: RecordType = RecordType(
    "task", label: "Task", icon: "check2-square", emblem: .icon, resource: .tasks,
    words: Words(new: "New task", create: "Create task", inTrash: "This task is in the trash. Restore it to make changes."),
    sections: [
      FormSection(
        id: "task", title: "Task", hint: "What needs to be done, by whom and when.",
        fields: [
          Field(
            "title", "Title", LineField(column: "name"), missing: "Enter a title.", isSearched: true, isDetail: false,
            index: .sorted("by_name")),
          Field("due_on", "Due on", DateField(), size: .third, isDetail: false, index: .sorted("by_due")),
          Field("due_time", "Time", TimeField(), size: .third, isDetail: false),
          Field(
            "status", "Status", StatusField(statuses: [.open, .done], whenSet: TaskStore.note), size: .third,
            isDetail: false),
          Field(
            "assignee", "Assignee", UserField(column: "owner_id", effect: .notification), hint: "The user responsible for this task.",
            size: .half, index: .values("by_owner")),
          Field("about", "About", AboutField(), isDetail: false, index: .values("by_id")),
          Field("tags", "Tags", TagsField(), isDetail: false, index: .values("by_id")),
          Field("description", "Description", TextField(), isSearched: true),
        ])
    ],
    list: ListDefinition(
      name: "tasks", title: "Tasks", path: "/admin/crm/tasks", icon: "check2-square", resource: .tasks, table: "tasks",
      searchTable: "task_search",
      columns: [
        ListColumn(
          Column(
            "done", "Done", .check(path: "/admin/crm/tasks"),
            reads: ["CASE tasks.status WHEN 'trashed' THEN '' ELSE tasks.id END", "CASE tasks.status WHEN 'done' THEN 'yes' ELSE '' END"]),
          FlagComparison(), FieldPlace(column: "(tasks.status = 'done')", empty: .never)),
        ListColumn(
          Column("done_at", "Completed", .time), DateComparison(ofMoments: true), FieldPlace(column: "done_at", empty: .null)),
      ],
      defaultColumns: ["title", "done", "due_on", "due_time", "assignee", "about", "status"],
      defaultSort: "due_on",
      filters: [
        ListFilter(id: "due", label: "Due today or overdue", predicate: due),
        ListFilter(id: "mine", label: "My open tasks", predicate: .and([.where("assignee", .isAnyOf, "me"), isOpen]).normalized),
      ],
      words: ListDefinition.Words(
        newRecord: "New task",
        searchHint: "Title or description",
        one: "{n} task",
        many: "{n} tasks",
        emptyTitle: "No tasks yet",
        emptyText: "Keep track of what has to be done, like calls, offers and deliveries. Give each task a due date and an assignee.")),
    line: [],
    panels: [.task, TagsField.panel])

  private static let isOpen = Predicate.where("status", .isAnyOf, "open")
  static let due = Predicate.and([.where("due_on", .until, "today"), isOpen]).normalized
  static let dueForMe = Predicate.and([.where("assignee", .isAnyOf, "me"), .where("due_on", .until, "today"), isOpen]).normalized
}
