/// The keys of `memoryBacking`.
enum MemoryBackingKeys {
  static let source = Key(
    "source", Codec<GuestTemplate.MemoryBacking.Source>.choice, default: .anonymous,
    "Where the memory comes from: anonymous is QEMU's own, memfd can be shared and can have huge pages.")
  static let shared = Key(
    "shared", .boolean, default: false, "Whether other processes may map the memory; a vhost-user card needs it.")
  static let hugePages = Key(
    "hugePages", .hugePages, default: .off,
    "Huge pages: false, true for the host's default size, or a size such as 2MiB. Needs 'source: memfd'.")
  static let locked = Key("locked", .boolean, default: false, "Whether the memory is locked and never swapped out.")

  static let table = KeyTable(
    "memoryBacking", [source.description, shared.description, hugePages.description, locked.description]
  ) { map in
    var problems: [TemplateError] = []
    if map[source] != .memfd {
      if map[hugePages] != .off {
        problems.append(
          TemplateError(
            "Huge pages need memory from a memfd: an unprivileged container cannot mount hugetlbfs",
            at: map.place(of: hugePages), hint: "add 'source: memfd'"))
      }
      if map[shared] {
        problems.append(
          TemplateError(
            "Anonymous memory cannot be shared", at: map.place(of: shared), hint: "add 'source: memfd'"))
      }
    }
    if case .size(let size) = map[hugePages], size.bytes & (size.bytes - 1) != 0 {
      problems.append(
        TemplateError(
          "A page's size is a power of two, not \(size)", at: map.place(of: hugePages), hint: "usual are 2MiB and 1GiB")
      )
    }
    return problems
  }

  @Sendable static func build(_ map: CheckedMap) -> GuestTemplate.MemoryBacking {
    GuestTemplate.MemoryBacking(
      source: map[source], shared: map[shared], hugePages: map[hugePages], locked: map[locked])
  }
}
