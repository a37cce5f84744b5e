import Libvirt
import NestorSupport

extension LibvirtError: ExplainableError {
  /// The failure in terms of what was being done, with a hint for the failures whose cause is known.
  package func explained(_ failure: String, hint: String? = nil) -> NestorError {
    NestorError(nestorCode, failure, cause: message, hint: hint ?? KnownFailure.hint(for: message))
  }

  private var nestorCode: NestorError.Code {
    switch code {
    case .noDomain, .noNetwork, .noDomainSnapshot, .noStoragePool, .noStorageVolume, .noDomainMetadata: .notFound
    case .domainExists, .networkExists: .exists
    case .operationInvalid: .invalidState
    case .operationTimeout: .timedOut
    case .operationUnsupported, .noSupport, .configUnsupported, .argumentUnsupported: .unsupported
    case .operationDenied, .accessDenied, .authenticationFailed, .authenticationCancelled: .permissionDenied
    case .noConnect, .connectionInvalid, .rpc: .unavailable
    case .operationAborted: .interrupted
    case .xmlError, .xmlDetail, .xmlInvalidSchema: .invalidXML
    case .systemError where KnownFailure.isUnreachable(message): .unavailable
    case .internalError where KnownFailure.isUnreachable(message): .unavailable
    default: .failed
    }
  }
}
