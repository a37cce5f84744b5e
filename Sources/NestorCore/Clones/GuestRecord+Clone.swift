import DomainXML
import NestorImages

extension GuestRecord {
  /// Lets go of images under the disks of a guest whose copy has disks of its own, or disks over another image.
  ///
  /// A kernel that is booted beside the disks still lies in its image.
  mutating func leaveImages(of definition: DomainDefinition, in directory: String, for base: Image?) {
    let booted = [definition.os.kernel, definition.os.initrd].compactMap { $0 }
    let isBooted = { (name: String) in booted.contains { $0.hasPrefix("\(directory)/\(name)/") } }
    let isUnderDisks = image.map { diskImages[$0] != nil } ?? true
    diskImages = diskImages.filter { isBooted($0.key) }
    if isUnderDisks, image.map({ diskImages[$0] == nil }) ?? true { (image, imageDigest) = (base?.name, base?.digest) }
    if let base { diskImages[base.name] = base.digest }
  }
}
