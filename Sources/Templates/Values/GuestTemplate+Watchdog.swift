extension GuestTemplate {
  /// The watchdog, <https://libvirt.org/formatdomain.html#watchdog-devices>.
  package struct Watchdog: Sendable, Equatable {
    /// The device that the guest sees.
    package enum Model: String, Sendable, CaseIterable {
      /// No watchdog.
      case none
      /// A PCI card that Linux drives by i6300esb.
      case i6300esb
      /// The one in the q35 chip set; needs libvirt 9.1.
      case itco
    }

    /// What happens when the guest stops answering.
    package enum Action: String, Sendable, CaseIterable {
      case reset
      /// The guest is asked to shut down.
      case shutdown
      /// The guest is switched off.
      case poweroff
      /// The guest is suspended.
      case pause
      /// The guest's memory is dumped.
      case dump
      /// The guest gets an NMI.
      case injectNMI = "inject-nmi"
      /// Nothing but an event.
      case none
    }

    /// The device that the guest sees.
    package var model: Model
    /// What happens when the guest stops answering.
    package var action: Action
  }
}
