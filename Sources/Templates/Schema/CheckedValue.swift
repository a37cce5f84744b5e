/// A value that has passed the checks of its type.
indirect enum CheckedValue: Sendable {
  case text(String)
  case integer(Int)
  case size(ByteSize)
  case boolean(Bool)
  case list([CheckedValue])
  case map(CheckedMap)
  case textMap([String: String])
  case tableMap([(key: String, value: CheckedMap)])
}
