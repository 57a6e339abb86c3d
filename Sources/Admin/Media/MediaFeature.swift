import Store

package let media = Feature(
  name: "media",
  migrations: [.media, .foldersOfRecords, .fileNames],
  routes: LibraryPages.routes + Uploads.routes + FileDelivery.routes,
  recordRoutes: { kind in
    FolderStore.Purpose.allCases.flatMap { FileHandlers(kind: kind, purpose: $0).routes } + AvatarHandlers(kind: kind).routes
  },
  menu: [MenuItem(label: "Files", path: "/admin/crm/files", icon: "folder", resource: .files, level: .read)],
  pages: [
    "media/files": FilesTab.shape, "media/pick": PickPage.shape, "media/library": LibraryPages.shape,
    "media/name": NamePage.schema, "media/field": FilesField().template.schema,
  ],
  tabs: [FilesTab.files, FilesTab.images],
  derivations: [.mediaUsage],
  foldedTexts: [FoldedText("files", key: "name_folded", of: "name")],
  details: [
    DetailField("file", "File", names: .files), DetailField("folder", "Folder", names: .files),
    DetailField("picture", "Profile picture", names: .files),
  ],
  belongings: [
    Belonging("Files") { id, db in
      try db.value("SELECT count(*) FROM files WHERE folder_id IN (SELECT id FROM folders WHERE record_id = \(id))") ?? 0
    }
  ],
  actions: [
    ActionLabel(action: "file.added", label: "Added a file", icon: "paperclip"),
    ActionLabel(action: "file.linked", label: "Linked a file", icon: "paperclip"),
    ActionLabel(action: "file.removed", label: "Removed a file", icon: "file-earmark-x"),
    ActionLabel(action: "file.renamed", label: "Renamed a file", icon: "pencil"),
    ActionLabel(action: "file.moved", label: "Moved a file", icon: "folder"),
    ActionLabel(action: "file.restored", label: "Restored a file", icon: "arrow-counterclockwise"),
    ActionLabel(action: "file.deleted", label: "Deleted a file permanently", icon: "x-circle"),
    ActionLabel(action: "picture.set", label: "Changed the profile picture", icon: "image"),
    ActionLabel(action: "picture.cleared", label: "Removed the profile picture", icon: "image"),
  ],
  chores: [Uploads.chore])

extension Resource {
  static let files = Resource("files", "Files", manager: .write, factory: .readOwn)
}
