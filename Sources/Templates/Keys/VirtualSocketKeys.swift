/// The keys of `vsock`.
enum VirtualSocketKeys {
  static let enabled = Key(
    "enabled", .automatic, default: .auto,
    "Whether the guest has a virtual socket; auto does where /dev/vhost-vsock is there.")
  static let cid = Key(
    "cid", .contextID, default: nil,
    "The guest's context id: a number from 3, which is then never changed, or auto for one that stays with the guest.")

  static let table = KeyTable("vsock", [enabled.description, cid.description]) { map in
    guard map[enabled] == .off, map[cid] != nil else { return [] }
    return [TemplateError("A guest without vsock cannot have a cid", at: map.place(of: cid), hint: "leave one out")]
  }

  @Sendable static func build(_ map: CheckedMap) -> GuestTemplate.VirtualSocket {
    GuestTemplate.VirtualSocket(enabled: map[enabled], cid: map[cid])
  }
}
