import Glibc

/// The names in a folder, one after another.
final class FolderListing {
  private var stream: OpaquePointer?
  // What could not be read later, since the stream was closed: names with a NUL behind each.
  private var rest: [CChar] = []
  private var position = 0

  /// Lists an open folder, whose descriptor stays the caller's.
  init(_ folder: Int32) throws(DirectoryStack.Refusal) {
    let descriptor = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw DirectoryStack.Refusal(number: errno) }
    guard let stream = fdopendir(descriptor) else {
      let number = errno
      close(descriptor)
      throw DirectoryStack.Refusal(number: number)
    }
    self.stream = stream
  }

  deinit {
    if let stream { closedir(stream) }
  }

  /// The next name with a NUL behind it, or nil behind the last.
  func next() throws(DirectoryStack.Refusal) -> [CChar]? {
    if let name = try read() { return name }
    guard position < rest.count, let end = rest[position...].firstIndex(of: 0) else { return nil }
    defer { position = end + 1 }
    return Array(rest[position...end])
  }

  /// Reads the names that are left and closes the folder; answers with the number of bytes that they take.
  func detach(limit: Int) throws(DirectoryStack.Refusal) -> Int {
    while let name = try read() {
      guard rest.count + name.count <= limit else { throw DirectoryStack.Refusal(number: E2BIG) }
      rest += name
    }
    if let stream { closedir(stream) }
    stream = nil
    return rest.count
  }

  private func read() throws(DirectoryStack.Refusal) -> [CChar]? {
    guard let stream else { return nil }
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        guard errno == 0 else { throw DirectoryStack.Refusal(number: errno) }
        return nil
      }
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        let bytes = UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self)
        return Array(UnsafeBufferPointer(start: bytes, count: strlen(bytes) + 1))
      }
      if name != [46, 0] && name != [46, 46, 0] { return name }
    }
  }
}
