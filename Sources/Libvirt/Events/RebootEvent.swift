/// The guest rebooted; libvirt says no more.
public struct RebootEvent: Sendable, Hashable {}
