import CommandLineKit
import Glibc
import GuestClient
import GuestProtocol
import NestorCore
import NestorSupport

/// Copies between this side and guests.
struct Copier: Sendable {
  let hypervisor: Hypervisor
  let line: ProgressLine
  let options: CopyOptions

  /// Copies sources to a destination; each pair of sides has its own way.
  func copy(_ sources: [GuestPath], to destination: GuestPath) async throws {
    switch destination {
    case .guest(let name, let path): try await put(sources, to: name, path)
    case .local(let path):
      if sources.count > 1, !FileTree.isDirectory(path) {
        throw NestorError(.invalidArgument, "'\(path)' is no folder, and there are several things to copy")
      }
      for source in sources { try await get(source, to: path) }
    case .standard:
      guard sources.count == 1, case .guest(let name, let path)? = sources.first else {
        throw NestorError(.invalidArgument, "only one file of a guest can go to standard output")
      }
      try await session(name) { session, progress in
        _ = try session.get(Self.bytes(path), into: STDOUT_FILENO, progress: progress)
      }
    }
  }

  /// A guest's path as the agent wants it: one that does not begin with a slash begins at root's home.
  static func bytes(_ path: String) -> [UInt8] {
    Array((path.hasPrefix("/") ? path : "/root/\(path)").utf8)
  }

  private func put(_ sources: [GuestPath], to name: String, _ path: String) async throws {
    let local = sources.compactMap { source in if case .local(let path) = source { path } else { nil } }
    if local.count == sources.count {
      try await put(local, name, path)
      return
    }
    guard sources.count == 1 || local.isEmpty else {
      throw NestorError(.invalidArgument, "files from here and from guests cannot be copied in one go")
    }
    for source in sources {
      switch source {
      case .standard:
        try await session(name) { session, progress in
          _ = try session.put(stdin: STDIN_FILENO, to: Self.bytes(path), progress: progress)
        }
      case .guest(let from, let origin): try await between(from, origin, name, path)
      case .local: continue
      }
    }
  }

  private func put(_ paths: [String], _ name: String, _ path: String) async throws {
    let options = options
    try await session(name) { session, progress in
      _ = try session.put(paths, to: Self.bytes(path), options: options, progress: progress)
    }
  }

  private func get(_ source: GuestPath, to destination: String) async throws {
    guard case .guest(let name, let path) = source else {
      throw NestorError(
        .invalidArgument, "neither side of the copy is in a guest", hint: "NAME:PATH names a path in a guest")
    }
    let options = options
    let summary = try await session(name) { session, progress in
      try session.get(Self.bytes(path), to: destination, options: options, progress: progress)
    }
    for skipped in summary.skipped {
      ErrorReport.warn("left out \(name):\(String(decoding: skipped, as: UTF8.self)): neither file, folder nor link")
    }
  }

  private func between(_ from: String, _ origin: String, _ to: String, _ path: String) async throws {
    let (line, options) = (line, options)
    let (source, target) = (try await hypervisor.guest(from).agent, try await hypervisor.guest(to).agent)
    _ = try await source.withSessions(and: target) { source, target in
      try source.copy(Self.bytes(origin), to: target, at: Self.bytes(path), options: options) {
        line.show(Self.report(to, $0))
      }
    }
  }

  private func session<Value: Sendable>(
    _ name: String, _ body: @escaping @Sendable (GuestSession, @escaping (CopyProgress) -> Void) throws -> Value
  ) async throws -> Value {
    let line = line
    return try await hypervisor.guest(name).agent.withSession { session in
      try body(session) { progress in
        line.show(Self.report(name, progress))
      }
    }
  }

  private static func report(_ name: String, _ progress: CopyProgress) -> ProgressReport {
    let part = progress.total.map { $0 == 0 ? 1 : Double(progress.bytes) / Double($0) }
    let path = String(decoding: progress.path, as: UTF8.self)
    return ProgressReport(name, "\(path), \(SizeText.short(progress.bytes))", fraction: part)
  }
}
