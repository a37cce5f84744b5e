import CLibvirt
import Glibc

/// Answers what a driver or a daemon asks for when a connection is opened, see https://libvirt.org/auth.html.
///
/// Without one, libvirt looks into its own files (`auth.conf`) only, and a connection that needs more is refused.
public struct Authentication: Sendable {
  /// What can be asked for; what is not among these is not asked.
  public let kinds: [Credential.Kind]

  private let answer: @Sendable (Credential) -> String?

  /// Makes one of what can be asked for and what answers.
  ///
  /// `answer` runs on a thread where it may block, to ask a person for example; nil gives up, and the connection fails
  /// with ``ErrorCode/authenticationFailed`` or ``ErrorCode/authenticationCancelled``.
  public init(
    kinds: [Credential.Kind] = Credential.Kind.texts, answer: @escaping @Sendable (Credential) -> String?
  ) {
    self.kinds = kinds
    self.answer = answer
  }

  /// Answers with a fixed name and password, as SASL and the ESX and test drivers want them.
  public init(userName: String, password: String) {
    self.init(kinds: [.userName, .authenticationName, .passphrase, .noEchoPrompt, .echoPrompt]) { credential in
      switch credential.kind {
      case .passphrase, .noEchoPrompt: password
      default: userName
      }
    }
  }

  /// Keeps the answers within reach of libvirt's callback.
  private final class Box {
    let answer: @Sendable (Credential) -> String?

    init(_ answer: @escaping @Sendable (Credential) -> String?) {
      self.answer = answer
    }
  }

  /// Opens a connection with it; on a thread of blocking calls only.
  func open(_ uri: String?, _ flags: UInt32) -> OpaquePointer? {
    var types = kinds.map(\.number)
    return withExtendedLifetime(Box(answer)) { box in
      types.withUnsafeMutableBufferPointer { types in
        var auth = virConnectAuth(
          credtype: types.baseAddress, ncredtype: UInt32(types.count),
          cb: { credentials, count, data in
            guard let credentials, let data else { return -1 }
            let box = Unmanaged<Box>.fromOpaque(data).takeUnretainedValue()
            for index in 0..<Int(count) {
              guard let text = box.answer(Credential(credentials[index])), let result = strdup(text) else { return -1 }
              // libvirt frees it.
              credentials[index].result = result
              credentials[index].resultlen = UInt32(strlen(result))
            }
            return 0
          }, cbdata: Unmanaged.passUnretained(box).toOpaque())
        return virConnectOpenAuth(uri, &auth, flags)
      }
    }
  }
}
