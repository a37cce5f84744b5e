import DomainXML

extension DomainDefinition {
  /// Gives it another name, with what follows from a guest's name: the host name that its kernel is told, and places that
  /// libvirt chose.
  mutating func rename(from old: String, to new: String) {
    name = new
    os.commandLine = os.commandLine.map { line in
      line.split(separator: " ", omittingEmptySubsequences: false).map {
        $0 == "hostname=\(old)" ? "hostname=\(new)" : String($0)
      }.joined(separator: " ")
    }
    forgetChosenSockets()
  }

  /// Has libvirt choose places for the sockets again that it chose: they have the guest's name in them.
  mutating func forgetChosenSockets() {
    for index in devices.channels.indices {
      guard case .unix(let path?, let listens) = devices.channels[index].source, path.contains("/channel/") else {
        continue
      }
      devices.channels[index].source = .unix(path: nil, listens: listens)
    }
  }
}
