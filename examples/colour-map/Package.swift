// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "colour-map",
  platforms: [.macOS(.v15)],
  products: [.library(name: "ColourMapControl", targets: ["ColourMapControl"])],
  dependencies: [.package(name: "ARPG", path: "../..")],
  targets: [
    .target(name: "ColourMapControl", dependencies: [.product(name: "ARPG", package: "ARPG")]),
    .executableTarget(
      name: "arpg-paint",
      dependencies: ["ColourMapControl"]
        + ["ARPGCommands", "ARPGDecoder", "CannyControl", "ClassControl", "DepthControl"].map {
          .product(name: $0, package: "ARPG")
        }),
    .testTarget(
      name: "ColourMapControlTests",
      dependencies: ["ColourMapControl", .product(name: "ARPGAdapterTesting", package: "ARPG")]),
  ],
  swiftLanguageModes: [.v6]
)
