import DomainXML
import NestorSupport
import Templates

/// Plans guests from templates as the command line names them.
package struct Planner: Sendable {
  private let builder: GuestBuilder
  private let library: TemplateLibrary

  /// A planner for guests of this machine.
  package init(state: StateDirectory, host: HostCapabilities, library: TemplateLibrary = TemplateFolders.library()) {
    self.library = library
    builder = GuestBuilder(state: state, host: host)
  }

  /// Plans guests of these names from one template; without a name the template's own is the guest's.
  ///
  /// `contextID` is the vsock context ID of a single guest, one of `Vsock.validIDs`, whatever the template says of it.
  package func plan(
    template: String, names: [String], parameters: [String: String], contextID: UInt32? = nil
  ) throws -> [GuestPlan] {
    try withTemplateContext {
      let resolved = try library.load(template, parameters: parameters)
      let names = names.isEmpty ? [resolved.name] : names
      guard contextID == nil || names.count == 1 else {
        throw NestorError(
          .invalidArgument, "\(names.count) guests cannot share one vsock context ID",
          hint: "make them one by one, or leave the choice to Nestor")
      }
      return try names.map { try builder.plan(try GuestName($0), resolved, contextID: contextID) }
    }
  }
}

extension Planner {
  /// Plans one guest from a template that is loaded already.
  package func plan(_ name: GuestName, _ template: ResolvedTemplate) throws -> GuestPlan {
    try builder.plan(name, template)
  }

  /// Plans a guest that is there already, with its own UUID, to look at what its template gives today.
  func plan(
    template: String, name: String, parameters: [String: String], uuid: String, contextID: UInt32?
  ) throws -> GuestPlan {
    try withTemplateContext {
      let resolved = try library.load(template, parameters: parameters)
      return try builder.plan(
        try GuestName(name), resolved, uuid: uuid, stage: .complete, contextID: contextID, checksPatches: false)
    }
  }

  /// Runs `body`; a template's mistakes come out as a ``NestorError``.
  private func withTemplateContext<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as TemplateErrors {
      throw error.nestorError
    } catch let error as TemplateError {
      throw error.nestorError
    }
  }
}
