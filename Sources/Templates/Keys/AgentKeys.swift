/// The keys of `agent`.
enum AgentKeys {
  static let enabled = Key(
    "enabled", .automatic, default: .auto,
    "Whether the guest is given Nestor's agent; auto does for guests of Nestor's images.")
  static let transport = Key(
    "transport", Codec<GuestTemplate.Agent.Transport>.choice, default: .auto,
    "How the agent is reached: auto is vsock where /dev/vhost-vsock is there, else serial, which is virtio-serial ports."
  )

  static let table = KeyTable("the agent", [enabled.description, transport.description]) { map in
    guard map[enabled] == .off, map[transport] != .auto else { return [] }
    return [
      TemplateError(
        "A guest without the agent has no transport for it", at: map.place(of: transport), hint: "leave one out")
    ]
  }

  @Sendable static func build(_ map: CheckedMap) -> GuestTemplate.Agent {
    GuestTemplate.Agent(enabled: map[enabled], transport: map[transport])
  }
}
