import NestorSupport

/// The exit statuses of Nestor's programs; those from 64 on are sysexits.h's.
package enum ExitStatus: Int32, Sendable, CaseIterable {
  /// All was done.
  case success = 0
  /// It failed in a way that has no status of its own.
  case failure = 1
  /// The command line makes no sense.
  case usage = 64
  /// A name, template, parameter or XML file is not what it has to be.
  case badInput = 65
  /// The guest, image, template, network or snapshot is not there.
  case notFound = 66
  /// libvirt, a program or a device that is needed is not there, or cannot do it.
  case unavailable = 69
  /// The disk is full, or a file could not be made.
  case cannotCreate = 73
  /// Somebody else holds it, it exists already, or it is in the wrong state.
  case conflict = 75
  /// The system refused for lack of rights.
  case noPermission = 77
  /// The time that was given ran out, as with timeout(1).
  case timedOut = 124
  /// A signal ended the work.
  case interrupted = 130

  package init(_ error: any Error) {
    if error is CancellationError {
      self = .interrupted
      return
    }
    guard let error = error as? NestorError else {
      self = .failure
      return
    }
    switch error.code {
    case .invalidArgument: self = .usage
    case .invalidName, .invalidTemplate, .invalidParameter, .invalidXML, .corrupted: self = .badInput
    case .templateNotFound, .notFound: self = .notFound
    case .exists, .busy, .invalidState: self = .conflict
    case .timedOut: self = .timedOut
    case .unavailable, .unsupported: self = .unavailable
    case .permissionDenied: self = .noPermission
    case .noSpace: self = .cannotCreate
    case .interrupted: self = .interrupted
    case .partial, .failed: self = .failure
    }
  }

  /// What the status means, for the table in `--help`.
  package var meaning: String {
    switch self {
    case .success: "done"
    case .failure: "failed"
    case .usage: "the command line makes no sense"
    case .badInput: "a name, template, parameter or XML file is not valid"
    case .notFound: "no such guest, image, template or snapshot"
    case .unavailable: "libvirt, a program or a device is missing, or cannot do it"
    case .cannotCreate: "no space, or a file cannot be made"
    case .conflict: "exists already, is in use, or is in the wrong state"
    case .noPermission: "permission denied"
    case .timedOut: "timed out"
    case .interrupted: "interrupted"
    }
  }

  /// The statuses and their meanings, a line each.
  package static var table: String {
    allCases.map { status in
      let number = String(status.rawValue)
      return "  " + String(repeating: " ", count: 3 - number.count) + "\(number)  \(status.meaning)"
    }.joined(separator: "\n")
  }
}
