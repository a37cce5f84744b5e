// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "nestor",
  targets: [
    .target(name: "NestorSupport", swiftSettings: settings),
    .testTarget(name: "NestorSupportTests", dependencies: ["NestorSupport"], swiftSettings: settings),
  ]
)
