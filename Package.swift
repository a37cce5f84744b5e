// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "nestor",
  products: [
    .library(name: "Libvirt", targets: ["Libvirt"]),
    .library(name: "DomainXML", targets: ["DomainXML"]),
  ],
  dependencies: [
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2")
  ],
  targets: [
    .systemLibrary(name: "CLibvirt", pkgConfig: "libvirt", providers: [.apt(["libvirt-dev"])]),
    .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .target(name: "CLinux"),
    .target(name: "NestorSupport", swiftSettings: settings),
    .target(name: "Probes", dependencies: ["CLinux", "NestorSupport"], swiftSettings: settings),
    .target(name: "Libvirt", dependencies: ["CLibvirt"], swiftSettings: settings),
    .target(name: "DomainXML", dependencies: ["CLibXML2"], swiftSettings: settings),
    .target(
      name: "Templates", dependencies: ["NestorSupport", .product(name: "Yams", package: "Yams")],
      swiftSettings: settings),
    .testTarget(name: "NestorSupportTests", dependencies: ["NestorSupport"], swiftSettings: settings),
    .testTarget(name: "ProbesTests", dependencies: ["Probes", "CLinux"], swiftSettings: settings),
    .testTarget(name: "DomainXMLTests", dependencies: ["DomainXML"], swiftSettings: settings),
    .testTarget(name: "TemplatesTests", dependencies: ["Templates", "NestorSupport"], swiftSettings: settings),
  ]
)
