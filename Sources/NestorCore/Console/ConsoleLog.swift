import CLinux
import Glibc
import NestorSupport

/// The file into which libvirt's virtlogd writes what a guest's console prints.
///
/// See https://libvirt.org/formatdomain.html#consoles-serial-parallel-channel-devices (`<log>`).
package struct ConsoleLog: Sendable {
  /// The most that one line may have before it is cut into two, in bytes; a guest can print without an end.
  private static let longestLine = 8192

  /// The file.
  /// The file, which need not be there yet.
  package let path: String

  /// The file that holds what was printed before the last start.
  package var previous: ConsoleLog { ConsoleLog(path: path + ".previous") }

  /// Puts the log aside before a start, so that what follows is of this run alone.
  func rotate() throws {
    if FileTree.exists(path) { try FileTree.rename(path, to: previous.path) }
  }

  /// The whole text, or the last `limit` bytes of it, as the guest sent it.
  package func bytes(limit: Int = 4 * 1024 * 1024) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw SystemError("open \(path)") }
    defer { close(descriptor) }
    let size = lseek(descriptor, 0, SEEK_END)
    lseek(descriptor, max(0, size - off_t(limit)), SEEK_SET)
    return Self.drain(descriptor)
  }

  /// The last lines, without control characters; for error messages.
  package func lastLines(_ count: Int) -> [String] {
    guard let bytes = try? bytes(limit: 16384) else { return [] }
    return Self.lines(of: bytes).filter { !$0.isEmpty }.suffix(count).map { String($0.prefix(200)) }
  }

  /// The last lines as the end of a sentence, or nothing.
  var tail: String {
    let lines = lastLines(5)
    return lines.isEmpty ? "" : "; its console's last lines:\n    " + lines.joined(separator: "\n    ")
  }

  /// What is in the file and what is added to it, as it comes, until the task is cancelled.
  ///
  /// A thread of its own waits for inotify(7), so nothing is polled. The file may be missing at first and may be
  /// replaced by a newer one, as virtlogd does when it grows.
  package func follow() -> AsyncStream<[UInt8]> {
    let path = path
    return AsyncStream { continuation in
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0 else { return continuation.finish() }
      // Programs that are started must not hold the alarm open.
      for end in ends { _ = nestor_close_on_exec(end) }
      let (stop, alarm) = (ends[0], ends[1])
      continuation.onTermination = { _ in close(alarm) }
      BlockingWork.start { FollowJob(path: path, stop: stop, continuation: continuation).run() }
    }
  }

  /// What is in the file and what is added to it, line by line, without control characters.
  package func followLines() -> AsyncStream<String> {
    let chunks = follow()
    return AsyncStream { continuation in
      let task = Task {
        var rest: [UInt8] = []
        for await chunk in chunks {
          rest += chunk
          for line in Self.takeLines(from: &rest) { continuation.yield(line) }
        }
        continuation.finish()
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }

  /// Waits for a line that holds a text, or for the beginning of one: a prompt ends without a line end.
  ///
  /// Nil when the log's folder goes away, or when the task is cancelled.
  package func line(containing text: String) async -> String? {
    let (pieces, continuation) = AsyncStream.makeStream(of: [UInt8]?.self)
    let chunks = follow()
    let reader = Task {
      for await chunk in chunks { continuation.yield(chunk) }
      continuation.finish()
    }
    defer { reader.cancel() }
    var rest: [UInt8] = []
    for await piece in pieces {
      rest += piece ?? []
      if let line = Self.takeLines(from: &rest).first(where: { $0.contains(text) }) { return line }
      guard let line = Self.lines(of: rest).first(where: { $0.contains(text) }) else { continue }
      guard piece != nil else { return line }
      // A line comes in pieces: what is no prompt is whole a moment later.
      Task {
        try? await ContinuousClock().sleep(for: .milliseconds(200))
        continuation.yield(nil)
      }
    }
    return nil
  }

  /// Takes the lines that are whole, or too long, from the front of what was read.
  private static func takeLines(from rest: inout [UInt8]) -> [String] {
    var result: [String] = []
    var start = 0
    while start < rest.count {
      let longest = rest[start...].prefix(longestLine)
      if let end = longest.firstIndex(of: 10) {
        result += lines(of: Array(rest[start..<end]))
        start = end + 1
      } else if longest.count == longestLine {
        result += lines(of: Array(longest))
        start += longestLine
      } else {
        break
      }
    }
    rest.removeFirst(start)
    return result
  }

  /// Lines as people would read them: firmware and shells send cursor movements, which are dropped.
  package static func lines(of bytes: [UInt8]) -> [String] {
    var plain: [UInt8] = []
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == 0x1b {
        // ESC [ … letter; ESC and one character otherwise, see console_codes(4).
        guard index < bytes.count, bytes[index] == UInt8(ascii: "[") else {
          index += 1
          continue
        }
        index += 1
        while index < bytes.count, !(0x40...0x7e).contains(bytes[index]) { index += 1 }
        index += 1
      } else if byte == 10 || byte >= 0x20 && byte != 0x7f {
        plain.append(byte)
      } else if byte == 9 {
        plain.append(0x20)
      }
    }
    return plain.split(separator: 10, omittingEmptySubsequences: false).map { line in
      // Terminals take the control characters beyond ASCII for sequences, too.
      String(
        String.UnicodeScalarView(
          String(decoding: line, as: UTF8.self).unicodeScalars.filter { $0.value < 0x80 || $0.value > 0x9f }))
    }
  }

  fileprivate static func drain(_ descriptor: Int32) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return bytes }
      bytes += chunk.prefix(count)
      // A guest that prints without a pause must not keep its reader here for ever.
      if bytes.count >= 1 << 20 { return bytes }
    }
  }
}

