import Glibc
import GuestTransport

/// Bytes on their way to a descriptor of the caller's, which may be slow, without ever waiting for it.
///
/// Its settings are shared with other programs, such as the shell, so it is not made non-blocking. A pipe or a terminal is
/// opened once more instead; a socket is written to with a flag; files never keep anybody waiting.
final class OutputPipe {
  private enum Way {
    case own(Int32)
    case socket
    case plain
  }

  /// The descriptor, for poll(2).
  let descriptor: Int32
  private let way: Way
  private var queue: [UInt8] = []
  private var start = 0
  private(set) var isBroken = false

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    var information = stat()
    fstat(descriptor, &information)
    switch information.st_mode & S_IFMT {
    case S_IFSOCK: way = .socket
    case S_IFIFO, S_IFCHR:
      let own = open("/proc/self/fd/\(descriptor)", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
      way = own >= 0 ? .own(own) : .plain
    default: way = .plain
    }
  }

  deinit {
    if case .own(let own) = way { close(own) }
  }

  /// Whether bytes wait.
  var isWaiting: Bool { !isBroken && start < queue.count }

  /// Takes bytes and writes what goes at once; answers with the number that left.
  func take(_ bytes: UnsafeRawBufferPointer) -> Int {
    if isBroken { return bytes.count }
    guard !isWaiting else {
      queue.append(contentsOf: bytes)
      return 0
    }
    let count = write(bytes)
    if count < bytes.count && !isBroken { (queue, start) = (Array(bytes[count...]), 0) }
    return isBroken ? bytes.count : count
  }

  /// Writes what goes now of what waits; answers with the number that left.
  func move() -> Int {
    let waiting = queue.count - start
    let count = queue.withUnsafeBytes { write(UnsafeRawBufferPointer(rebasing: $0[start...])) }
    start += count
    if isBroken || start == queue.count { (queue, start) = ([], 0) }
    return isBroken ? waiting : count
  }

  private func write(_ bytes: UnsafeRawBufferPointer) -> Int {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let count: Int
      switch way {
      case .own(let own): count = Glibc.write(own, rest.baseAddress, rest.count)
      case .socket:
        count = send(descriptor, rest.baseAddress, rest.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
      case .plain:
        var entry = pollfd(fd: descriptor, events: Int16(truncatingIfNeeded: POLLOUT), revents: 0)
        guard poll(&entry, 1, 0) > 0 else { return done }
        // As much as a pipe takes in one piece or not at all, see pipe(7).
        count = Glibc.write(descriptor, rest.baseAddress, min(rest.count, Int(PIPE_BUF)))
      }
      if count < 0 && errno == EINTR { continue }
      if count < 0 && errno == EAGAIN { return done }
      guard count > 0 else {
        // The reader has gone; what it does not want is taken from the guest all the same, so that the program ends.
        isBroken = true
        return done
      }
      done += count
    }
    return done
  }
}
