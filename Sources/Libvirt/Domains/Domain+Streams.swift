import CLibvirt

extension Domain {
  /// Opens a console as a stream of both directions; the domain has to run. `device` is an alias such as `serial0`, and
  /// nil the first console or serial port.
  ///
  /// A console that another client has open is refused unless ``ConsoleFlags/force`` is set. See
  /// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainOpenConsole.
  public func openConsole(device: String? = nil, _ flags: ConsoleFlags = []) async throws -> Stream {
    try await openStream(.both) { domain, stream in
      try Calls.check("virDomainOpenConsole", virDomainOpenConsole(domain, device, stream, flags.rawValue))
    }
  }

  /// Opens a channel, which is a virtio-serial port of type `unix` or `pty`, as a stream of both directions; the domain
  /// has to run. `name` is an alias or the target's name; nil means the first channel.
  ///
  /// See https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainOpenChannel.
  public func openChannel(name: String? = nil, _ flags: ChannelFlags = []) async throws -> Stream {
    try await openStream(.both) { domain, stream in
      try Calls.check("virDomainOpenChannel", virDomainOpenChannel(domain, name, stream, flags.rawValue))
    }
  }

  /// A picture of one of the guest's screens, the first being 0; the domain has to run.
  public func screenshot(screen: UInt32 = 0) async throws -> Screenshot {
    let (stream, mimeType) = try await call { [connection] domain in
      let handle = try connection.openHandle()
      var mimeType = ""
      let stream = try Stream(handle.pointer, .receiving) {
        mimeType = try Calls.string("virDomainScreenshot", virDomainScreenshot(domain, $0, screen, 0))
      }
      return (stream, mimeType)
    }
    let bytes = try await stream.receiveAll()
    try await stream.finish()
    return Screenshot(mimeType: mimeType, bytes: bytes)
  }

  private func openStream(
    _ direction: Stream.Direction, _ start: @escaping @Sendable (OpaquePointer, OpaquePointer) throws -> Void
  ) async throws -> Stream {
    try await call { [connection] domain in
      let handle = try connection.openHandle()
      return try Stream(handle.pointer, direction) { try start(domain, $0) }
    }
  }
}
