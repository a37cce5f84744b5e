import Glibc
import GuestProtocol
import GuestTransport

/// Copying, with the rules of cp(1): into a folder that is there things go by their own names, any other destination is
/// the new name of the one thing that is copied. A link that stands where a file is to go is replaced, not followed;
/// folders that are there keep their modes and times. A source that ends with '/.' means what is in the folder.
///
/// All throw `OperationFailure`, also for what fails on this side, and leave no unfinished file behind; the session goes
/// on then. What was complete before a failure stays.
extension GuestSession {
  /// Copies files and folders of this machine to a path in the guest, which begins with '/'.
  package func put(
    _ sources: [String], to destination: [UInt8], options: CopyOptions = CopyOptions(),
    progress: ((CopyProgress) -> Void)? = nil
  ) throws -> CopySummary {
    try requireCopy()
    let paths = sources.map { Array($0.utf8) }
    guard !paths.isEmpty else { return CopySummary() }
    for path in sources {
      // A second source that is not there is better known before the first was copied.
      var information = Glibc.stat()
      guard lstat(path, &information) == 0 else {
        throw OperationFailure(.notFound, "cannot read '\(CopyPath.shown(Array(path.utf8)))'", number: errno)
      }
    }
    var request = PutRequest()
    request.path = destination
    request.keepsOwners = options.keepsOwners
    request.mustBeFolder = paths.count > 1 || paths.contains { CopyPath.meansContents($0) }
    let work = try PutOperation(connection, terms, request, paths, options, progress)
    try run(work)
    return work.summary
  }

  /// Copies what a descriptor has until its end to a file in the guest, with these permission bits.
  ///
  /// The descriptor stays the caller's, and as it is: reads block where nothing is there, but are only made when there is.
  package func put(
    stdin descriptor: Int32, to destination: [UInt8], mode: UInt32 = 0o644,
    progress: ((CopyProgress) -> Void)? = nil
  ) throws -> CopySummary {
    try requireCopy()
    var request = PutRequest()
    request.path = destination
    request.mustBeFile = true
    let work = PutStreamOperation(connection, terms, request, from: descriptor, mode: mode, progress)
    try run(work)
    return work.summary
  }

  /// Copies a file or a folder of the guest to a path of this machine.
  package func get(
    _ path: [UInt8], to destination: String, options: CopyOptions = CopyOptions(),
    progress: ((CopyProgress) -> Void)? = nil
  ) throws -> CopySummary {
    try requireCopy()
    var request = GetRequest()
    request.path = path
    request.isRecursive = options.isRecursive
    request.followsLinks = options.followsLinks
    let work = try GetOperation(connection, request, to: Array(destination.utf8), options, progress)
    try run(work)
    return work.summary
  }

  /// Writes a file of the guest to a descriptor, which stays the caller's and as it is. Holes become zeros.
  package func get(
    _ path: [UInt8], into descriptor: Int32, progress: ((CopyProgress) -> Void)? = nil
  ) throws -> CopySummary {
    try requireCopy()
    var request = GetRequest()
    request.path = path
    request.followsLinks = true
    let work = GetStreamOperation(connection, request, into: descriptor, progress)
    try run(work)
    return work.summary
  }

  func requireCopy() throws(OperationFailure) {
    guard terms.features.contains(.copy) else {
      throw OperationFailure(.unsupported, "the guest's agent cannot copy files")
    }
  }
}
