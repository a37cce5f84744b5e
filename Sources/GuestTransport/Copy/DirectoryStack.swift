import Glibc

/// The folders from a first one down to the one that a copy is in, each opened below the last and never through a link.
///
/// However deep, only some descriptors stay open; the others are opened again on the way back.
final class DirectoryStack {
  /// A call that failed, as errno.
  struct Refusal: Error {
    let number: Int32
  }

  private struct Folder {
    let name: [CChar]
    // -1 while it is closed; once one is, all above it are.
    var descriptor: Int32
  }

  private static let openLimit = 16
  private let root: Int32
  private var folders: [Folder] = []

  /// Takes the first folder's descriptor, which is closed with the stack.
  init(owning root: Int32) {
    self.root = root
  }

  deinit {
    for folder in folders where folder.descriptor >= 0 { close(folder.descriptor) }
    close(root)
  }

  /// How many folders below the first one it is.
  var depth: Int { folders.count }

  /// The descriptor of the folder that it is in; it stays the stack's.
  func current() throws(Refusal) -> Int32 {
    guard let last = folders.last else { return root }
    if last.descriptor < 0 { try reopen() }
    return folders.last?.descriptor ?? root
  }

  /// Goes into a folder; ENOTDIR where it is a link or something else.
  func push(_ name: [CChar]) throws(Refusal) {
    let descriptor = try Self.open(name, in: try current())
    folders.append(Folder(name: name, descriptor: descriptor))
    closeOldest()
  }

  /// Goes back to the folder that this one is in.
  func pop() {
    guard let last = folders.popLast() else { return }
    if last.descriptor >= 0 { close(last.descriptor) }
  }

  /// Opens a folder somewhere below the first one, part by part.
  func open(_ names: [[CChar]]) throws(Refusal) -> Int32 {
    var descriptor = try Self.open([CChar(46), 0], in: root)
    for name in names {
      let parent = descriptor
      defer { close(parent) }
      descriptor = try Self.open(name, in: parent)
    }
    return descriptor
  }

  private func reopen() throws(Refusal) {
    var parent = root
    for index in folders.indices {
      let descriptor =
        folders[index].descriptor >= 0 ? folders[index].descriptor : try Self.open(folders[index].name, in: parent)
      folders[index].descriptor = descriptor
      if index >= Self.openLimit { closeOldest(below: index + 1) }
      parent = descriptor
    }
  }

  private func closeOldest(below count: Int? = nil) {
    let oldest = (count ?? folders.count) - 1 - Self.openLimit
    guard oldest >= 0, folders[oldest].descriptor >= 0 else { return }
    close(folders[oldest].descriptor)
    folders[oldest].descriptor = -1
  }

  private static func open(_ name: [CChar], in folder: Int32) throws(Refusal) -> Int32 {
    while true {
      let descriptor = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      if descriptor >= 0 { return descriptor }
      if errno != EINTR { throw Refusal(number: errno) }
    }
  }
}
