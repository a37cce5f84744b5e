import NestorSupport

/// What a plan does to one object.
package struct PlanStep: Sendable, Equatable {
  /// What is done.
  package enum Action: String, Sendable {
    /// It is made.
    case create
    /// It is changed.
    case change
    /// It stays as it is.
    case keep
    /// It is taken away.
    case remove
  }

  package let object: ObjectReference
  /// What is done.
  package let action: Action
  /// What it is for, as a sentence.
  package let reason: String
  /// The object's settings now; null where there is none.
  package let before: JSONValue
  /// The object's settings afterwards; null where it is taken away.
  package let after: JSONValue
  /// What the daemon is sent.
  let body: JSONValue
  /// Why this may not be done; nil where it may.
  package let obstacle: NestorError?

  init(
    _ object: ObjectReference, _ action: Action, reason: String, before: JSONValue = .null, after: JSONValue = .null,
    body: JSONValue = .null, obstacle: NestorError? = nil
  ) {
    self.object = object
    self.action = action
    self.reason = reason
    self.before = before
    self.after = after
    self.body = body
    self.obstacle = obstacle
  }

  /// The step as a part of a diff; empty where nothing changes.
  package var difference: String {
    let nothing = "/dev/null"
    switch action {
    case .keep: return ""
    case .create: return "--- \(nothing)\n+++ \(object.title)\n" + ObjectText.whole(after, mark: "+")
    case .remove: return "--- \(object.title)\n+++ \(nothing)\n" + ObjectText.whole(before, mark: "-")
    case .change: return "--- \(object.title)\n+++ \(object.title)\n" + ObjectText.difference(before, after)
    }
  }
}
