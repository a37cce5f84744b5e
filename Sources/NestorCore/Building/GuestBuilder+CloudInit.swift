import DomainXML
import NestorSupport
import Templates

extension GuestBuilder {
  /// What a guest's seed tells cloud-init, of the files that the template names, and what the user should know of that.
  func seedSettings(
    _ resolved: ResolvedTemplate, _ definition: DomainDefinition, _ name: GuestName, uuid: String
  ) throws -> (settings: SeedSettings, warnings: [String]) {
    let template = resolved.template.cloudInit
    var settings = SeedSettings(
      instance: uuid, name: template.hostname ?? name.text,
      macAddresses: definition.devices.interfaces.compactMap(\.mac))
    let keys = try template.sshKeys.flatMap { key throws(TemplateErrors) in
      key.hasPrefix("/") ? try PublicKeys.read(key) : [key]
    }
    let configuration = VendorConfiguration(template, keys: keys)
    settings.vendorConfiguration = try configuration?.text
    settings.networkConfiguration = try template.networkConfig.map { path throws(TemplateErrors) in
      try NetworkConfiguration(contentsOf: path).text
    }
    guard let path = template.userData else { return (settings, []) }
    let userData = try UserData(contentsOf: path)
    settings.userData = userData.text
    let warnings = (configuration?.overridden(by: userData) ?? []).map { key in
      "\(resolved.location(of: "cloudInit")): '\(key)' of \(path) counts, and what the template says of that does not"
    }
    return (settings, warnings)
  }

  /// Refuses settings for cloud-init that would never reach one.
  func refuseCloudInit(_ resolved: ResolvedTemplate) throws {
    guard resolved.template.cloudInit != GuestTemplate().cloudInit else { return }
    throw NestorError(
      .unsupported, "\(resolved.location(of: "cloudInit")): there is no cloud-init in this guest",
      cause: "it boots a kernel of its own, and cloud-init lives on disk images", hint: "leave 'cloudInit' out")
  }
}
