import CLibvirt
import Synchronization

/// A connection to a hypervisor's driver or to libvirtd, see https://libvirt.org/html/libvirt-libvirt-host.html.
///
/// It may be used from any task. Every object that was got from it keeps it open; it is closed when the last of them and
/// it are gone, or all at once when the daemon goes; see also ``close()``.
public final class Connection: Sendable {
  /// Whether it was opened to look only, so that libvirt refuses whatever changes something.
  public let isReadOnly: Bool
  private let handle: Mutex<Handle?>
  private let closure: ConnectionClosure
  /// What is listened to on this connection.
  let registry = EventRegistry()

  private init(_ handle: Handle, _ closure: ConnectionClosure, isReadOnly: Bool) {
    self.isReadOnly = isReadOnly
    self.handle = Mutex(handle)
    self.closure = closure
  }

  /// The connection's handle; an error once ``close()`` was called.
  func openHandle() throws(LibvirtError) -> Handle {
    guard let handle = handle.withLock({ $0 }) else {
      throw LibvirtError(
        code: .connectionInvalid, message: "the connection was closed by this program before; open a new one",
        call: "virConnectClose")
    }
    return handle
  }

  /// Opens a connection; without a URI the one that libvirt chooses, see https://libvirt.org/uri.html.
  ///
  /// Keepalive messages are sent where the transport has them, so that a daemon that hangs is noticed. What the driver
  /// asks for is answered by `authentication`. Throws ``LibvirtError``.
  public static func open(
    _ uri: String? = nil, readOnly: Bool = false, authentication: Authentication? = nil,
    keepAlive: KeepAlive = .standard
  ) async throws -> Connection {
    try EventLoop.start()
    return try await CallExecutor.shared.run {
      let pointer =
        if let authentication {
          try Calls.check(
            "virConnectOpenAuth", authentication.open(uri, readOnly ? UInt32(VIR_CONNECT_RO.rawValue) : 0))
        } else if readOnly {
          try Calls.check("virConnectOpenReadOnly", virConnectOpenReadOnly(uri))
        } else {
          try Calls.check("virConnectOpen", virConnectOpen(uri))
        }
      let handle = Handle(pointer) { pointer in
        let address = UInt(bitPattern: pointer)
        // Closing asks the daemon, which must not hold up whoever let go of the connection last.
        CallExecutor.shared.enqueue {
          guard let pointer = OpaquePointer(bitPattern: address) else { return }
          ConnectionClosure.unregister(pointer)
          virConnectClose(pointer)
        }
      }
      // Local drivers know no such thing; what they lack they do not need.
      virConnectSetKeepAlive(pointer, Int32(clamping: keepAlive.interval.wholeSeconds), keepAlive.count)
      return Connection(handle, ConnectionClosure(pointer), isReadOnly: readOnly)
    }
  }

  /// Gives the connection back: later calls through this object fail with ``ErrorCode/connectionInvalid``, and the
  /// sequences of its events end.
  ///
  /// The connection itself ends when the objects that were got from it are gone, too; those go on working until then.
  /// Calling it twice does no harm. It does not wait.
  public func close() {
    let last = handle.withLock { handle in
      defer { handle = nil }
      return handle
    }
    guard last != nil else { return }
    closure.close(.byThisProgram)
  }

  /// Runs a blocking call with the connection's pointer off Swift's threads.
  func call<Value: Sendable>(_ body: @escaping @Sendable (OpaquePointer) throws -> Value) async throws -> Value {
    let handle = try openHandle()
    return try await CallExecutor.shared.run { try body(handle.pointer) }
  }

  /// Whether the daemon still answers; drivers inside this process always do.
  public func isAlive() async throws -> Bool {
    try await call { try Calls.check("virConnectIsAlive", virConnectIsAlive($0)) == 1 }
  }

  /// The URI of the connection as libvirt writes it.
  public func uri() async throws -> String {
    try await call { try Calls.string("virConnectGetURI", virConnectGetURI($0)) }
  }

  /// The host's name.
  public func hostname() async throws -> String {
    try await call { try Calls.string("virConnectGetHostname", virConnectGetHostname($0)) }
  }

  /// The version of the daemon's libvirt.
  public func libvirtVersion() async throws -> Version {
    try await call { connection in
      var number: UInt = 0
      try Calls.check("virConnectGetLibVersion", virConnectGetLibVersion(connection, &number))
      return Version(number: number)
    }
  }

  /// The version of the hypervisor, such as QEMU.
  public func hypervisorVersion() async throws -> Version {
    try await call { connection in
      var number: UInt = 0
      try Calls.check("virConnectGetVersion", virConnectGetVersion(connection, &number))
      return Version(number: number)
    }
  }

  /// The name of the driver, such as `QEMU` or `Test`.
  public func driverName() async throws -> String {
    try await call { try Calls.borrowed("virConnectGetType", virConnectGetType($0)) }
  }

  /// What the host can run, as XML, see https://libvirt.org/formatcaps.html.
  public func capabilities() async throws -> String {
    try await call { try Calls.string("virConnectGetCapabilities", virConnectGetCapabilities($0)) }
  }

  /// What a kind of domain can have, as XML, see https://libvirt.org/formatdomaincaps.html; nil leaves the choice to
  /// libvirt.
  public func domainCapabilities(
    emulator: String? = nil, architecture: String? = nil, machine: String? = nil, type: String? = nil
  ) async throws -> String {
    try await call { connection in
      try Calls.string(
        "virConnectGetDomainCapabilities",
        virConnectGetDomainCapabilities(connection, emulator, architecture, machine, type, 0))
    }
  }

  /// The end of the connection: returns when the daemon went or ``close()`` was called, at once if that was before.
  @discardableResult
  public func waitUntilClosed() async -> ClosingReason {
    await closure.wait()
  }

  /// Runs `body` when the daemon goes; at once if it went before. Answers with a number for ``forget(_:)``.
  func whenClosed(_ body: @escaping @Sendable () -> Void) -> Int {
    closure.add(body)
  }

  /// The error by which sequences end once the connection is closed; nil where this program did it.
  func closingError() -> LibvirtError? {
    closure.error
  }

  /// Takes back what ``whenClosed(_:)`` was told.
  func forget(_ number: Int) {
    closure.remove(number)
  }
}
