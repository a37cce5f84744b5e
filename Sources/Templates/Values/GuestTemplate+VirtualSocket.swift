extension GuestTemplate {
  /// The virtual socket between guest and container, <https://libvirt.org/formatdomain.html#vsock>.
  package struct VirtualSocket: Sendable, Equatable {
    /// Whether the guest has one.
    package var enabled: AutomaticSwitch
    /// The guest's context id, 3 to 4294967294; `nil` lets Nestor choose a stable one.
    package var cid: UInt32?
  }
}
