extension GuestTemplate {
  /// Nestor's agent in the guest: whether it is brought there, and how it is reached.
  package struct Agent: Sendable, Equatable {
    /// What carries the sessions with the agent.
    package enum Transport: String, Sendable, CaseIterable {
      /// The virtual socket where the guest has one or can have one, else virtio-serial ports.
      case auto
      /// The virtual socket, <https://libvirt.org/formatdomain.html#vsock>.
      case vsock
      /// Virtio-serial ports, one session each, <https://libvirt.org/formatdomain.html#channel>.
      case serial
    }

    /// Whether the guest is given the agent and its key; ``AutomaticSwitch/auto`` does for Nestor's images.
    package var enabled: AutomaticSwitch
    /// What carries the sessions.
    package var transport: Transport
  }
}
