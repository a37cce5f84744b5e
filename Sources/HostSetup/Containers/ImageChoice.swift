import NestorImages
import NestorSupport

/// What a container is made from.
struct ImageChoice: Sendable {
  /// The alias that is looked for where nobody names an image.
  static let localAlias = "nestor"
  /// What is fetched where there is no such image.
  static let remoteDefault = "images:debian/12/cloud"

  let daemon: ContainerDaemon

  /// The source of a new container as the API takes it: an alias or fingerprint of the daemon's, `REMOTE:ALIAS` of an
  /// image server, or files, which are imported first.
  ///
  /// Throws `notFound` for what the daemon does not have.
  func source(_ image: String?) async throws -> JSONValue {
    if let image {
      if image.contains("/"), !image.contains(":") { return try await imported(image) }
      if image.contains(":") { return try await remote(image) }
      if let source = try await local(image) { return source }
      throw NestorError(
        .notFound, "\(daemon.kind.title) has no image '\(image)'",
        hint: "\(daemon.commandLine) image list names them; nestor-host image build makes one;"
          + " \(Self.remoteDefault) fetches one")
    }
    if let source = try await local(Self.localAlias) { return source }
    return try await remote(Self.remoteDefault)
  }

  private func local(_ name: String) async throws -> JSONValue? {
    let purpose = "cannot look for the image \(name)"
    // A whole fingerprint has one letter more than other names may have.
    try NameRules.check(name, what: "image", longest: 64)
    for path in ["/1.0/images/aliases/\(name)", "/1.0/images/\(name)"] {
      do {
        let found = try await daemon.query("GET", path, purpose: purpose)
        guard let fingerprint = found["target"]?.string ?? found["fingerprint"]?.string else { continue }
        return JSONValue(["type": "image", "fingerprint": fingerprint])
      } catch let error as NestorError where error.code == .notFound {
        continue
      }
    }
    return nil
  }

  private func remote(_ image: String) async throws -> JSONValue {
    let parts = image.split(separator: ":", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { throw NestorError(.invalidArgument, "'\(image)' names no image of a server") }
    let result = try await daemon.transport.run(["remote", "list", "--format", "json"], input: .none)
    guard result.status == 0, let remotes = try? JSONValue(parsing: result.output) else {
      throw DaemonFailure(daemon.kind, errors: result.errors).error("cannot list the remotes")
    }
    guard let remote = remotes[parts[0]], let server = remote["Addr"]?.string, server.hasPrefix("https://") else {
      throw NestorError(
        .notFound, "there is no image server '\(parts[0])'", hint: "\(daemon.kind.program) remote list names them")
    }
    return JSONValue([
      "type": "image", "mode": "pull", "server": server, "protocol": remote["Protocol"]?.string ?? "simplestreams",
      "alias": parts[1],
    ])
  }

  /// Imports an image's file, or a folder's metadata and root file system, unless the daemon has it already: it knows an
  /// image by the digest of its files, one after the other.
  private func imported(_ path: String) async throws -> JSONValue {
    let files = try Self.files(path)
    let fingerprint = try await Checksum(of: files, .sha256).digits
    if let source = try await local(fingerprint) { return source }
    let result = try await daemon.transport.run(
      daemon.arguments(
        ["image", "import", "--quiet"] + files + (daemon.remote.map { ["\($0):"] } ?? []) + ["\(Label.made)=true"]),
      input: .none)
    if result.status == 0 || result.errors.contains("already exists") {
      return JSONValue(["type": "image", "fingerprint": fingerprint])
    }
    throw DaemonFailure(daemon.kind, errors: result.errors).error("cannot import the image \(path)")
  }

  /// The files that make an image: a whole one, or its metadata and its root file system in a folder.
  static func files(_ path: String) throws -> [String] {
    guard FileTree.exists(path) else { throw NestorError(.notFound, "there is no image at \(path)") }
    guard FileTree.isDirectory(path) else { return [path] }
    let names = (try? FileTree.names(in: path)) ?? []
    guard let metadata = names.first(where: { $0.contains("metadata.tar") || $0.hasPrefix("meta.tar") }),
      let rootfs = names.first(where: { $0.hasSuffix(".squashfs") || $0.contains("rootfs.tar") })
    else {
      throw NestorError(
        .notFound, "there is no image in the folder \(path)",
        cause: "a metadata.tar.* and a *.squashfs or rootfs.tar.* are looked for")
    }
    return ["\(path)/\(metadata)", "\(path)/\(rootfs)"]
  }
}
