import NestorImages
import NestorSupport
import Templates

extension GuestPlan.NewDisk {
  /// The size that a disk over an image has unless another is asked for, or more where the image is larger; what the guest
  /// does not write takes no room.
  private static let usualSize: UInt64 = 10 << 30

  /// A disk that is laid over an image, grown to `size`.
  ///
  /// `failure` begins the message of what is thrown; `isInTemplate` tells where the user has to mend it.
  init(_ path: String, over image: Image, size: ByteSize?, failure: String, isInTemplate: Bool) throws {
    guard image.record.kind == .disk, let imageSize = image.record.diskSize else {
      throw NestorError(
        .unsupported, failure, cause: "the image '\(image.name)' is a kernel with its initramfs",
        hint: isInTemplate ? "name it as the template's `image:`" : "name one that is a disk: nestor image list")
    }
    if let size, size.bytes < imageSize {
      throw NestorError(
        isInTemplate ? .invalidTemplate : .invalidArgument, failure,
        cause: "the image '\(image.name)' under it has \(ByteSize(bytes: imageSize)), and the disk \(size)",
        hint: "give it that size or more, or leave it out")
    }
    self.init(path: path, size: size?.bytes ?? max(imageSize, Self.usualSize), base: try image.path("disk"))
  }
}
