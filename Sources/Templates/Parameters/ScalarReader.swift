import NestorSupport

/// Gives scalars their meaning, with `${name}` filled in.
///
/// A scalar that is one reference and nothing else takes the parameter's value with its type; a reference among other
/// text is replaced by the parameter's text. `$${` stands for `${` itself.
struct ScalarReader: Sendable {
  /// The longest text after parameters are filled in, in bytes.
  static let maximumLength = 64 << 10

  /// The values of the declared parameters; `nil` leaves `${` alone.
  var parameters: [String: ScalarValue]?
  /// Where relative paths begin; `nil` for the folder of the file that holds the value.
  var folder: String?

  /// Reads values as they are written.
  static let literal = ScalarReader(parameters: nil, folder: nil)

  /// The meaning of a scalar node, or `nil` when it has none or is not a scalar.
  func peek(_ node: LocatedNode) -> ScalarValue? {
    guard case .scalar(let text, let plain) = node.content else { return nil }
    return try? value(of: text, plain: plain, at: node.location)
  }

  /// The meaning of a scalar.
  func value(of text: String, plain: Bool, at place: SourceLocation) throws(TemplateError) -> ScalarValue {
    guard let parameters, text.utf8.contains(UInt8(ascii: "$")) else { return ScalarValue(text: text, plain: plain) }
    var pieces: [Piece] = []
    for piece in try Self.pieces(of: text, at: place) {
      if case .reference(let name) = piece, parameters[name] == nil {
        throw TemplateError(
          "There is no parameter \(name.quoted)", at: place,
          hint: NearestName.hint(for: name, among: parameters.keys.sorted())
            ?? "declare it under 'parameters', or write $${ for a literal ${")
      }
      pieces.append(piece)
    }
    if pieces.count == 1, case .reference(let name) = pieces[0] { return parameters[name] ?? .null }
    var hasReference = false
    var isUnknown = false
    var result = ""
    for piece in pieces {
      switch piece {
      case .literal(let literal): result += literal
      case .reference(let name):
        hasReference = true
        if case .unknown? = parameters[name] { isUnknown = true }
        result += parameters[name]?.text ?? ""
      }
      guard result.utf8.count <= Self.maximumLength else {
        throw TemplateError("The text has more than \(Self.maximumLength) bytes once filled in", at: place)
      }
    }
    if isUnknown { return .unknown }
    return hasReference ? .text(result) : ScalarValue(text: result, plain: plain)
  }

  /// A part of a text.
  enum Piece: Equatable {
    case literal(String)
    case reference(String)
  }

  /// Splits a text at its references.
  static func pieces(of text: String, at place: SourceLocation) throws(TemplateError) -> [Piece] {
    var pieces: [Piece] = []
    var literal = ""
    var rest = text[...]
    while let dollar = rest.utf8.firstIndex(of: UInt8(ascii: "$")) {
      literal += rest[..<dollar]
      rest = rest[dollar...]
      if rest.hasPrefix("$${") {
        literal += "${"
        rest = rest.dropFirst(3)
      } else if rest.hasPrefix("${") {
        guard let end = rest.utf8.firstIndex(of: UInt8(ascii: "}")) else {
          throw TemplateError(
            "The reference \(String(rest).quoted) has no '}'", at: place, hint: "write $${ for a literal ${")
        }
        let name = String(rest[rest.index(rest.startIndex, offsetBy: 2)..<end])
        guard isName(name) else {
          throw TemplateError(
            "\(name.quoted) is not the name of a parameter", at: place, hint: "write $${ for a literal ${")
        }
        if !literal.isEmpty { pieces.append(.literal(literal)) }
        literal = ""
        pieces.append(.reference(name))
        rest = rest[rest.utf8.index(after: end)...]
      } else {
        literal += "$"
        rest = rest.dropFirst()
      }
    }
    literal += rest
    if !literal.isEmpty || pieces.isEmpty { pieces.append(.literal(literal)) }
    return pieces
  }

  /// Whether a text can name a parameter: a letter, then letters, digits, `_` or `-`; at most 63.
  static func isName(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, first.isASCII, first.properties.isAlphabetic else { return false }
    return text.utf8.count <= 63
      && text.unicodeScalars.allSatisfy { scalar in
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
        default: false
        }
      }
  }
}
