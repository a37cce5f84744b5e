extension GuestTemplate {
  /// A graphics adapter and its display.
  package enum Graphics: String, Sendable, CaseIterable {
    /// No graphics: the serial console alone.
    case none
    /// A virtio adapter shown by VNC on the container's loopback address.
    case vnc
  }
}
