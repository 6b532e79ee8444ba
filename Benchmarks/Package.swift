// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "ARPG", path: "..")],
  targets: [
    .systemLibrary(name: "CBLASPeer", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .executableTarget(
      name: "kernel-bench",
      dependencies: ["CBLASPeer", .product(name: "ARPGKernels", package: "ARPG")],
      path: "Sources/KernelBench"),
  ],
  swiftLanguageModes: [.v6]
)
