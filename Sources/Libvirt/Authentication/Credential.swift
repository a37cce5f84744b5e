import CLibvirt

/// Something that is asked for when a connection is opened, see
/// https://libvirt.org/html/libvirt-libvirt-host.html#virConnectCredential.
public struct Credential: Sendable, Equatable {
  /// What kind of answer is wanted, of `virConnectCredentialType`.
  public enum Kind: Sendable, Hashable {
    /// The name to act as.
    case userName
    /// The name to authenticate as.
    case authenticationName
    /// Languages by RFC 1766, with commas between them.
    case language
    /// A nonce of the client's.
    case clientNonce
    /// A password.
    case passphrase
    /// An answer that may be seen while it is typed.
    case echoPrompt
    /// An answer that may not be seen while it is typed.
    case noEchoPrompt
    /// The realm of the name.
    case realm
    /// Something outside does it, such as a PolicyKit agent; the answer's text means nothing.
    case external
    /// A kind that this version does not know.
    case unknown(Int32)

    /// All kinds that are answered by text.
    public static let texts: [Kind] = [
      .userName, .authenticationName, .language, .clientNonce, .passphrase, .echoPrompt, .noEchoPrompt, .realm,
    ]

    private static let numbers: [(Kind, virConnectCredentialType)] = [
      (.userName, VIR_CRED_USERNAME), (.authenticationName, VIR_CRED_AUTHNAME), (.language, VIR_CRED_LANGUAGE),
      (.clientNonce, VIR_CRED_CNONCE), (.passphrase, VIR_CRED_PASSPHRASE), (.echoPrompt, VIR_CRED_ECHOPROMPT),
      (.noEchoPrompt, VIR_CRED_NOECHOPROMPT), (.realm, VIR_CRED_REALM), (.external, VIR_CRED_EXTERNAL),
    ]

    init(_ number: Int32) {
      self = Self.numbers.first { $0.1.rawValue == UInt32(bitPattern: number) }?.0 ?? .unknown(number)
    }

    var number: Int32 {
      if case .unknown(let number) = self { return number }
      return Self.numbers.first { $0.0 == self }.map { Int32(bitPattern: $0.1.rawValue) } ?? 0
    }
  }

  /// What kind of answer is wanted.
  public let kind: Kind
  /// What to show to a person who is asked.
  public let prompt: String
  /// What else the other side said, where it did.
  public let challenge: String?
  /// What to answer where nothing better is known.
  public let suggestion: String?

  init(_ credential: virConnectCredential) {
    kind = Kind(credential.type)
    prompt = credential.prompt.map { String(cString: $0) } ?? ""
    challenge = credential.challenge.map { String(cString: $0) }
    suggestion = credential.defresult.map { String(cString: $0) }
  }
}
