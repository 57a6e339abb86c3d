import FileTypes
import Imaging
import TestKit
import Testing

/// File types, regardless of the name.
@Suite struct FileTypesTests {
  private let folder = Folder()

  private func sniff(_ bytes: [UInt8], _ name: String) throws -> String {
    let path = folder.path("file")
    try folder.write(path, bytes)
    return FileTypes.sniff(path, name: name)
  }

  @Test(arguments: [
    ("<!DOCTYPE html><html><body><script>alert(1)</script></body></html>", "photo.png", "text/html"),
    ("<html><head><title>x</title></head></html>", "photo.jpg", "text/html"),
    ("<svg xmlns=\"http://www.w3.org/2000/svg\"><script>1</script></svg>", "photo.png", "image/svg+xml"),
    ("<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "photo.gif", "image/svg+xml"),
    ("%PDF-1.7\n%\u{e2}\u{e3}\n1 0 obj\n", "invoice.txt", "application/pdf"),
    ("name,email\nAnn,ann@example.com\n", "people.csv", "text/csv"), ("hello there\n", "note.txt", "text/plain"),
    ("# Title\n\nwords\n", "note.md", "text/markdown"), ("", "empty.png", "application/octet-stream"),
    ("#!/bin/sh\nrm -rf /\n", "photo.jpg", "text/x-shellscript"), ("hello", "noending", "text/plain"), ("hello", ".png", "text/plain"),
  ])
  func `text is identified by content, not by name`(content: String, name: String, type: String) throws {
    #expect(try sniff(Array(content.utf8), name) == type)
    #expect(!FileTypes.isPicture(type))
  }

  @Test(arguments: ImageFormat.allCases)
  func `an image is one whatever its name`(format: ImageFormat) throws {
    let path = folder.path("x")
    try Imaging.draw(seed: 1, width: 40, height: 30, as: format, to: path)
    #expect(FileTypes.sniff(path, name: "page.html") == format.type)
    #expect(FileTypes.isPicture(format.type))
  }

  @Test func `an office file is an archive of its kind`() throws {
    let empty: [UInt8] = [0x50, 0x4B, 0x05, 0x06] + [UInt8](repeating: 0, count: 18)
    #expect(try sniff(empty, "letter.docx").hasSuffix("wordprocessingml.document"))
    #expect(try sniff(empty, "letter.zip") == "application/zip")
  }

  @Test func `any bytes have some type`() throws {
    var random = SplitMix(seed: 5)
    for _ in 0..<60 {
      let bytes = (0..<random.below(3_000)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      #expect(try sniff(bytes, "x.bin").contains("/"))
    }
  }

  @Test func `a missing file has no type`() {
    #expect(FileTypes.sniff("/nonexistent", name: "x.png") == "application/octet-stream")
  }
}
