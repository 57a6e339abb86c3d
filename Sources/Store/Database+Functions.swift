import Base
import CSQLite

/// SQL functions in addition to SQLite's.
extension Database {
  /// `fold(text)`: the sort form of a text. `fold_words(text)`: its terms for a word index, separated by spaces. NULL
  /// folds to an empty text.
  func addFunctions() throws(StoreError) {
    try add("fold") { TextFolding.fold($0) }
    try add("fold_words") { SearchWords.indexed($0).joined(separator: " ") }
  }

  private func add(_ name: String, _ function: @escaping @Sendable (String) -> String) throws(StoreError) {
    let box = Unmanaged.passRetained(TextFunction(function))
    let code = sqlite3_create_function_v2(
      handle, name, 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, box.toOpaque(),
      { context, _, arguments in
        guard let arguments, let owner = sqlite3_user_data(context) else { return }
        Unmanaged<TextFunction>.fromOpaque(owner).takeUnretainedValue().answer(context, arguments[0])
      }, nil, nil,
      { box in if let box { Unmanaged<TextFunction>.fromOpaque(box).release() } })
    guard code == SQLITE_OK else { throw StoreError("can't add the function \(name): \(String(cString: sqlite3_errstr(code)))") }
  }
}

/// A function of one text argument.
private final class TextFunction: Sendable {
  private let function: @Sendable (String) -> String

  init(_ function: @escaping @Sendable (String) -> String) { self.function = function }

  func answer(_ context: OpaquePointer?, _ argument: OpaquePointer?) {
    var text = ""
    if let bytes = sqlite3_value_text(argument) {
      text = String(decoding: UnsafeBufferPointer(start: bytes, count: Int(sqlite3_value_bytes(argument))), as: UTF8.self)
    }
    var result = function(text)
    result.withUTF8 { bytes in
      guard let start = bytes.baseAddress, !bytes.isEmpty else { return sqlite3_result_text(context, "", 0, nil) }
      start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
        sqlite3_result_text(context, $0, Int32(bytes.count), unsafeBitCast(-1, to: sqlite3_destructor_type.self))
      }
    }
  }
}
