extension GuestTemplate {
  /// The guest's processors, <https://libvirt.org/formatdomain.html#cpu-model-and-topology>.
  package struct CPU: Sendable, Equatable {
    /// The processor that the guest sees.
    package enum Model: Sendable, Equatable {
      /// `hostPassthrough` under KVM, `maximum` under TCG.
      case auto
      /// The host's own processor; KVM only.
      case hostPassthrough
      /// The named model nearest to the host's processor.
      case hostModel
      /// All that the accelerator can do.
      case maximum
      /// A model that QEMU knows by name, such as `Skylake-Server`.
      case named(String)
    }

    /// How the virtual CPUs are grouped; the product is ``GuestTemplate/cpus``.
    package struct Topology: Sendable, Equatable {
      /// Sockets, at least 1.
      package var sockets: Int
      /// Cores a socket, at least 1.
      package var cores: Int
      /// Threads a core, at least 1.
      package var threads: Int
    }

    /// The processor that the guest sees.
    package var model: Model
    /// Whether the guest may run guests of its own (vmx or svm is shown to it).
    package var nested: Bool
    /// How the virtual CPUs are grouped; `nil` leaves it to libvirt: one socket for each.
    package var topology: Topology?
  }
}
