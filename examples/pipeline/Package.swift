// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "pipeline",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "ARPG", path: "../..")],
  targets: [
    .executableTarget(
      name: "pipeline",
      dependencies: ["ARPG", "ARPGDecoder", "ARPGImageFiles", "ARPGStarter", "CannyControl", "ClassControl"].map {
        .product(name: $0, package: "ARPG")
      },
      path: "Sources")
  ],
  swiftLanguageModes: [.v6]
)
