import NestorCore
import Templates

extension GuestName {
  /// A name that a new guest is to have, as it was given on the command line.
  init(argument text: String) throws {
    do throws(TemplateError) {
      self = try GuestName(text)
    } catch {
      throw error.nestorError
    }
  }
}
