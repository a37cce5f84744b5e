import NestorSupport
import Templates

extension ByteSize {
  /// Reads an option's value, such as `512MiB`; the error names the option.
  init(_ text: String, option: String) throws {
    do {
      try self.init(parsing: text)
    } catch {
      throw NestorError(
        .invalidArgument, "\(option) takes a size", cause: "\(error)", hint: "for example: \(option) 512MiB")
    }
  }
}
