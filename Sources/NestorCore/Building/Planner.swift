import DomainXML
import NestorSupport
import Templates

/// Plans guests from templates as the command line names them.
public struct Planner: Sendable {
  private let builder: GuestBuilder
  private let library: TemplateLibrary

  /// A planner for guests of this machine.
  ///
  /// The schemas of libvirt are read once, some 15 ms; where they are not installed the XML goes unchecked to libvirt,
  /// which has its own check.
  public init(
    state: StateDirectory, host: HostAbilities, library: TemplateLibrary = TemplateFolders.library(),
    validates: Bool = true
  ) {
    self.library = library
    builder = GuestBuilder(state: state, host: host, validator: validates ? try? SchemaValidator(.domain) : nil)
  }

  /// Plans guests of these names from one template; without a name the template's own is the guest's.
  public func plan(template: String, names: [String], parameters: [String: String]) throws -> [GuestPlan] {
    try explainingTemplates {
      let resolved = try library.load(template, parameters: parameters)
      return try (names.isEmpty ? [resolved.name] : names).map { try builder.plan(try GuestName($0), resolved) }
    }
  }
}

extension Planner {
  /// Plans one guest from a template that is loaded already.
  public func plan(_ name: GuestName, _ template: ResolvedTemplate) throws -> GuestPlan {
    try builder.plan(name, template)
  }

  /// Plans a guest that is there already, with its own UUID.
  func plan(template: String, name: String, parameters: [String: String], uuid: String) throws -> GuestPlan {
    try explainingTemplates {
      try builder.plan(
        try GuestName(name), try library.load(template, parameters: parameters), uuid: uuid, stage: .complete)
    }
  }

  /// Runs `body`; a template's mistakes come out as a ``NestorError``.
  private func explainingTemplates<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as TemplateErrors {
      throw error.nestorError
    } catch let error as TemplateError {
      throw error.nestorError
    }
  }
}
