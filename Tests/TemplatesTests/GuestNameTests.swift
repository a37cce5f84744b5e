import NestorSupport
import Templates
import Testing

@Suite("A guest's name")
struct GuestNameTests {
  @Test(
    "is letters, digits, dots, underscores and hyphens",
    arguments: ["a", "0", "web-1", "A.b_c-9", "a..b", String(repeating: "x", count: 63)])
  func accepts(text: String) throws {
    #expect(try GuestName(text).text == text)
  }

  @Test(
    "names the character that does not belong, and its position",
    arguments: [
      ("", "The guest name is empty"),
      ("-a", "The guest name '-a' begins with '-'"),
      ("..", "The guest name '..' begins with '.'"),
      ("a/b", "The guest name 'a/b' has the character '/' at position 2"),
      ("a b", "The guest name 'a b' has a space at position 2"),
      ("ab\n", "The guest name 'ab?' has a line end at position 3"),
      ("a\0", "The guest name 'a?' has a NUL character at position 2"),
      ("a'\"", "The guest name 'a'\"' has the character ''' at position 2"),
      ("a&b", "The guest name 'a&b' has the character '&' at position 2"),
      ("gäst", "The guest name 'gäst' has the character U+00E4 at position 2"),
      ("a\u{202E}", "The guest name 'a?' has the character U+202E at position 2"),
      (String(repeating: "x", count: 300), "The guest name '\(String(repeating: "x", count: 57))…' has 300 characters"),
    ])
  func refuses(text: String, message: String) {
    let error = #expect(throws: TemplateError.self) { try GuestName(text) }
    #expect(error?.message == message)
    #expect(error?.kind == .name)
    #expect(error?.nestorError.code == .invalidName)
  }
}
