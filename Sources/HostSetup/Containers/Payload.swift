import Glibc
import NestorSupport

/// What is put into a container: the programs that work there, and the templates.
package struct Payload: Sendable, Equatable {
  /// A file and where it goes.
  struct Item: Sendable, Equatable {
    let source: String
    let target: String
    let mode: String
  }

  let items: [Item]
  /// The path of the program nestor here.
  let nestor: String

  /// Finds the programs in `programs`, or beside this program where that is nil; the templates in `domains`, or where
  /// they were installed or lie in the checkout.
  ///
  /// Throws `notFound` that names the folders where a program is missing.
  package init(programs: String? = nil, domains: String? = nil) throws {
    let own = FileTree.parent(of: try FileTree.ownProgram())
    let folder = programs ?? own
    var items: [Item] = []
    for (name, target) in [("nestor", "/usr/local/bin/nestor"), ("nestor-agent", "/usr/lib/nestor/nestor-agent")] {
      let path = "\(folder)/\(name)"
      guard access(path, X_OK) == 0 else {
        throw NestorError(
          .notFound, "there is no program \(name) in \(folder)",
          hint: "build it there: swift build -c release --static-swift-stdlib --product \(name);"
            + " or name another folder with --programs")
      }
      items.append(Item(source: path, target: target, mode: "0755"))
    }
    guard let templates = domains ?? Self.shippedTemplates(near: [folder, own]) else {
      throw NestorError(
        .notFound, "the templates that came with nestor are not found near \(folder)",
        hint: "name their folder with --domains")
    }
    var names = try FileTree.names(in: templates).filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".json") }
    guard names.contains("base.yaml") else {
      throw NestorError(.notFound, "there are no templates in \(templates)", cause: "base.yaml is not there")
    }
    // The images that can be downloaded; a folder of templates of one's own need not have any.
    if FileTree.exists("\(templates)/images/catalogue.yaml") { names.append("images/catalogue.yaml") }
    items += names.map {
      Item(source: "\(templates)/\($0)", target: "/usr/local/share/nestor/domains/\($0)", mode: "0644")
    }
    self.items = items
    nestor = "\(folder)/nestor"
  }

  private static func shippedTemplates(near folders: [String]) -> String? {
    for start in folders {
      let installed = "\(start)/../share/nestor/domains"
      if FileTree.exists("\(installed)/base.yaml") { return installed }
      var folder = start
      // A build lies a few folders below its checkout.
      for _ in 0..<5 {
        if FileTree.exists("\(folder)/domains/base.yaml") { return "\(folder)/domains" }
        folder = FileTree.parent(of: folder)
      }
    }
    return nil
  }
}
