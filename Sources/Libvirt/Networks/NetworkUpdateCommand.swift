import CLibvirt

/// What a live update of a network does with an element, see
/// https://libvirt.org/html/libvirt-libvirt-network.html#virNetworkUpdateCommand.
public enum NetworkUpdateCommand: Sendable, Hashable {
  /// Put the element in the place of the one that it resembles.
  case modify
  /// Take the element away.
  case delete
  /// Add the element before the others.
  case addFirst
  /// Add the element after the others.
  case addLast

  var number: UInt32 {
    switch self {
    case .modify: VIR_NETWORK_UPDATE_COMMAND_MODIFY.rawValue
    case .delete: VIR_NETWORK_UPDATE_COMMAND_DELETE.rawValue
    case .addFirst: VIR_NETWORK_UPDATE_COMMAND_ADD_FIRST.rawValue
    case .addLast: VIR_NETWORK_UPDATE_COMMAND_ADD_LAST.rawValue
    }
  }
}
