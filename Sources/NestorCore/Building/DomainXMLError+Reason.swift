import DomainXML

extension DomainXMLError {
  /// The error without its hint.
  var reason: String {
    var copy = self
    copy.hint = nil
    return "\(copy)"
  }
}
