import CommandLineKit
import Synchronization

/// Writes whole lines, each behind a name, so that the output of several guests can be told apart.
final class LinePrefixer: Sendable {
  /// A line longer than this is broken, so that a guest that never ends one cannot fill the memory.
  private static let longest = 16_384

  private let prefix: [UInt8]
  private let descriptor: Int32
  private let pending = Mutex<[UInt8]>([])

  init(_ name: String, to descriptor: Int32) {
    prefix = Array("\(name): ".utf8)
    self.descriptor = descriptor
  }

  /// Takes bytes as they come.
  func write(_ bytes: UnsafeRawBufferPointer) {
    pending.withLock { pending in
      var lines: [UInt8] = []
      for byte in bytes {
        pending.append(byte)
        if byte == UInt8(ascii: "\n") || pending.count >= Self.longest { take(&pending, into: &lines) }
      }
      // One write for all, so that other guests' lines come before or after, not within.
      if !lines.isEmpty { Terminal.write(lines, to: descriptor) }
    }
  }

  /// Writes the last line, which may lack its end.
  func end() {
    pending.withLock { pending in
      guard !pending.isEmpty else { return }
      var line: [UInt8] = []
      take(&pending, into: &line)
      Terminal.write(line, to: descriptor)
    }
  }

  private func take(_ pending: inout [UInt8], into lines: inout [UInt8]) {
    lines += prefix + pending
    if pending.last != UInt8(ascii: "\n") { lines.append(UInt8(ascii: "\n")) }
    pending.removeAll(keepingCapacity: true)
  }
}
