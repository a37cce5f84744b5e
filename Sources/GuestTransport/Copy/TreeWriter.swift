import Glibc
import GuestProtocol

/// Takes a copy's frames, see `FileEntry`, and makes files and folders of them below one folder.
///
/// What comes is hostile until checked: an entry has to lie in the folder that was opened last, its name is one plain
/// name, folders are entered without following links, and hard links are made to files of the same copy only; so nothing
/// outside the destination can be reached. A file is written under another name beside its place, which it takes once
/// its checksum is right; until then what was there stays. What is unfinished when the writer goes is removed.
package final class TreeWriter {
  /// Where to write, and how.
  package struct Options: Sendable {
    /// Gives files to the owners that the entries name, which only root can; else set-user-ID and set-group-ID bits,
    /// meant for another owner, are left out.
    package var keepsOwners = false
    /// Refuses a destination that is no folder.
    package var mustBeFolder = false
    /// Refuses a destination that is a folder.
    package var mustBeFile = false
    /// Behind a path in messages: " in the guest", or nothing.
    package var place = ""

    /// Options with their defaults.
    package init() {}
  }

  /// Which file it is, for hard links.
  struct Inode: Hashable {
    let device: dev_t
    let number: ino_t
  }

  struct Level {
    let name: [CChar]
    let isNew: Bool
    /// The length of the path of the folder that this one is in.
    let parentLength: Int
  }

  /// What was made so far.
  package internal(set) var summary = CopySummary()
  /// The path of the entry that came last.
  package internal(set) var currentPath: [UInt8] = []
  /// The size of the file that came first, where it is known.
  package internal(set) var totalSize: UInt64?
  /// The bytes that came so far, holes included.
  package internal(set) var position: UInt64 = 0

  let options: Options
  let stack: DirectoryStack
  /// The name that the one entry at the top gets instead of its own.
  private let newName: [UInt8]?
  // The destination had a '/' behind it, so that only a folder can become it.
  private let isFolderName: Bool
  private var topName: [UInt8]?
  var levels: [Level] = []
  private var path: [UInt8] = []
  var file: FileWriter?
  var linkable: Set<Inode> = []

  /// Opens the destination: a folder that is there takes entries by their names, any other path, whose folder has to be
  /// there, becomes the name of the one entry at the top.
  package init(_ destination: [UInt8], options: Options) throws(OperationFailure) {
    self.options = options
    let (folder, name) = CopyPath.split(destination)
    let isFolderName = destination.last == UInt8(ascii: "/")
    let shown = "'\(CopyPath.shown(destination))'\(options.place)"
    var information = stat()
    if stat(try CopyPath.terminated(destination), &information) == 0, information.st_mode & S_IFMT == S_IFDIR {
      if options.mustBeFile { throw OperationFailure(.invalid, "\(shown) is a folder", number: EISDIR) }
      stack = DirectoryStack(owning: try Self.open(destination, shown))
      newName = nil
      self.isFolderName = false
      return
    }
    if options.mustBeFolder {
      throw OperationFailure(.notFound, "\(shown) has to be a folder that is there", number: ENOTDIR)
    }
    guard CopyPath.isName(name) else {
      throw OperationFailure(.notFound, "\(shown) is neither a folder nor the name of a file", number: ENOENT)
    }
    if options.mustBeFile, isFolderName {
      throw OperationFailure(.invalid, "\(shown) is no name of a file", number: ENOTDIR)
    }
    stack = DirectoryStack(owning: try Self.open(folder, "the folder of \(shown)"))
    newName = name
    self.isFolderName = isFolderName
  }

  deinit {
    discard()
  }

  /// Takes an entry.
  package func take(_ entry: FileEntry) throws(OperationFailure) {
    guard file == nil else { throw OperationFailure(.unexpected, "an entry came before the end of a file") }
    if entry.kind == .folderEnd { return try endFolder(entry) }
    let name = try place(entry)
    guard entry.modifiedNanoseconds < 1_000_000_000 else {
      throw OperationFailure(.invalid, "\(shown(entry.path)) has a time that is none")
    }
    currentPath = entry.path
    switch entry.kind {
    case .file: try beginFile(entry, name)
    case .folder: try beginFolder(entry, name)
    case .symbolicLink: try makeLink(entry, name)
    case .hardLink: try makeHardLink(entry, name)
    case .fifo: try makePipe(entry, name)
    case .folderEnd, .none: throw OperationFailure(.invalid, "\(shown(entry.path)) is of no kind")
    }
  }

  /// Takes a file's next bytes.
  package func take(data: UnsafeRawBufferPointer) throws(OperationFailure) {
    guard let file else { throw OperationFailure(.unexpected, "bytes came without a file") }
    do {
      try file.write(data)
    } catch {
      throw refuse(error, file)
    }
    summary.bytes += UInt64(data.count)
    position += UInt64(data.count)
  }

  /// Takes a hole in a file.
  package func take(hole length: UInt64) throws(OperationFailure) {
    guard let file else { throw OperationFailure(.unexpected, "a hole came without a file") }
    do {
      try file.skip(length)
    } catch {
      throw refuse(error, file)
    }
    position = position.addingReportingOverflow(length).partialValue
  }

  /// Takes a file's end.
  package func take(_ end: FileEnd) throws(OperationFailure) {
    guard let file else { throw OperationFailure(.unexpected, "a checksum came without a file") }
    do {
      let inode = try file.finish(end, keepsOwner: options.keepsOwners)
      if let inode { linkable.insert(inode) }
    } catch {
      throw refuse(error, file)
    }
    self.file = nil
    if end.isChanged { summary.noteChange(file.entry.path) }
    summary.files += 1
  }

  /// Checks that nothing is missing; answers with what was made.
  package func finish() throws(OperationFailure) -> CopySummary {
    guard file == nil, levels.isEmpty else {
      throw OperationFailure(.unexpected, "the copy ended within \(shown(currentPath))")
    }
    return summary
  }

  /// Removes what is unfinished.
  package func discard() {
    file?.discard()
    file = nil
  }

  // MARK: Places

  /// Checks where an entry belongs; answers with its name in the folder that the stack is in.
  private func place(_ entry: FileEntry) throws(OperationFailure) -> [CChar] {
    guard entry.path.count <= ProtocolLimits.maximumPath else {
      throw OperationFailure(.invalid, "\(shown(entry.path)) is too long a path", number: ENAMETOOLONG)
    }
    var name = entry.path[...]
    if !levels.isEmpty {
      guard entry.path.count > path.count, entry.path.starts(with: path), entry.path[path.count] == UInt8(ascii: "/")
      else {
        throw OperationFailure(.escape, "\(shown(entry.path)) is not in the folder that is being copied")
      }
      name = entry.path[(path.count + 1)...]
    }
    guard CopyPath.isName(name) else {
      throw OperationFailure(.escape, "\(shown(entry.path)) leads out of the folder that is being copied")
    }
    guard levels.isEmpty, let newName else { return try CopyPath.terminated(name) }
    if let topName, !topName.elementsEqual(name) {
      throw OperationFailure(
        .invalid, "\(shown(newName)) is no folder that is there, and cannot become several things", number: ENOTDIR)
    }
    guard !isFolderName || entry.kind == .folder else {
      throw OperationFailure(.notFound, "there is no folder \(shown(newName))", number: ENOTDIR)
    }
    topName = Array(name)
    return try CopyPath.terminated(newName)
  }

  private func beginFolder(_ entry: FileEntry, _ name: [CChar]) throws(OperationFailure) {
    let folder = try current()
    // Others get in once all is there, as the mode says then.
    let isNew = mkdirat(folder, name, 0o700) == 0
    guard isNew || errno == EEXIST else { throw failure("make the folder", entry.path, errno) }
    do {
      try stack.push(name)
    } catch {
      throw failure("enter the folder", entry.path, error.number)
    }
    levels.append(Level(name: name, isNew: isNew, parentLength: path.count))
    path = entry.path
    summary.folders += 1
  }

  private func endFolder(_ entry: FileEntry) throws(OperationFailure) {
    guard let level = levels.last, entry.path == path else {
      throw OperationFailure(.unexpected, "\(shown(entry.path)) ended, which was not the folder that was open")
    }
    guard entry.modifiedNanoseconds < 1_000_000_000 else {
      throw OperationFailure(.invalid, "\(shown(entry.path)) has a time that is none")
    }
    // One that was there before belongs to others as well.
    if level.isNew {
      let problem = try entry.apply(to: current(), keepsOwner: options.keepsOwners)
      guard problem == 0 else { throw failure("set the mode and times of", entry.path, problem) }
    }
    levels.removeLast()
    stack.pop()
    path.removeLast(path.count - level.parentLength)
  }

  func current() throws(OperationFailure) -> Int32 {
    do {
      return try stack.current()
    } catch {
      throw failure("enter the folder of", currentPath, error.number)
    }
  }

  /// The folder and the name that an entry of this copy was given, by its path; the folder is the caller's to close.
  func resolve(_ target: [UInt8]) throws(OperationFailure) -> (folder: Int32, name: [CChar]) {
    var names: [[CChar]] = []
    var isTop = true
    for part in target.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      guard CopyPath.isName(part) else {
        throw OperationFailure(.escape, "a link to \(shown(target)) leads out of the folder that is being copied")
      }
      if isTop, let newName {
        names.append(try CopyPath.terminated(newName))
      } else {
        names.append(try CopyPath.terminated(part))
      }
      isTop = false
    }
    guard let name = names.popLast() else { throw OperationFailure(.escape, "a link leads nowhere") }
    do {
      return (try stack.open(names), name)
    } catch {
      throw OperationFailure(.escape, "a link leads to \(shown(target)), which was not copied", number: error.number)
    }
  }

  // MARK: Words

  func shown(_ path: [UInt8]) -> String { "'\(CopyPath.shown(path))'\(options.place)" }

  func failure(_ what: String, _ path: [UInt8], _ number: Int32) -> OperationFailure {
    OperationFailure(.system, "cannot \(what) \(shown(path))", number: number)
  }

  private func refuse(_ refusal: FileWriter.Refusal, _ file: FileWriter) -> OperationFailure {
    discard()
    switch refusal {
    case .system(let number): return failure("write", file.entry.path, number)
    case .tooLong: return OperationFailure(.invalid, "more came of \(shown(file.entry.path)) than was announced")
    case .tooShort: return OperationFailure(.invalid, "less came of \(shown(file.entry.path)) than was announced")
    case .checksum: return OperationFailure(.checksum, "\(shown(file.entry.path)) did not arrive as it was sent")
    }
  }

  private static func open(_ path: [UInt8], _ shown: String) throws(OperationFailure) -> Int32 {
    let descriptor = openat(AT_FDCWD, try CopyPath.terminated(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw OperationFailure(errno == ENOENT ? .notFound : .system, "cannot open \(shown)", number: errno)
    }
    return descriptor
  }
}
