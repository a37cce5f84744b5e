/// A failure in terms that a user can act on: what failed, on what, why, and what to do next.
package struct NestorError: Error, Sendable, Equatable {
  /// The kind of a failure; it decides a program's exit status.
  package enum Code: String, Sendable, CaseIterable {
    /// A command line or an argument of a call that makes no sense.
    case invalidArgument
    /// A name that a guest, network, image or snapshot cannot have.
    case invalidName
    /// A template file that does not describe a guest.
    case invalidTemplate
    /// A `-P` parameter that the template does not take, or not with this value.
    case invalidParameter
    /// XML that libvirt would refuse, or that is no XML at all.
    case invalidXML
    /// A template that is in none of the folders searched.
    case templateNotFound
    /// A guest, image, network or snapshot that is not there.
    case notFound
    /// Something of that name is there already.
    case exists
    /// Another program holds what this one needs.
    case busy
    /// The guest is in a state in which this cannot be done.
    case invalidState
    /// The time that was given ran out.
    case timedOut
    /// A service or a device that is needed is not there.
    case unavailable
    /// The system refused for lack of rights.
    case permissionDenied
    /// This libvirt, QEMU, kernel or firmware cannot do it.
    case unsupported
    /// The disk is full, or would be.
    case noSpace
    /// A file or a record is not what it has to be.
    case corrupted
    /// A signal or a cancellation ended the work.
    case interrupted
    /// Some of several things failed; each was reported by itself.
    case partial
    /// Any other failure of a call or of a program that was run.
    case failed
  }

  /// The kind of the failure.
  package var code: Code
  /// What failed, and on what.
  package var message: String
  /// Why, in the words of the layer that failed.
  package var cause: String?
  /// What to do next.
  package var hint: String?

  /// Makes an error of its parts; a sentence each, without a full stop.
  package init(_ code: Code, _ message: String, cause: String? = nil, hint: String? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
    self.hint = hint
  }

  /// The same error with a hint, where it has none yet.
  package func hinting(_ hint: String) -> NestorError {
    guard self.hint == nil else { return self }
    var copy = self
    copy.hint = hint
    return copy
  }
}

extension NestorError: CustomStringConvertible {
  /// Message and cause on one line, the hint on the next; a cause that begins with a line break keeps its own lines.
  package var description: String {
    var text = message
    if let cause, !cause.isEmpty { text += cause.hasPrefix("\n") ? ":\(cause)" : ": \(cause)" }
    if let hint, !hint.isEmpty { text += "\n  hint: \(hint)" }
    return text
  }
}

extension NestorError {
  /// What to do where a file system is full.
  package static let fullDiskHint = "free some space on the file system that it writes to, then run it again"
}
