import DomainXML
import NestorSupport
import Templates

extension GuestBuilder {
  /// A definition with the template's patches; throws ``NestorError`` at the line of the patch that libvirt's schema refuses,
  /// where it `isChecked`, or for a guest that cannot run in a container.
  func patched(
    _ definition: DomainDefinition, _ resolved: ResolvedTemplate, isChecked: Bool
  ) throws -> DomainDefinition {
    let patches = resolved.template.xml
    var result = definition
    if !patches.isEmpty {
      let original = try definition.xml()
      let xml = try Self.apply(patches, to: original)
      do {
        if isChecked { try DomainSchema.validator?.validate(xml) }
        result = try DomainDefinition(xml: xml)
      } catch {
        throw NestorError(
          .invalidTemplate, "\(Self.culprit(original, resolved)): libvirt's schema refuses the guest's XML",
          cause: error.reason, hint: error.hint)
      }
    }
    if let problem = result.containerProblems().first {
      throw NestorError(
        .unsupported, "\(SourceLocation(file: resolved.file)): the guest cannot run in a container", cause: "\(problem)"
      )
    }
    return result
  }

  /// The place of the patch from which on the XML is not what libvirt's schema wants; the file where it is not the patches'
  /// fault.
  private static func culprit(_ original: String, _ resolved: ResolvedTemplate) -> SourceLocation {
    let patches = resolved.template.xml
    for count in stride(from: patches.count, to: 0, by: -1) {
      let before = try? apply(Array(patches[..<(count - 1)]), to: original)
      if let before, (try? DomainSchema.validator?.validate(before)) != nil { return patches[count - 1].location }
    }
    return SourceLocation(file: resolved.file)
  }

  private static func apply(_ patches: [TemplatePatch], to xml: String) throws -> String {
    var xml = xml
    for patch in patches {
      do {
        xml = try XMLPatch.apply([patch.forDocument], to: xml)
      } catch {
        throw NestorError(
          .invalidTemplate, "\(patch.location): the patch cannot be applied", cause: error.reason, hint: error.hint)
      }
    }
    return xml
  }
}

extension TemplatePatch.Position {
  /// The position as the XML library knows it.
  fileprivate var forDocument: XMLPatch.Position {
    switch self {
    case .first: .first
    case .last: .inside
    case .before: .before
    case .after: .after
    }
  }
}

extension TemplatePatch {
  /// The patch as the XML library knows it.
  var forDocument: XMLPatch {
    switch operation {
    case .set(let value): XMLPatch(.set(value), xpath: xpath)
    case .remove: XMLPatch(.remove, xpath: xpath)
    case .add(let value, let position):
      XMLPatch(
        .add(value, position.forDocument), xpath: xpath)
    }
  }
}
