// swift-tools-version: 6.2

import PackageDescription

// MemberImportVisibility stays off: glibc's structures count as part of whichever C module the compiler happened to load
// first, so with it a file may or may not build by how many of them are compiled together.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .treatAllWarnings(as: .error),
]

/// The guest's side is small: it leaves out the libraries that the compiler would link in by itself.
let guestSettings =
  settings + [
    .unsafeFlags([
      "-Xfrontend", "-disable-implicit-concurrency-module-import",
      "-Xfrontend", "-disable-implicit-string-processing-module-import",
    ]),
    .unsafeFlags(["-Osize"], .when(configuration: .release)),
  ]

// A released program goes into containers and guests: without its symbols it is a third smaller.
let small: [LinkerSetting] = [
  .unsafeFlags(["-Xlinker", "--gc-sections", "-Xlinker", "-s"], .when(configuration: .release))
]

let package = Package(
  name: "nestor",
  products: [
    .executable(name: "nestor", targets: ["nestor"]),
    .executable(name: "nestor-host", targets: ["nestor-host"]),
    .library(name: "Libvirt", targets: ["Libvirt"]),
    .library(name: "DomainXML", targets: ["DomainXML"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.5.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    // Without its default trait the library stays away from Foundation.
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
  ],
  targets: [
    .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
    .target(name: "CLibvirt", cSettings: [.treatAllWarnings(as: .error)]),
    .target(name: "CLinux", cSettings: [.treatAllWarnings(as: .error)]),
    .target(name: "NestorSupport", swiftSettings: settings),
    .target(
      name: "Processes",
      dependencies: [
        "NestorSupport", .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: settings),
    .target(name: "Probes", dependencies: ["CLinux", "NestorSupport"], swiftSettings: settings),
    .target(name: "Libvirt", dependencies: ["CLibvirt"], swiftSettings: settings),
    .target(name: "LibvirtFailures", dependencies: ["Libvirt", "NestorSupport"], swiftSettings: settings),
    .target(name: "DomainXML", dependencies: ["CLibXML2"], swiftSettings: settings),
    .target(
      name: "Templates", dependencies: ["NestorSupport", .product(name: "Yams", package: "Yams")],
      swiftSettings: settings),
    .target(
      name: "NestorImages", dependencies: ["CLinux", "NestorSupport", "Processes", "Probes", "Templates"],
      swiftSettings: settings),
    .target(
      name: "NestorDoctor",
      dependencies: ["NestorSupport", "Processes", "Probes", "Libvirt", "LibvirtFailures", "DomainXML"],
      swiftSettings: settings),
    .target(name: "GuestProtocol", dependencies: ["CSodium"], swiftSettings: guestSettings),
    .target(name: "GuestTransport", dependencies: ["CLinux", "GuestProtocol"], swiftSettings: guestSettings),
    .target(
      name: "GuestAgent", dependencies: ["CLinux", "GuestProtocol", "GuestTransport"], swiftSettings: guestSettings),
    .executableTarget(
      name: "nestor-agent", dependencies: ["GuestAgent"], swiftSettings: guestSettings,
      linkerSettings: [
        // Runs in guests of any distribution, and in none: an initramfs has no C library.
        .unsafeFlags(["-static-executable"])
      ] + small),
    .target(
      name: "GuestClient", dependencies: ["CLinux", "GuestProtocol", "GuestTransport", "NestorSupport"],
      swiftSettings: guestSettings),
    .target(
      name: "NestorCore",
      dependencies: [
        "CLinux", "CSodium", "NestorSupport", "Processes", "Probes", "Libvirt", "LibvirtFailures", "DomainXML",
        "Templates", "NestorImages", "GuestProtocol", "GuestTransport", "GuestClient",
      ],
      swiftSettings: settings),
    .target(
      name: "HostSetup", dependencies: ["Probes", "NestorImages", "NestorSupport", "Processes"], swiftSettings: settings
    ),
    .target(
      name: "CommandLineKit",
      dependencies: [
        "NestorSupport", .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: settings),
    .target(
      name: "NestorCommands",
      dependencies: [
        "NestorCore", "NestorDoctor", "NestorImages", "GuestClient", "GuestProtocol", "GuestTransport", "NestorSupport",
        "Libvirt", "DomainXML", "Templates", "CommandLineKit",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .target(
      name: "HostCommands",
      dependencies: [
        "HostSetup", "Probes", "NestorSupport", "CommandLineKit",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "nestor-host", dependencies: ["HostCommands"], swiftSettings: settings, linkerSettings: small),
    .executableTarget(
      name: "nestor", dependencies: ["NestorCommands"], swiftSettings: settings, linkerSettings: small),
    .executableTarget(
      name: "nestor-bench", dependencies: ["DomainXML", "NestorCore", "NestorSupport", "Templates"],
      swiftSettings: settings),
    .target(
      name: "LibvirtTestSupport", dependencies: ["Libvirt", "NestorSupport"], path: "Tests/LibvirtTestSupport",
      swiftSettings: settings),
    .testTarget(
      name: "LibvirtTests", dependencies: ["Libvirt", "CLibvirt", "LibvirtTestSupport", "NestorSupport"],
      swiftSettings: settings),
    .target(
      name: "ChannelScenarios",
      dependencies: ["GuestProtocol", "GuestTransport", "GuestClient", "NestorSupport"], path: "Tests/ChannelScenarios",
      swiftSettings: settings),
    .executableTarget(
      name: "channel-check", dependencies: ["ChannelScenarios"], path: "Tests/channel-check", swiftSettings: settings,
      // Runs in guests, as the agent does.
      linkerSettings: [.unsafeFlags(["-static-executable"])]),
    .testTarget(
      name: "GuestProtocolTests", dependencies: ["GuestProtocol", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "GuestChannelTests",
      dependencies: [
        "ChannelScenarios", "GuestProtocol", "GuestTransport", "GuestAgent", "GuestClient", "NestorSupport",
        "TestSupport",
      ],
      swiftSettings: settings),
    .testTarget(name: "ScriptsTests", dependencies: ["TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "NestorSupportTests", dependencies: ["NestorSupport", "NestorTestSupport"], swiftSettings: settings),
    .testTarget(
      name: "ProcessesTests", dependencies: ["Processes", "NestorSupport", "NestorTestSupport"], swiftSettings: settings
    ),
    .testTarget(name: "ProbesTests", dependencies: ["Probes", "CLinux", "NestorSupport"], swiftSettings: settings),
    .testTarget(
      name: "DomainXMLTests", dependencies: ["DomainXML", "TestSupport"], exclude: ["Samples"], swiftSettings: settings),
    .testTarget(
      name: "NestorCoreTests",
      dependencies: [
        "CLinux", "NestorCore", "NestorImages", "NestorSupport", "Processes", "Probes", "Libvirt", "LibvirtFailures",
        "DomainXML", "Templates", "GuestProtocol", "NestorTestSupport", "TestSupport", "nestor",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "NestorDoctorTests",
      dependencies: [
        "NestorDoctor", "NestorSupport", "Processes", "Probes", "Libvirt", "NestorTestSupport", "nestor",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "NestorImagesTests",
      dependencies: [
        "CLinux", "DomainXML", "NestorCore", "NestorImages", "NestorSupport", "Processes", "Templates",
        "NestorTestSupport", "nestor",
      ],
      swiftSettings: settings),
    .target(
      name: "NestorTestSupport", dependencies: ["NestorSupport", "Processes", "Templates"],
      path: "Tests/NestorTestSupport", swiftSettings: settings),
    .testTarget(
      name: "CommandLineKitTests",
      dependencies: [
        "CommandLineKit", "HostCommands", "NestorCommands", "NestorSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "NestorCommandsTests",
      dependencies: [
        "NestorCommands", "NestorCore", "GuestClient", "GuestProtocol", "NestorSupport", "Templates", "CommandLineKit",
        "NestorTestSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "HostSetupTests", dependencies: ["HostSetup", "NestorImages", "NestorSupport", "Probes", "Processes"],
      exclude: ["Recordings"],
      swiftSettings: settings),
    .testTarget(
      name: "HostCommandsTests",
      dependencies: [
        "HostCommands", "HostSetup", "CommandLineKit", "NestorSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),
    .testTarget(
      name: "GuestTests", dependencies: ["LibvirtTestSupport", "TestSupport"], swiftSettings: settings),
    .testTarget(name: "ContainerTests", dependencies: ["TestSupport", "nestor-host"], swiftSettings: settings),
    .testTarget(
      name: "TemplatesTests", dependencies: ["Templates", "NestorSupport", "TestSupport"], swiftSettings: settings),
  ]
)
