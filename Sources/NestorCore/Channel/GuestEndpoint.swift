import DomainXML
import GuestProtocol
import NestorSupport

/// Where a running guest's agent is reached, as the domain's live XML has it.
struct GuestEndpoint: Sendable, Equatable {
  /// What carries a session.
  enum Transport: Sendable, Equatable {
    /// A vsock connection each, to this context ID.
    case vsock(UInt32)
    /// One virtio-serial port each, out of these sockets.
    case ports([String])
  }

  /// The guest's name.
  let name: String
  /// The guest's UUID.
  let uuid: String
  /// What carries its sessions; nil where it has nothing that could.
  let transport: Transport?
  /// Its vsock context ID, by which its own servers are reached; nil where it has no vsock.
  let contextID: UInt32?
  /// Where its systemd says that it is up; nil where it was not told to.
  let notifySocket: NotifySocket?

  /// Reads the endpoint of a domain; ports come first, since only a guest that is to be reached by them has them.
  init(_ definition: DomainDefinition, uuid: String) {
    name = definition.name
    self.uuid = uuid
    let ports = definition.devices.channels.compactMap { channel -> String? in
      guard channel.name?.hasPrefix(ProtocolLimits.portPrefix) == true, case .unix(let path?, true) = channel.source
      else { return nil }
      return path
    }
    contextID = definition.devices.vsock?.cid
    notifySocket = NotifySocket(definition)
    transport = ports.isEmpty ? definition.devices.vsock?.cid.map { .vsock($0) } : .ports(ports)
  }
}
