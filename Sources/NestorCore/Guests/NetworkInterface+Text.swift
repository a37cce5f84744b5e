import DomainXML

extension NetworkInterface.Source {
  /// What a NIC is attached to, for people.
  var text: String {
    switch self {
    case .network(let name): "network \(name)"
    case .bridge(let name): "bridge \(name)"
    case .user: "user"
    case .ethernet: "ethernet"
    case .vhostUser(let path, _): "vhostuser \(path)"
    case .direct(let device, _): "direct \(device)"
    case .other(let type): type
    }
  }
}
