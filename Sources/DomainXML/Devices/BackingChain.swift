/// The images under a disk's own, from the nearest to the last.
public struct BackingChain: Sendable, Equatable {
  /// The images; the first lies directly under the disk's own.
  public var images: [BackingImage]
  /// Whether an empty element says that nothing lies under the last one, so that libvirt does not look.
  public var isTerminated: Bool

  /// Makes a chain.
  public init(_ images: [BackingImage] = [], terminated: Bool = true) {
    self.images = images
    isTerminated = terminated
  }

  static func read(_ reader: inout XMLReader) throws(DomainXMLError) -> BackingChain? {
    try reader.value("backingStore") { reader throws(DomainXMLError) in try level(&reader) }
  }

  private static func level(_ reader: inout XMLReader) throws(DomainXMLError) -> BackingChain {
    guard let type = reader.attribute("type") else {
      return BackingChain([], terminated: true)
    }
    let index: Int? = try reader.integer("index")
    var image = BackingImage(source: try DiskSource.read(type: type, &reader), index: index)
    image.format = try reader.child("format") { reader in reader.word("type") } ?? nil
    let rest = try read(&reader)
    image.unknown = reader.unknown
    return BackingChain([image] + (rest?.images ?? []), terminated: rest?.isTerminated ?? false)
  }

  /// The chain as one element; nil where there is nothing to say.
  var element: XMLTree? {
    var inner = isTerminated ? XMLTree("backingStore") : nil
    for image in images.reversed() {
      var tree = XMLTree("backingStore")
      tree.put("type", image.source.type)
      tree.put("index", image.index)
      if let format = image.format { tree.add("format") { $0.put("type", format) } }
      image.source.write(to: &tree)
      if let inner { tree.add(inner) }
      image.unknown.merge(into: &tree)
      inner = tree
    }
    return inner
  }
}