/// The work of the thread behind ``ConsoleLog/follow()``.
private final class FollowJob {
  private let path: String
  private let stop: Int32
  private let continuation: AsyncStream<[UInt8]>.Continuation

  init(path: String, stop: Int32, continuation: AsyncStream<[UInt8]>.Continuation) {
    self.path = path
    self.stop = stop
    self.continuation = continuation
  }

  func run() {
    defer {
      close(stop)
      continuation.finish()
    }
    let watcher = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
    guard watcher >= 0 else { return }
    defer { close(watcher) }
    var file: Int32 = -1
    defer { if file >= 0 { close(file) } }
    while true {
      // The folder is watched, not the file: so the file may come later and may be replaced. Asked again each time,
      // since a folder that is deleted takes its watch along; asking twice changes nothing.
      let events = UInt32(IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF)
      let isWatched = inotify_add_watch(watcher, FileTree.parent(of: path), events) >= 0
      repeat {
        file = reopenIfReplaced(file)
        guard file >= 0 else { break }
        let bytes = ConsoleLog.drain(file)
        if bytes.isEmpty { break }
        if case .terminated = continuation.yield(bytes) { return }
      } while true
      guard isWatched else { return }
      var waiting = [pollfd(fd: watcher, events: Int16(POLLIN), revents: 0), pollfd(fd: stop, events: 0, revents: 0)]
      guard poll(&waiting, 2, -1) >= 0 || errno == EINTR else { return }
      if waiting[1].revents != 0 { return }
      var buffer = [UInt8](repeating: 0, count: 4096)
      while read(watcher, &buffer, buffer.count) > 0 {}
    }
  }

  /// The open file, or the one that took its name in the meantime once the old one was read to its end.
  private func reopenIfReplaced(_ file: Int32) -> Int32 {
    if file < 0 { return open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) }
    var held = stat()
    var named = stat()
    guard fstat(file, &held) == 0 else { return file }
    let isNamed = lstat(path, &named) == 0
    if isNamed && held.st_ino == named.st_ino && held.st_dev == named.st_dev { return file }
    guard lseek(file, 0, SEEK_CUR) >= held.st_size else { return file }
    if !isNamed && held.st_nlink == 0 {
      // An open file would keep its deleted folder from being told as such.
      close(file)
      return -1
    }
    let newer = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard newer >= 0 else { return file }
    close(file)
    return newer
  }
}
