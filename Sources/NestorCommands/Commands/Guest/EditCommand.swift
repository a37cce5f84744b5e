import ArgumentParser
import CommandLineKit
import NestorCore
import NestorSupport

struct EditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "edit", abstract: "Change the XML of a guest in your editor.",
    discussion: """
      The XML is that of the guest's next start, and is checked against libvirt's schema before libvirt sees it. After a
      mistake the editor is opened again with what was written, for as long as you answer with Enter. VISUAL or EDITOR name
      the editor.
      """)

  @OptionGroup var connection: ConnectionOptions
  @Argument(help: "The guest's name.", completion: .guests) var guest: String

  func run() async throws {
    let guest = try await connection.hypervisor().guest(guest)
    let original = try await guest.xmlForEditing()
    let editor = try Editor(original, suffix: ".xml")
    while true {
      do {
        let text = try await editor.run()
        guard text != original else {
          Terminal.note("nothing was changed")
          break
        }
        try await guest.redefine(from: original, as: text)
        break
      } catch let error as NestorError where error.code == .invalidXML || error.code == .failed {
        ErrorReport.show(error)
        Terminal.note("Enter opens the editor again; anything else ends this and keeps \(editor.path)")
        guard readLine() == "" else { throw ExitCode(ExitStatus(error).rawValue) }
      } catch {
        Terminal.note("what you wrote is kept in \(editor.path)")
        throw error
      }
    }
    editor.end()
    Terminal.print(self.guest + "\n")
  }
}
