/// Why a text is not a ``ByteSize``.
package struct ByteSizeError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The reasons for which a text is refused.
  package enum Reason: Sendable, Hashable {
    /// It does not begin with a digit.
    case notASize
    case negative
    /// It is a number alone.
    case noUnit
    case fraction
    /// The unit is not known.
    case unknownUnit(String)
    /// It is larger than 64 bits can count.
    case tooLarge
  }

  /// The text that was refused.
  package var text: String
  /// Why.
  package var reason: Reason

  /// A refusal of `text`.
  package init(text: String, reason: Reason) {
    self.text = text
    self.reason = reason
  }

  /// What is wrong, in one line.
  package var description: String {
    switch reason {
    case .notASize: "\(text.quoted) is not a size"
    case .negative: "the size \(text.quoted) is negative"
    case .noUnit: "the size \(text.quoted) has no unit"
    case .fraction: "the size \(text.quoted) has a fraction"
    case .unknownUnit(let unit): "the size \(text.quoted) has an unknown unit \(unit.quoted)"
    case .tooLarge: "the size \(text.quoted) is too large"
    }
  }

  /// What to write instead.
  package var hint: String {
    switch reason {
    case .notASize, .negative: return "write a number and a unit, such as 512MiB or 2GiB"
    case .noUnit:
      return text.utf8.count <= 20 ? "write \(text)MiB or \(text)GiB" : "write a number and a unit, such as 512MiB"
    case .fraction: return "use a smaller unit: 1536MiB is one and a half GiB"
    case .unknownUnit(let unit):
      let names = ByteSize.units.map(\.name)
      if let same = names.first(where: { $0.lowercased() == unit.lowercased() && $0.hasSuffix("iB") })
        ?? names.first(where: { $0.lowercased() == unit.lowercased() })
      {
        return "did you mean '\(same)'?"
      }
      return "units are B, KiB, MiB, GiB, TiB, PiB, EiB"
    case .tooLarge: return "the largest size is below 16EiB"
    }
  }
}
