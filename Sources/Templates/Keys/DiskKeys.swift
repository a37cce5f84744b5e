/// The keys of an entry of `disks`.
enum DiskKeys {
  static let size = Key(
    "size", Codec.optional(.size(.mebibytes(1)...ByteSize.tebibytes(1024))), default: nil,
    "The size of a new, empty disk, or the size to which an image is grown.")
  static let image = Key(
    "image", Codec.optional(.text(.name("an image's name"))), default: nil,
    "The Nestor image on which the disk is an overlay.")
  static let path = Key(
    "path", Codec.optional(.path), default: nil,
    "An existing file, which the guest changes in place and which delete leaves alone.")
  static let format = Key(
    "format", Codec<GuestTemplate.Disk.Format>.choice, default: .qcow2, "The format of the file; it is never guessed.")
  static let bus = Key("bus", Codec<GuestTemplate.Disk.Bus>.choice, default: .virtio, "The device that the guest sees.")
  static let cache = Key(
    "cache", Codec<GuestTemplate.Disk.Cache>.choice, default: .default,
    "How the disk is cached; default is QEMU's own, writeback.")
  static let discard = Key(
    "discard", Codec<GuestTemplate.Disk.Discard>.choice, default: .unmap,
    "Whether the file gives back blocks that the guest discards.")
  static let io = Key(
    "io", Codec<GuestTemplate.Disk.InputOutput>.choice, default: .default,
    "How QEMU reads and writes; native needs 'cache: none' or 'cache: directsync'.")
  static let iothread = Key("iothread", .boolean, default: false, "Whether the disk has a thread of its own.")
  static let serial = Key(
    "serial", Codec.optional(.text(.serial)), default: nil, "The serial number that the guest sees.")
  static let readOnly = Key("readOnly", .boolean, default: false, "Whether the guest can only read it.")
  static let bootOrder = Key(
    "bootOrder", Codec.optional(.integer(1...1000)), default: nil, "The place among the boot devices, from 1.")

  static let table = KeyTable(
    "a disk",
    [
      size.description, image.description, path.description, format.description, bus.description, cache.description,
      discard.description, io.description, iothread.description, serial.description, readOnly.description,
      bootOrder.description,
    ]
  ) { map in
    var problems: [TemplateError] = []
    if map.has(path) {
      for (name, isThere, place) in [
        ("size", map.has(size), map.place(of: size)), ("image", map.has(image), map.place(of: image)),
      ] where isThere {
        problems.append(
          TemplateError(
            "A disk with 'path' is an existing file and cannot have '\(name)'", at: place, hint: "leave one of them out"
          ))
      }
    } else if !map.has(size), !map.has(image) {
      problems.append(
        TemplateError(
          "A disk needs 'size', 'image' or 'path'", at: map.location,
          hint: "size: 10GiB makes an empty disk, path: FILE takes an existing one"))
    }
    if map.has(image), map[format] != .qcow2 {
      problems.append(
        TemplateError(
          "A disk on an image is a qcow2 overlay, not \(map[format].rawValue)", at: map.place(of: format),
          hint: "leave 'format' out"))
    }
    if map[io] == .native, map[cache] != .none, map[cache] != .directsync {
      problems.append(
        TemplateError(
          "'io: native' needs 'cache: none' or 'cache: directsync'", at: map.place(of: io), hint: "add 'cache: none'"))
    }
    if map[readOnly], !map.has(path), !map.has(image) {
      problems.append(
        TemplateError("An empty disk that cannot be written is of no use", at: map.place(of: readOnly)))
    }
    return problems
  }

  @Sendable static func build(_ map: CheckedMap) -> GuestTemplate.Disk {
    let source: GuestTemplate.Disk.Source
    if let path = map[path] {
      source = .path(path)
    } else if let image = map[image] {
      source = .image(image, size: map[size])
    } else {
      source = .empty(map[size] ?? ByteSize(bytes: 0))
    }
    return GuestTemplate.Disk(source, map)
  }
}
