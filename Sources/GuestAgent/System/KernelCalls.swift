import GuestProtocol

/// The calls to the guest's kernel by which operations change the machine; a value, so that tests need no machine.
///
/// Safe on any thread, as the kernel is.
protocol KernelCalls: Sendable {
  /// The time of CLOCK_REALTIME in nanoseconds since 1970.
  func time() -> Int64
  /// CLOCK_MONOTONIC_RAW in nanoseconds, with the time that the machine slept as its kernel knows.
  func elapsed() -> Int64
  /// The time of CLOCK_BOOTTIME in nanoseconds.
  func uptime() -> Int64
  /// Sets CLOCK_REALTIME.
  func setTime(_ nanoseconds: Int64) throws(KernelError)
  /// Sets the host name.
  func setHostname(_ name: String) throws(KernelError)
  /// The host name.
  func hostname() -> String
  /// Freezes the file system of an open folder, which is mounted at `mountPoint`.
  func freeze(_ folder: Int32, mountPoint: [UInt8]) throws(KernelError)
  func thaw(_ folder: Int32, mountPoint: [UInt8]) throws(KernelError)
  /// Sends a signal; 0 only asks whether that would be allowed.
  func signal(_ process: Int32, _ number: Int32) throws(KernelError)
  /// Writes everything that is dirty; may take long.
  func synchronise()
  /// Ends the machine at once.
  func power(_ action: PowerRequest.Action) throws(KernelError)
  /// Mixes random bytes, at most 512, into the kernel's generator and makes it use them.
  func reseed(_ bytes: [UInt8]) throws(KernelError)
  /// Gives a network interface another hardware address, six bytes.
  func setMAC(_ interface: String, _ mac: [UInt8]) throws(KernelError)
  /// Takes a network interface up or down.
  func setLink(_ interface: String, isUp: Bool) throws(KernelError)
  /// The IP addresses of the network interfaces with their prefix lengths, as text.
  func addresses() -> [(interface: String, address: String)]
}
