import CLibvirt

/// The kind of a libvirt failure, see https://libvirt.org/html/libvirt-virterror.html#virErrorNumber.
///
/// Values that this version does not name keep their number.
public struct ErrorCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  /// libvirt's number, of `virErrorNumber`.
  public let rawValue: Int32

  /// A code by its number; every number is one.
  public init(rawValue: Int32) {
    self.rawValue = rawValue
  }

  private init(_ code: virErrorNumber) {
    self.init(rawValue: Int32(bitPattern: code.rawValue))
  }

  /// No error was recorded although a call failed.
  public static let none = ErrorCode(VIR_ERR_OK)
  /// Something inside libvirt or the hypervisor failed.
  public static let internalError = ErrorCode(VIR_ERR_INTERNAL_ERROR)
  /// This driver has no such call.
  public static let noSupport = ErrorCode(VIR_ERR_NO_SUPPORT)
  /// No connection could be made.
  public static let noConnect = ErrorCode(VIR_ERR_NO_CONNECT)
  /// The connection's handle is not one.
  public static let connectionInvalid = ErrorCode(VIR_ERR_INVALID_CONN)
  /// An argument that makes no sense, unknown flags among them.
  public static let invalidArgument = ErrorCode(VIR_ERR_INVALID_ARG)
  /// The hypervisor refused.
  public static let operationFailed = ErrorCode(VIR_ERR_OPERATION_FAILED)
  /// The XML is not well-formed or lacks something.
  public static let xmlError = ErrorCode(VIR_ERR_XML_ERROR)
  /// The domain exists already.
  public static let domainExists = ErrorCode(VIR_ERR_DOM_EXIST)
  /// The call is not allowed on a read-only connection.
  public static let operationDenied = ErrorCode(VIR_ERR_OPERATION_DENIED)
  /// The network exists already.
  public static let networkExists = ErrorCode(VIR_ERR_NETWORK_EXIST)
  /// A system call failed.
  public static let systemError = ErrorCode(VIR_ERR_SYSTEM_ERROR)
  /// The daemon could not be spoken with.
  public static let rpc = ErrorCode(VIR_ERR_RPC)
  /// Authentication failed.
  public static let authenticationFailed = ErrorCode(VIR_ERR_AUTH_FAILED)
  /// There is no such domain.
  public static let noDomain = ErrorCode(VIR_ERR_NO_DOMAIN)
  /// There is no such network.
  public static let noNetwork = ErrorCode(VIR_ERR_NO_NETWORK)
  /// There is no such storage pool.
  public static let noStoragePool = ErrorCode(VIR_ERR_NO_STORAGE_POOL)
  /// There is no such volume.
  public static let noStorageVolume = ErrorCode(VIR_ERR_NO_STORAGE_VOL)
  /// The object is in the wrong state for the call.
  public static let operationInvalid = ErrorCode(VIR_ERR_OPERATION_INVALID)
  /// There is no such domain snapshot.
  public static let noDomainSnapshot = ErrorCode(VIR_ERR_NO_DOMAIN_SNAPSHOT)
  /// The call took too long.
  public static let operationTimeout = ErrorCode(VIR_ERR_OPERATION_TIMEOUT)
  /// The XML asks for something that is not supported.
  public static let configUnsupported = ErrorCode(VIR_ERR_CONFIG_UNSUPPORTED)
  /// An argument asks for something that is not supported.
  public static let argumentUnsupported = ErrorCode(VIR_ERR_ARGUMENT_UNSUPPORTED)
  /// The hypervisor cannot do it.
  public static let operationUnsupported = ErrorCode(VIR_ERR_OPERATION_UNSUPPORTED)
  /// The operation was aborted.
  public static let operationAborted = ErrorCode(VIR_ERR_OPERATION_ABORTED)
  /// The domain has no metadata of that kind.
  public static let noDomainMetadata = ErrorCode(VIR_ERR_NO_DOMAIN_METADATA)
  /// The user cancelled the authentication.
  public static let authenticationCancelled = ErrorCode(VIR_ERR_AUTH_CANCELLED)
  /// The access control refused.
  public static let accessDenied = ErrorCode(VIR_ERR_ACCESS_DENIED)
  /// The XML holds a wrong value.
  public static let xmlDetail = ErrorCode(VIR_ERR_XML_DETAIL)
  /// The secret is private, or its handle is not one.
  public static let secretInvalid = ErrorCode(VIR_ERR_INVALID_SECRET)
  /// The QEMU guest agent does not answer, or is not connected.
  public static let agentUnresponsive = ErrorCode(VIR_ERR_AGENT_UNRESPONSIVE)
  /// The migration cannot be done safely, and the flags do not allow it nevertheless.
  public static let migrationUnsafe = ErrorCode(VIR_ERR_MIGRATE_UNSAFE)
  /// The device is not there.
  public static let deviceMissing = ErrorCode(VIR_ERR_DEVICE_MISSING)
  /// There is no such secret, or it has no value.
  public static let noSecret = ErrorCode(VIR_ERR_NO_SECRET)
  /// There is no such device of the host.
  public static let noNodeDevice = ErrorCode(VIR_ERR_NO_NODE_DEVICE)
  /// There is no such network filter.
  public static let noNWFilter = ErrorCode(VIR_ERR_NO_NWFILTER)
  /// The volume exists already.
  public static let storageVolumeExists = ErrorCode(VIR_ERR_STORAGE_VOL_EXIST)
  /// The XML does not keep to libvirt's schema.
  public static let xmlInvalidSchema = ErrorCode(VIR_ERR_XML_INVALID_SCHEMA)

  /// Events came faster than they were read, and some are lost; a code of this library, not of libvirt.
  public static let eventsDropped = ErrorCode(rawValue: -1)

  /// The number.
  public var description: String { "\(rawValue)" }
}
