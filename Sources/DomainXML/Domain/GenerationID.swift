/// The identifier that tells a guest that it was copied, so that its kernel reseeds its random numbers
/// (https://libvirt.org/formatdomain.html#general-metadata, `<genid/>`).
public enum GenerationID: Sendable, Hashable {
  /// libvirt makes one when the domain is defined.
  case automatic
  /// This one, in the form of a UUID.
  case value(String)
}
