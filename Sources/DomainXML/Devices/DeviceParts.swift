/// What many devices have in common.
enum DeviceParts {
  static func bootOrder(_ reader: inout XMLReader) throws(DomainXMLError) -> Int? {
    guard let order = try reader.childAttribute("boot", "order") else { return nil }
    return try reader.number(order, at: "/boot/@order")
  }

  static func write(bootOrder: Int?, alias: String?, to tree: inout XMLTree) {
    if let bootOrder { tree.add("boot") { $0.put("order", bootOrder) } }
    if let alias { tree.add("alias") { $0.put("name", alias) } }
  }
}
