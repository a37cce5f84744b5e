import Glibc
import GuestProtocol

/// Reads files and folders and sends them as a copy's frames, see `FileEntry`.
///
/// Belongs to a session's thread: its work calls ``produce()`` in every round, and passes the peer's credit on. Sockets
/// and devices are left out and listed, and so is what goes away between being listed and being read. Memory is bounded,
/// whatever the tree is like; only the names beside very deep folders are held, up to ``maximumNames`` bytes of them.
package final class TreeReader {
  /// How sources are read.
  package struct Options: Sendable {
    /// Reads folders with what is in them; else a folder is refused.
    package var isRecursive: Bool
    /// Follows a link that is a source itself; never one below a source.
    package var followsLinks: Bool
    /// Behind a path in messages: " in the guest", or nothing.
    package var place: String

    package init(isRecursive: Bool, followsLinks: Bool, place: String) {
      (self.isRecursive, self.followsLinks, self.place) = (isRecursive, followsLinks, place)
    }
  }

  private struct Level {
    let listing: FolderListing
    /// The folder's own entry, sent again behind what is in it; nil for one whose contents only are sent.
    let entry: FileEntry?
    /// The length of the path of the folder that this one is in.
    let parentLength: Int
    var heldNames = 0
  }

  private struct Inode: Hashable {
    let device: dev_t
    let number: ino_t
  }

  /// The most bytes of names that are held beside deep folders, whose listings cannot all stay open.
  package static let maximumNames = 8 * 1_024 * 1_024
  private static let openListings = 16
  private static let maximumLinkBytes = 8 * 1_024 * 1_024

  /// What has been sent so far.
  package private(set) var summary = CopySummary()
  /// Everything was sent, ``FrameType/end`` too.
  package private(set) var isFinished = false
  /// The path of the entry that was sent last.
  package private(set) var currentPath: [UInt8] = []
  /// The size of the one file to send, where it is known that there is but one.
  package private(set) var totalSize: UInt64?
  /// The bytes sent so far, holes included.
  package private(set) var position: UInt64 = 0

  private let connection: FrameConnection
  private let options: Options
  private var sources: [[UInt8]]
  private let sourceCount: Int
  private var window: SendWindow
  private var pending: (type: FrameType, payload: [UInt8])?
  private var file: FileReader?
  private var stack: DirectoryStack?
  private var levels: [Level] = []
  private var path: [UInt8] = []
  private var heldNames = 0
  private var links: [Inode: [UInt8]] = [:]
  private var linkBytes = 0

  /// Begins with the peer's initial credit; throws when the first source is not there.
  package init(_ sources: [[UInt8]], options: Options, connection: FrameConnection, credit: UInt32) throws {
    self.connection = connection
    self.options = options
    self.sources = sources.reversed()
    sourceCount = sources.count
    window = SendWindow(credit)
    try advance()
  }

  /// Takes credit of the peer's.
  package func grant(_ credit: UInt32) throws(ProtocolError) {
    try window.grant(credit)
  }

  /// Whether there is something that can be sent at once.
  package var canProduce: Bool {
    guard !isFinished, connection.hasRoom else { return false }
    if let pending { return window.available >= UInt32(pending.payload.count) }
    // A hole's length needs eight bytes of credit; so do not look further into a file with less.
    return file == nil || window.available >= 8
  }

  /// Sends while the connection has room and the peer has given credit.
  package func produce() throws {
    while canProduce {
      if let (type, payload) = pending {
        connection.send(type, payload)
        window.spend(payload.count)
        pending = nil
      } else if let file {
        try send(file)
      } else if try !advance() {
        connection.send(.end)
        isFinished = true
      }
    }
  }

  // MARK: Files

  private func send(_ file: FileReader) throws {
    do {
      switch try file.next() {
      case .data(let most):
        let count = try connection.sendData(stream: 0, upTo: window.allowed(most)) {
          room throws(DirectoryStack.Refusal) in
          try file.read(into: room)
        }
        window.spend(count)
        summary.bytes += UInt64(count)
        position += UInt64(count)
      case .hole(let length):
        connection.send(.hole, longNumber: length)
        window.spend(8)
        position += length
      case .end(let end):
        if end.isChanged { summary.noteChange(currentPath) }
        pending = (.digest, end.encoded)
        self.file = nil
      }
    } catch let refusal as DirectoryStack.Refusal {
      throw failure("read", currentPath, refusal.number)
    }
  }

  // MARK: The walk

  /// Goes on to what comes next, and answers whether there was anything.
  @discardableResult
  private func advance() throws -> Bool {
    while pending == nil, file == nil {
      if let level = levels.last {
        do {
          if let name = try level.listing.next() {
            try visit(name)
          } else {
            leave(level)
          }
        } catch let refusal as DirectoryStack.Refusal {
          throw failure("read the folder", path, refusal.number)
        }
      } else if let source = sources.popLast() {
        try begin(source)
      } else {
        return false
      }
    }
    return true
  }

  private func begin(_ source: [UInt8]) throws {
    let terminated = try CopyPath.terminated(source)
    stack = nil
    path = []
    let name = CopyPath.split(source).name
    // What is behind a link is meant where its name has a '/' behind it.
    let follows = options.followsLinks || source.last == UInt8(ascii: "/")
    if CopyPath.meansContents(source) {
      guard options.isRecursive else { throw needsRecursion(source) }
      let folder = open(terminated, in: AT_FDCWD, O_DIRECTORY)
      guard folder >= 0 else { throw failure("read", source, errno) }
      try enter(DirectoryStack(owning: folder), entry: nil, parentLength: 0)
      return
    }
    guard CopyPath.isName(name) else { throw failure("read", source, ENAMETOOLONG) }
    var information = stat()
    guard fstatat(AT_FDCWD, terminated, &information, follows ? 0 : AT_SYMLINK_NOFOLLOW) == 0 else {
      throw failure("read", source, errno)
    }
    if try !add(terminated, in: AT_FDCWD, name: name, information, follows: follows, source: source) {
      throw OperationFailure(
        .unsupported, "'\(CopyPath.shown(source))'\(options.place) is neither file, folder, link nor named pipe")
    }
    if sourceCount == 1, let file, !file.isUnbounded { totalSize = file.size }
  }

  private func visit(_ name: [CChar]) throws {
    guard let folder = try stack?.current() else { return }
    let bytes = name.dropLast().map { UInt8(bitPattern: $0) }
    var information = stat()
    guard fstatat(folder, name, &information, AT_SYMLINK_NOFOLLOW) == 0 else {
      guard errno == ENOENT else { throw failure("read", joined(bytes), errno) }
      return summary.skip(joined(bytes))
    }
    if try !add(name, in: folder, name: bytes, information, follows: false, source: nil) { summary.skip(joined(bytes)) }
  }

  /// Prepares an entry; answers with false for what no copy carries, and what has gone.
  private func add(
    _ name: [CChar], in folder: Int32, name bytes: [UInt8], _ information: stat, follows: Bool, source: [UInt8]?
  ) throws -> Bool {
    var entry = FileEntry()
    entry.path = joined(bytes)
    guard entry.path.count <= ProtocolLimits.maximumPath else { throw failure("copy", entry.path, ENAMETOOLONG) }
    switch information.st_mode & S_IFMT {
    case S_IFREG: return try addFile(name, in: folder, entry, follows: follows, source: source)
    case S_IFDIR: return try addFolder(name, in: folder, entry, follows: follows, source: source)
    case S_IFLNK: return try addLink(name, in: folder, entry, information)
    case S_IFIFO:
      entry.kind = .fifo
      entry.describe(information)
      prepare(entry)
      summary.files += 1
      return true
    default: return false
    }
  }

  private func addFile(
    _ name: [CChar], in folder: Int32, _ entry: FileEntry, follows: Bool, source: [UInt8]?
  ) throws -> Bool {
    var entry = entry
    // Not blocking, should a named pipe have taken its place.
    let descriptor = open(name, in: folder, O_NONBLOCK | O_NOCTTY | (follows ? 0 : O_NOFOLLOW))
    guard descriptor >= 0 else {
      if source == nil, errno == ENOENT || errno == ELOOP { return false }
      throw failure("read", source ?? entry.path, errno)
    }
    do {
      guard let file = try FileReader(owning: descriptor) else { return false }
      entry.kind = .file
      entry.describe(file.information)
      entry.size = file.size
      entry.isUnbounded = file.isUnbounded
      summary.files += 1
      if file.information.st_nlink > 1 {
        let inode = Inode(device: file.information.st_dev, number: file.information.st_ino)
        if let first = links[inode] {
          entry.kind = .hardLink
          entry.target = first
          prepare(entry)
          return true
        }
        // Beyond the limit each name becomes a file of its own.
        if links.count < ProtocolLimits.maximumLinkedFiles, linkBytes + entry.path.count <= Self.maximumLinkBytes {
          links[inode] = entry.path
          linkBytes += entry.path.count
          entry.hasLinks = true
        }
      }
      prepare(entry)
      self.file = file
      return true
    } catch {
      throw failure("read", source ?? entry.path, error.number)
    }
  }

  private func addFolder(
    _ name: [CChar], in folder: Int32, _ entry: FileEntry, follows: Bool, source: [UInt8]?
  ) throws -> Bool {
    guard options.isRecursive else { throw needsRecursion(source ?? entry.path) }
    var entry = entry
    do throws(DirectoryStack.Refusal) {
      if let stack {
        try stack.push(name)
      } else {
        let descriptor = open(name, in: folder, O_DIRECTORY | (follows ? 0 : O_NOFOLLOW))
        guard descriptor >= 0 else { throw DirectoryStack.Refusal(number: errno) }
        stack = DirectoryStack(owning: descriptor)
      }
    } catch {
      if source == nil, [ENOENT, ENOTDIR, ELOOP].contains(error.number) { return false }
      throw failure("read", source ?? entry.path, error.number)
    }
    guard let stack else { return false }
    var information = stat()
    do throws(DirectoryStack.Refusal) {
      guard fstat(try stack.current(), &information) == 0 else { throw DirectoryStack.Refusal(number: errno) }
    } catch {
      throw failure("read", source ?? entry.path, error.number)
    }
    entry.kind = .folder
    entry.describe(information)
    let parentLength = path.count
    path = entry.path
    do throws(DirectoryStack.Refusal) {
      try enter(stack, entry: entry, parentLength: parentLength)
    } catch {
      throw failure("read the folder", source ?? entry.path, error.number)
    }
    prepare(entry)
    summary.folders += 1
    return true
  }

  private func addLink(_ name: [CChar], in folder: Int32, _ entry: FileEntry, _ information: stat) throws -> Bool {
    var entry = entry
    let count = Int(PATH_MAX)
    entry.target = [UInt8](unsafeUninitializedCapacity: count) { room, used in
      guard let start = room.baseAddress else { return }
      used = max(0, start.withMemoryRebound(to: CChar.self, capacity: count) { readlinkat(folder, name, $0, count) })
    }
    guard !entry.target.isEmpty else {
      guard errno == ENOENT || errno == EINVAL else { throw failure("read the link", entry.path, errno) }
      return false
    }
    entry.kind = .symbolicLink
    entry.describe(information)
    prepare(entry)
    summary.files += 1
    return true
  }

  private func enter(
    _ stack: DirectoryStack, entry: FileEntry?, parentLength: Int
  ) throws(DirectoryStack.Refusal) {
    self.stack = stack
    levels.append(
      Level(listing: try FolderListing(try stack.current()), entry: entry, parentLength: parentLength))
    let oldest = levels.count - 1 - Self.openListings
    guard oldest >= 0 else { return }
    let held = try levels[oldest].listing.detach(limit: Self.maximumNames - heldNames)
    levels[oldest].heldNames = held
    heldNames += held
  }

  private func leave(_ level: Level) {
    levels.removeLast()
    heldNames -= level.heldNames
    if levels.isEmpty { stack = nil } else { stack?.pop() }
    path.removeLast(path.count - level.parentLength)
    guard var entry = level.entry else { return }
    entry.kind = .folderEnd
    prepare(entry)
  }

  private func prepare(_ entry: FileEntry) {
    pending = (.entry, entry.encoded)
    currentPath = entry.path
  }

  private func joined(_ name: [UInt8]) -> [UInt8] {
    path.isEmpty ? name : path + [UInt8(ascii: "/")] + name
  }

  private func open(_ name: [CChar], in folder: Int32, _ flags: Int32) -> Int32 {
    while true {
      let descriptor = openat(folder, name, O_RDONLY | O_CLOEXEC | flags)
      if descriptor >= 0 || errno != EINTR { return descriptor }
    }
  }

  private func failure(_ what: String, _ path: [UInt8], _ number: Int32) -> OperationFailure {
    OperationFailure(
      number == ENOENT ? .notFound : .system, "cannot \(what) '\(CopyPath.shown(path))'\(options.place)",
      number: number)
  }

  private func needsRecursion(_ path: [UInt8]) -> OperationFailure {
    OperationFailure(
      .invalid, "'\(CopyPath.shown(path))'\(options.place) is a folder, which only a recursive copy takes",
      number: EISDIR)
  }
}

extension FileEntry {
  /// Takes over mode, time and owner.
  fileprivate mutating func describe(_ information: stat) {
    mode = information.st_mode & 0o7777
    modified = Int64(information.st_mtim.tv_sec)
    modifiedNanoseconds = UInt32(clamping: information.st_mtim.tv_nsec)
    user = information.st_uid
    group = information.st_gid
  }
}
