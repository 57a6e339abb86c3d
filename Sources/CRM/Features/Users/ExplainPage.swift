enum ExplainPage {
  static let path = "/admin/roles/explain"
}
