import NestorSupport

/// What ``GeneralisingScript`` says of a disk; it comes from a guest in which everything may have happened.
struct GeneralisingReport: Sendable, Equatable {
  /// How it ended.
  enum Verdict: Sendable, Equatable {
    case done
    /// Something could not be done, which should have been possible.
    case failed(String)
    /// The disk is not one that can be generalised.
    case refused(String)
  }

  /// The room for it, in bytes.
  static let size = 64 << 10

  /// How it ended; nil where it did not come to an end.
  let verdict: Verdict?
  /// The names of the systems that were found, as their `os-release` says them.
  private(set) var systems: [String] = []
  private(set) var warnings: [String] = []

  /// Reads the bytes of the disk that it was written on: a line with the verdict, then lines `system NAME` and
  /// `warning TEXT`.
  init(_ bytes: [UInt8]) {
    let lines = ConsoleLog.lines(of: Array(bytes.prefix { $0 != 0 })).map { line in
      (word: line.prefix { $0 != " " }, text: String(line.drop { $0 != " " }.dropFirst().prefix(300)))
    }
    verdict =
      switch lines.first?.word {
      case "done": .done
      case "failed": .failed(lines[0].text)
      case "refused": .refused(lines[0].text)
      default: nil
      }
    for line in lines.dropFirst().prefix(100) {
      switch line.word {
      case "system": systems.append(line.text)
      case "warning": warnings.append(line.text)
      default: break
      }
    }
  }
}
