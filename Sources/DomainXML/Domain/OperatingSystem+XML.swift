extension OperatingSystem {
  init(_ reader: inout XMLReader) throws(DomainXMLError) {
    self.init(machine: nil)
    firmware = reader.word("firmware")
    let type = try reader.child("type") { reader in
      (reader.attribute("arch"), reader.attribute("machine"), reader.word())
    }
    if let type {
      architecture = type.0
      machine = type.1
      self.type = type.2.isEmpty ? "hvm" : type.2
    }
    let features = try reader.child("firmware") { reader throws(DomainXMLError) in
      try reader.values("feature") { reader throws(DomainXMLError) in
        let enabled = try reader.flag("enabled") ?? true
        guard let name = reader.attribute("name") else { throw reader.missing("a name") }
        var feature = FirmwareFeature(name, enabled: enabled)
        feature.unknown = reader.unknown
        return feature
      }
    }
    firmwareFeatures = features ?? []
    loader = try reader.child("loader") { reader throws(DomainXMLError) in
      let readOnly = try reader.flag("readonly")
      let secure = try reader.flag("secure")
      let stateless = try reader.flag("stateless")
      let path = reader.text()
      return Loader(
        path: path.isEmpty ? nil : path, isReadOnly: readOnly, isSecure: secure, isStateless: stateless,
        type: reader.attribute("type"), format: reader.attribute("format"))
    }
    nvram = try reader.child("nvram") { reader in
      let path = reader.text()
      return NVRAM(
        path: path.isEmpty ? nil : path, template: reader.attribute("template"),
        templateFormat: reader.attribute("templateFormat"), format: reader.attribute("format"))
    }
    kernel = try reader.childText("kernel")
    initrd = try reader.childText("initrd")
    commandLine = try reader.childText("cmdline")
    // One without a device stays in `unknown`.
    bootDevices = try reader.values(
      "boot", where: { $0.attributes.count == 1 && $0["dev"] != nil && $0.children.isEmpty }
    ) {
      reader in BootDevice(reader.attribute("dev") ?? "")
    }
    bootMenu = try reader.child("bootmenu") { reader throws(DomainXMLError) in try reader.flag("enable") } ?? nil
    smbiosMode = try reader.child("smbios") { reader in reader.attribute("mode") } ?? nil
    unknown = reader.unknown
  }

  func write(to tree: inout XMLTree) {
    tree.put("firmware", firmware)
    tree.add("type") { tree in
      tree.put("arch", architecture)
      tree.put("machine", machine)
      tree.children.append(.text(type))
    }
    if !firmwareFeatures.isEmpty {
      tree.add("firmware") { tree in
        for feature in firmwareFeatures {
          tree.add("feature") { tree in
            tree.put("enabled", yes: feature.isEnabled)
            tree.put("name", feature.name)
            feature.unknown.merge(into: &tree)
          }
        }
      }
    }
    if let loader {
      tree.add("loader") { tree in
        tree.put("readonly", yes: loader.isReadOnly)
        tree.put("secure", yes: loader.isSecure)
        tree.put("stateless", yes: loader.isStateless)
        tree.put("type", loader.type)
        tree.put("format", loader.format)
        if let path = loader.path, !path.isEmpty { tree.children.append(.text(path)) }
      }
    }
    if let nvram {
      tree.add("nvram") { tree in
        tree.put("template", nvram.template)
        tree.put("templateFormat", nvram.templateFormat)
        tree.put("format", nvram.format)
        if let path = nvram.path, !path.isEmpty { tree.children.append(.text(path)) }
      }
    }
    tree.add("kernel", text: kernel)
    tree.add("initrd", text: initrd)
    tree.add("cmdline", text: commandLine)
    for device in bootDevices { tree.add("boot") { $0.put("dev", device) } }
    if let bootMenu { tree.add("bootmenu") { $0.put("enable", yes: bootMenu) } }
    if let smbiosMode { tree.add("smbios") { $0.put("mode", smbiosMode) } }
    unknown.merge(into: &tree)
  }
}
