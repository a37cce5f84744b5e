import NestorSupport

extension ContainerDaemon {
  /// The object, or nil where there is none of that name.
  package func find(_ object: ObjectReference) async throws -> JSONValue? {
    do {
      return try await query("GET", object.path, purpose: "cannot look at the \(object.title)")
    } catch let error as NestorError where error.code == .notFound {
      return nil
    }
  }

  /// All objects of a kind; volumes need `pool`. None where the daemon, as an old cluster member, has no such list.
  package func list(_ kind: ObjectReference.Kind, pool: String? = nil) async throws -> [JSONValue] {
    let collection = ObjectReference(kind, "", pool: pool).collection
    return try await query("GET", "\(collection)?recursion=1", purpose: "cannot list: \(kind.title)s").array
  }

  /// Makes an object of its whole description.
  package func create(
    _ object: ObjectReference, _ body: JSONValue, progress: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws {
    try await query("POST", object.collection, body, purpose: "cannot make the \(object.title)", progress: progress)
  }

  /// Puts another description in the place of an object's.
  package func replace(_ object: ObjectReference, _ body: JSONValue) async throws {
    try await query("PUT", object.path, body, purpose: "cannot change the \(object.title)")
  }

  /// Takes an object away; one that is gone already is no error.
  package func remove(_ object: ObjectReference) async throws {
    do {
      try await query("DELETE", object.path, purpose: "cannot delete the \(object.title)")
    } catch let error as NestorError where error.code == .notFound {
      return
    }
  }
}
