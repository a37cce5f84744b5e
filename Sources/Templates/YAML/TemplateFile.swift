import Glibc

/// Reads a template, or a file that one names, from a regular file of bounded size.
enum TemplateFile {
  /// The largest file, in bytes.
  static let maximumSize = 1 << 20

  /// The content of a file as text; `what` is what the file is to be, for messages.
  ///
  /// - Throws: ``TemplateError`` at the file's beginning, or at the first byte that is not UTF-8.
  static func read(_ path: String, what: String = "template") throws(TemplateError) -> String {
    let start = SourceLocation(file: path)
    guard !path.utf8.contains(0) else {
      throw TemplateError("A path cannot hold a NUL character", at: start, kind: .notFound)
    }
    // O_NONBLOCK: opening a FIFO or a device must not wait for its other end.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else {
      let reason = errno
      throw TemplateError(
        "Cannot open the \(what): \(String(cString: strerror(reason)))", at: start,
        hint: reason == EACCES ? "make the file readable for this user" : nil,
        kind: reason == ENOENT || reason == ENOTDIR ? .notFound : .template)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw TemplateError("Cannot examine the \(what): \(String(cString: strerror(errno)))", at: start)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw TemplateError("The \(what) must be a regular file; this is \(kindName(status.st_mode))", at: start)
    }
    guard status.st_size <= maximumSize else {
      throw TemplateError(
        "The \(what) has \(status.st_size) bytes; at most \(maximumSize) are read", at: start,
        hint: "is this the right file?")
    }
    let bytes = try readAll(descriptor, what, start)
    return try decode(bytes, what: what, file: path)
  }

  private static func readAll(
    _ descriptor: Int32, _ what: String, _ start: SourceLocation
  ) throws(TemplateError) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw TemplateError("Cannot read the \(what): \(String(cString: strerror(errno)))", at: start)
      }
      if count == 0 { return bytes }
      bytes.append(contentsOf: chunk.prefix(count))
      // The file may have grown since it was examined.
      guard bytes.count <= maximumSize else {
        throw TemplateError("The \(what) has more than \(maximumSize) bytes", at: start)
      }
    }
  }

  private static func kindName(_ mode: mode_t) -> String {
    switch mode & S_IFMT {
    case S_IFDIR: "a directory"
    case S_IFCHR: "a character device"
    case S_IFBLK: "a block device"
    case S_IFIFO: "a FIFO"
    case S_IFSOCK: "a socket"
    default: "something else"
    }
  }

  /// Decodes UTF-8, naming the place of the first wrong byte.
  static func decode(_ bytes: [UInt8], what: String = "template", file: String) throws(TemplateError) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var line = 1
    var column = 1
    while case .scalarValue(let scalar) = decoder.decode(&iterator) {
      if scalar == "\n" {
        line += 1
        column = 1
      } else {
        column += 1
      }
    }
    throw TemplateError(
      "The \(what) is not UTF-8 from here on", at: SourceLocation(file: file, line: line, column: column),
      hint: "save the file as UTF-8")
  }
}
