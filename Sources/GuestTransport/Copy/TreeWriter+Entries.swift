import Glibc
import GuestProtocol

extension TreeWriter {
  func beginFile(_ entry: FileEntry, _ name: [CChar]) throws(OperationFailure) {
    guard entry.isUnbounded || entry.size <= UInt64(Int64.max) else {
      throw OperationFailure(.invalid, "\(shown(entry.path)) has a size that no file has", number: EFBIG)
    }
    guard !entry.hasLinks || linkable.count < ProtocolLimits.maximumLinkedFiles else {
      throw OperationFailure(.invalid, "more files have hard links than a copy can follow")
    }
    let folder = try free(name, entry.path)
    if summary.files == 0, summary.folders == 0, !entry.isUnbounded { totalSize = entry.size }
    do {
      file = try FileWriter(entry, name: name, stack: stack, folder: folder)
    } catch {
      throw failure("make a file beside", entry.path, error.number)
    }
  }

  func makeLink(_ entry: FileEntry, _ name: [CChar]) throws(OperationFailure) {
    guard entry.target.count < Int(PATH_MAX) else {
      throw OperationFailure(.invalid, "\(shown(entry.path)) links to too long a path", number: ENAMETOOLONG)
    }
    let target = try CopyPath.terminated(entry.target)
    try make(entry, name) { folder, temporary in
      guard symlinkat(target, folder, temporary) == 0 else { return errno }
      if options.keepsOwners, fchownat(folder, temporary, entry.user, entry.group, AT_SYMLINK_NOFOLLOW) != 0 {
        return errno
      }
      return utimensat(folder, temporary, entry.times, AT_SYMLINK_NOFOLLOW) == 0 ? 0 : errno
    }
  }

  func makePipe(_ entry: FileEntry, _ name: [CChar]) throws(OperationFailure) {
    try make(entry, name) { folder, temporary in
      guard mkfifoat(folder, temporary, 0o600) == 0 else { return errno }
      if options.keepsOwners, fchownat(folder, temporary, entry.user, entry.group, AT_SYMLINK_NOFOLLOW) != 0 {
        return errno
      }
      guard fchmodat(folder, temporary, entry.mode & 0o777, 0) == 0 else { return errno }
      return utimensat(folder, temporary, entry.times, AT_SYMLINK_NOFOLLOW) == 0 ? 0 : errno
    }
  }

  func makeHardLink(_ entry: FileEntry, _ name: [CChar]) throws(OperationFailure) {
    let (targetFolder, targetName) = try resolve(entry.target)
    defer { close(targetFolder) }
    var isForeign = false
    try make(entry, name) { folder, temporary in
      guard linkat(targetFolder, targetName, folder, temporary, 0) == 0 else { return errno }
      // Looked at behind the call, so that nobody can exchange the file in between.
      var information = stat()
      guard fstatat(folder, temporary, &information, AT_SYMLINK_NOFOLLOW) == 0 else { return errno }
      isForeign = !linkable.contains(Inode(device: information.st_dev, number: information.st_ino))
      return isForeign ? EPERM : 0
    } refused: { number in
      guard isForeign || number == ENOENT else { return nil }
      return OperationFailure(
        .escape, "\(shown(entry.path)) is a hard link to \(shown(entry.target)), which is no file of this copy",
        number: number)
    }
  }

  /// Makes something under another name and moves it to its place.
  private func make(
    _ entry: FileEntry, _ name: [CChar], _ body: (Int32, [CChar]) -> Int32,
    refused: (Int32) -> OperationFailure? = { _ in nil }
  ) throws(OperationFailure) {
    let folder = try free(name, entry.path)
    let temporary = FileWriter.temporaryName()
    var problem = body(folder, temporary)
    if problem == 0, renameat(folder, temporary, folder, name) != 0 { problem = errno }
    // It is still there as well when both were names of one file: renaming does nothing then. Somebody else's is not
    // touched.
    if problem != EEXIST { unlinkat(folder, temporary, 0) }
    guard problem == 0 else { throw refused(problem) ?? failure("make", entry.path, problem) }
    summary.files += 1
  }

  /// Makes sure that a name is free or that of something that may be replaced; answers with its folder.
  private func free(_ name: [CChar], _ path: [UInt8]) throws(OperationFailure) -> Int32 {
    let folder = try current()
    var information = stat()
    guard fstatat(folder, name, &information, AT_SYMLINK_NOFOLLOW) == 0 else {
      guard errno == ENOENT else { throw failure("look at", path, errno) }
      return folder
    }
    switch information.st_mode & S_IFMT {
    case S_IFREG, S_IFLNK: return folder
    case S_IFDIR:
      throw OperationFailure(.invalid, "\(shown(path)) would replace a folder", number: EISDIR)
    default:
      throw OperationFailure(
        .invalid, "\(shown(path)) would replace a device, a socket or a named pipe", number: EEXIST)
    }
  }

}

extension FileEntry {
  /// The times for utimensat(2); the access is left as it is.
  var times: [timespec] {
    // UTIME_OMIT, which Swift does not import.
    let omit = (1 << 30) - 2
    return [timespec(tv_sec: 0, tv_nsec: omit), timespec(tv_sec: Int(modified), tv_nsec: Int(modifiedNanoseconds))]
  }

  /// Gives owner, mode and times to an open file or folder, in this order since a new owner takes set-user-ID away;
  /// answers with 0 or errno.
  func apply(to descriptor: Int32, keepsOwner: Bool) -> Int32 {
    if keepsOwner, fchown(descriptor, user, group) != 0 { return errno }
    guard fchmod(descriptor, mode & (keepsOwner ? 0o7777 : 0o1777)) == 0 else { return errno }
    return futimens(descriptor, times) == 0 ? 0 : errno
  }
}
