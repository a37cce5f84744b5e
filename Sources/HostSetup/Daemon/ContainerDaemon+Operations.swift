import NestorSupport

extension ContainerDaemon {
  /// The status codes of operations, see <https://documentation.ubuntu.com/lxd/stable-5.0/rest-api/>.
  private enum OperationStatus {
    static let success: Int64 = 200
    static let failure: Int64 = 400
    static let cancelled: Int64 = 401
  }

  /// How the descriptions begin of operations after which there is an object that was not there before.
  private static let making = ["Creating", "Importing", "Downloading", "Starting"]

  /// Waits until an operation has ended, by the daemon's own word, and answers with its metadata.
  ///
  /// While it lasts its progress is asked for once a second. An operation that is not known any more has ended some
  /// seconds ago: its object tells the rest.
  func finish(
    _ operation: String, purpose: String, progress: @escaping @Sendable (String) -> Void
  ) async throws -> JSONValue {
    let path = operation.split(separator: "?").first.map(String.init) ?? operation
    return try await withThrowingTaskGroup(of: JSONValue?.self) { group in
      group.addTask {
        do {
          return try await send("GET", "\(path)/wait?timeout=-1", purpose: purpose)["metadata"]
        } catch let error as NestorError where error.code == .notFound {
          return .null
        }
      }
      group.addTask {
        while !Task.isCancelled {
          try await ContinuousClock().sleep(for: .seconds(1))
          if let now = try? await send("GET", path, purpose: purpose)["metadata"]?["metadata"], let text = now.progress
          {
            progress(text)
          }
        }
        return nil
      }
      defer { group.cancelAll() }
      let ended = try await group.next() ?? nil
      return try check(ended ?? .null, purpose: purpose)
    }
  }

  private func check(_ operation: JSONValue, purpose: String) throws -> JSONValue {
    switch operation["status_code"]?.integer {
    case OperationStatus.failure: throw DaemonFailure(kind, errors: operation["err"]?.string ?? "").error(purpose)
    case OperationStatus.cancelled: throw NestorError(.interrupted, purpose, cause: "somebody cancelled the operation")
    default: return operation["metadata"] ?? .null
    }
  }

  /// Waits for all that the daemon still does with an instance, such as what an earlier run left under way; with nil for
  /// all that it is making, since an object that is not there yet has no label either.
  func settle(_ instance: String?) async throws {
    let purpose = "cannot see what \(kind.title) still does" + (instance.map { " with \($0)" } ?? "")
    for group in try await query("GET", "/1.0/operations?recursion=1", purpose: purpose).fields.values {
      for operation in group.array where operation["class"]?.string == "task" {
        let resources = operation["resources"].map { $0["instances"].map(\.array) ?? $0["containers"].map(\.array) }
        let names = (resources ?? nil)?.compactMap(\.string) ?? []
        let concerns =
          instance.map { instance in names.contains { $0.isPath(of: instance) } }
          ?? Self.making.contains { operation["description"]?.string?.hasPrefix($0) ?? false }
        guard concerns, let id = operation["id"]?.string else { continue }
        do {
          _ = try await finish("/1.0/operations/\(id)", purpose: purpose) { _ in }
        } catch let error as NestorError where error.code != .unavailable {
          // The one that was waiting for it was told; what came of it is seen in the instance.
          continue
        }
      }
    }
  }
}

extension String {
  /// Whether this is the API's path of an instance, with or without a query behind.
  fileprivate func isPath(of instance: String) -> Bool {
    let path = prefix { $0 != "?" }
    return path.hasSuffix("/\(instance)")
  }
}

extension JSONValue {
  /// What an operation says of its progress, such as `rootfs: 45% (10MB/s)`.
  fileprivate var progress: String? {
    for (name, value) in fields.sorted(by: { $0.key < $1.key }) where name.hasSuffix("_progress") {
      if let text = value.string { return text }
    }
    return nil
  }
}
