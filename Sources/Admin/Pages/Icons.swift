/// The icons that pages use, by their names in Debian's bootstrap-icons.
enum Icons {
  static let names = [
    "person-badge", "shield-lock", "eye", "person-dash", "key",
    "people", "building", "house", "person", "pencil", "trash", "plus-circle", "plus-lg", "arrow-counterclockwise", "x-circle", "x-lg",
    "check2-square", "sticky", "tag", "tags", "box",
    "box-arrow-in-down", "dot", "search", "funnel", "list", "table", "grid", "layout-three-columns", "download", "chevron-down",
    "chevron-left",
    "chevron-right", "chevron-double-left", "chevron-double-right", "chevron-up", "envelope", "telephone", "whatsapp", "globe", "geo-alt",
    "gear",
    "box-arrow-right", "check-lg", "exclamation-triangle", "lock", "grip-vertical", "arrow-up", "arrow-down", "three-dots", "star-fill",
    "clock-history",
    "journal-text", "question-circle", "arrow-left", "chat", "check-circle", "exclamation-circle", "info-circle", "arrow-right",
    "chevron-bar-left",
    "chevron-bar-right", "chevron-bar-up", "globe2", "keyboard", "laptop", "lock-fill", "person-circle", "phone", "star",
    "chat-left-text", "arrow-down-left", "arrow-up-right", "reply", "stopwatch", "image", "file-earmark", "file-earmark-pdf",
    "file-earmark-music",
    "file-earmark-play", "file-earmark-text", "file-earmark-spreadsheet", "file-earmark-richtext", "file-earmark-zip", "file-earmark-x",
    "file-earmark-image", "box-arrow-up-right",
    "paperclip",
    "folder", "upload", "link-45deg", "person-bounding-box", "folder-plus", "inbox", "sliders", "arrow-repeat", "key", "code-slash", "send",
    "box-arrow-in-right", "person-plus", "check2-circle", "check-all", "bag-check", "files", "pencil-square", "truck", "cash-coin",
    "receipt",
    "kanban", "calculator",
  ]
}
