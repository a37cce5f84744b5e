import Libvirt
import NestorSupport

extension NestorError {
  /// A failure of libvirt in terms of what was being done, with a hint for the failures whose cause is known.
  ///
  /// Errors that are Nestor's own pass through unchanged.
  package init(explaining error: any Error, _ message: String) {
    if let error = error as? LibvirtError {
      self.init(Self.code(for: error), message, cause: error.message, hint: KnownFailure.hint(for: error.message))
    } else {
      self.init(wrapping: error, message)
    }
  }

  private static func code(for error: LibvirtError) -> Code {
    switch error.code {
    case .noDomain, .noNetwork, .noDomainSnapshot, .noStoragePool, .noStorageVolume, .noDomainMetadata: .notFound
    case .domainExists, .networkExists: .exists
    case .operationInvalid: .invalidState
    case .operationTimeout: .timedOut
    case .operationUnsupported, .noSupport, .configUnsupported, .argumentUnsupported: .unsupported
    case .operationDenied, .accessDenied, .authenticationFailed, .authenticationCancelled: .permissionDenied
    case .noConnect, .connectionInvalid, .rpc: .unavailable
    case .operationAborted: .interrupted
    case .xmlError, .xmlDetail, .xmlInvalidSchema: .invalidXML
    case .systemError where KnownFailure.isUnreachable(error.message): .unavailable
    case .internalError where KnownFailure.isUnreachable(error.message): .unavailable
    default: .failed
    }
  }
}

/// Runs `body`; what libvirt or the system throws comes out as a ``NestorError`` that begins with `message`.
package func explaining<Value>(
  _ message: @autoclosure () -> String, isolation: isolated (any Actor)? = #isolation,
  _ body: () async throws -> Value
) async throws -> Value {
  try await withContext(message(), wrap: NestorError.init(explaining:_:), isolation: isolation, body)
}
