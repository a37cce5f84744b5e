import NestorSupport

extension ContainerProvisioner {
  /// Puts the container's card into a bridge, and makes a libvirt network of that, so that guests can be on the network
  /// that the container is on. Does nothing where that is done.
  ///
  /// Throws `unsupported` where the container's network is not managed by systemd-networkd.
  func bridgeCard() async throws {
    report(ProgressReport(name, "bridging its card"))
    guard try await daemon.run(["systemctl", "is-active", "-q", "systemd-networkd"], in: name).status == 0 else {
      throw NestorError(
        .unsupported, "the card of the container \(name) cannot be put into a bridge",
        cause: "systemd-networkd does not manage its network",
        hint: "use an image that has it, such as that of nestor-host image build; or make a bridge there yourself, and"
          + " name it in a template: networks: [{bridge: NAME}]")
    }
    try await daemon.push(.text(BridgedCard.script), to: BridgedCard.scriptPath, in: name, mode: "0755")
    try await daemon.push(.text(BridgedCard.unitText), to: BridgedCard.unitPath, in: name, mode: "0644")
    try await daemon.require(
      ["sh", "-c", BridgedCard.activation], in: name, purpose: "the card cannot be put into a bridge")
  }
}
