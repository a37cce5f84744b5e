extension Codec where Value == GuestTemplate.AutomaticSwitch {
  static let automatic = Codec(
    type: .either([.boolean, .choice(["auto"])]),
    read: { value in
      switch value {
      case .boolean(true): .on
      case .boolean(false): .off
      case .text: .auto
      default: nil
      }
    },
    write: { value in
      switch value {
      case .auto: .string("auto")
      case .on: .boolean(true)
      case .off: .boolean(false)
      }
    })
}

extension Codec where Value == Int? {
  /// A number of queues; nil is `auto`.
  static let queues = Codec(
    type: .either([.integer(1...256), .choice(["auto"])]),
    read: { value in
      if let number = value.integer { return .some(number) }
      return value.text == nil ? .none : .some(nil)
    },
    write: { $0.map { .integer($0) } ?? .string("auto") })
}

extension Codec where Value == GuestTemplate.CPU.Model {
  static let cpuModel = Codec(
    type: .text(.cpuModel),
    read: { value in
      switch value.text {
      case nil: nil
      case "auto": .auto
      case "host-passthrough": .hostPassthrough
      case "host-model": .hostModel
      case "maximum": .maximum
      case .some(let name): .named(name)
      }
    },
    write: { value in
      switch value {
      case .auto: .string("auto")
      case .hostPassthrough: .string("host-passthrough")
      case .hostModel: .string("host-model")
      case .maximum: .string("maximum")
      case .named(let name): .string(name)
      }
    })
}

extension Codec where Value == GuestTemplate.MemoryBacking.HugePages {
  static let hugePages = Codec(
    type: .either([.boolean, .size(.kibibytes(4)...ByteSize.gibibytes(16))]),
    read: { value in
      switch value {
      case .boolean(true): .defaultSize
      case .boolean(false): .off
      case .size(let size): .size(size)
      default: nil
      }
    },
    write: { value in
      switch value {
      case .off: .boolean(false)
      case .defaultSize: .boolean(true)
      case .size(let size): .string(size.description)
      }
    })
}

extension Codec where Value == UInt32? {
  /// A vsock context id, or `auto` for none. 0 to 2 are the hypervisor's, the loopback's and the host's.
  static let contextID = Codec(
    type: .either([.integer(3...0xFFFF_FFFE), .choice(["auto"])]),
    read: { value in value.integer.map { UInt32(exactly: $0) } ?? .some(nil) },
    write: { value in value.map { .integer(Int($0)) } ?? .string("auto") })
}
