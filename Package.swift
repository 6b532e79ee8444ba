// swift-tools-version: 6.1
import PackageDescription

/// With ARPG_MPI in the environment, `mpirun` shares out training and sampling; needs libopenmpi-dev.
let mpi = Context.environment["ARPG_MPI"] != nil
let mpiTargets: [Target] = [
  .systemLibrary(
    name: "COpenMPI", path: "Sources/System/COpenMPI", pkgConfig: "ompi-c", providers: [.apt(["libopenmpi-dev"])]),
  .target(name: "ARPGMPI", dependencies: ["ARPGTensor", "COpenMPI"]),
]

let package = Package(
  name: "ARPG",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "arpg", targets: ["ARPGMain"]),
    .executable(name: "arpg-server", targets: ["ARPGServerMain"]),
    .library(
      name: "ARPG", targets: ["ARPG", "ARPGCheckpoints", "ARPGFiles", "ARPGImages", "ARPGLayers", "ARPGTensor"]),
    .library(name: "ARPGCheckpoints", targets: ["ARPGCheckpoints"]),
    .library(name: "ARPGImages", targets: ["ARPGImages"]),
    .library(name: "ARPGLayers", targets: ["ARPGLayers"]),
    .library(name: "ARPGKernels", targets: ["ARPGKernels"]),
    .library(name: "ARPGDecoder", targets: ["ARPGDecoder"]),
    .library(name: "LlamaGenDecoder", targets: ["LlamaGenDecoder"]),
    .library(name: "RandARDecoder", targets: ["RandARDecoder"]),
    .library(name: "ARPGControl", targets: ["ARPGControl"]),
    .library(name: "ARPGImageFiles", targets: ["ARPGImageFiles"]),
    .library(name: "ARPGStarter", targets: ["ARPGStarter"]),
    .library(name: "ARPGTraining", targets: ["ARPGTraining"]),
    .library(name: "ARPGScenes", targets: ["ARPGScenes"]),
    .library(name: "ARPGEvaluation", targets: ["ARPGEvaluation"]),
    .plugin(name: "NewAdapter", targets: ["NewAdapter"]),
    .library(name: "ARPGAdapterTesting", targets: ["ARPGAdapterTesting"]),
    .library(name: "ARPGAdapterLibraries", targets: ["ARPGAdapterLibraries"]),
    .library(name: "CARPGAdapter", targets: ["CARPGAdapter"]),
    .library(name: "ARPGCommands", targets: ["ARPGCommands"]),
    .library(name: "ARPGService", targets: ["ARPGService"]),
    .library(name: "ARPGServer", targets: ["ARPGServer"]),
    .library(name: "ClassControl", targets: ["ClassControl"]),
    .library(name: "CannyControl", targets: ["CannyControl"]),
    .library(name: "DepthControl", targets: ["DepthControl"]),
    .library(name: "LineartControl", targets: ["LineartControl"]),
    .library(name: "PaletteControl", targets: ["PaletteControl"]),
    .library(name: "SegmentationControl", targets: ["SegmentationControl"]),
    .library(name: "TextFeaturesControl", targets: ["TextFeaturesControl"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
    // The service alone.
    .package(url: "https://github.com/apple/swift-http-types", from: "1.0.0"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.5.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.70.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.20.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.8.0"),
    // `swift package generate-documentation`. No target depends on it: it is not built, nor fetched for packages that use this one.
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"),
  ],
  targets: [
    // System libraries.
    .systemLibrary(
      name: "CJPEG", path: "Sources/System/CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg-dev"])]),
    .systemLibrary(name: "CPNG", path: "Sources/System/CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(
      name: "CWebP", path: "Sources/System/CWebP", pkgConfig: "libwebp", providers: [.apt(["libwebp-dev"])]),
    .systemLibrary(
      name: "CTIFF", path: "Sources/System/CTIFF", pkgConfig: "libtiff-4", providers: [.apt(["libtiff-dev"])]),

    // The C interface of adapters: a header alone.
    .systemLibrary(name: "CARPGAdapter", path: "Sources/System/CARPGAdapter"),

    // From kernels to the core.
    .target(name: "ARPGKernels"),
    .target(name: "ARPGTensor", dependencies: ["ARPGKernels"]),
    .target(name: "ARPGFiles"),
    .target(name: "ARPGCheckpoints", dependencies: ["ARPGFiles", "ARPGTensor", "ARPGKernels"]),
    .target(name: "ARPGLayers", dependencies: ["ARPGCheckpoints", "ARPGTensor"]),
    .target(name: "ARPGImages"),
    .target(name: "ARPG", dependencies: ["ARPGCheckpoints", "ARPGFiles", "ARPGImages", "ARPGLayers", "ARPGTensor"]),

    // Decoder families: known to the executable alone.
    .target(name: "ARPGDecoder", dependencies: ["ARPG", "ARPGCheckpoints"], path: "Sources/Decoders/ARPGDecoder"),
    .target(
      name: "LlamaGenDecoder", dependencies: ["ARPG", "ARPGCheckpoints"], path: "Sources/Decoders/LlamaGenDecoder"),
    .target(
      name: "RandARDecoder", dependencies: ["ARPG", "ARPGCheckpoints", "LlamaGenDecoder"],
      path: "Sources/Decoders/RandARDecoder"),

    // On the core.
    .target(name: "ARPGControl", dependencies: ["ARPG", "ARPGCheckpoints"]),
    .target(
      name: "CImageCodecs", dependencies: ["CJPEG", "CPNG", "CWebP", "CTIFF"], path: "Sources/System/CImageCodecs"),
    .target(name: "ARPGImageFiles", dependencies: ["ARPGFiles", "ARPGImages", "CImageCodecs"]),
    .target(
      name: "ARPGTraining", dependencies: ["ARPG", "ARPGCheckpoints", "ARPGFiles", "ARPGImageFiles", "ARPGTensor"]),
    .target(name: "ARPGScenes", dependencies: ["ARPGImages", "ARPGTensor"]),
    .target(
      name: "ARPGEvaluation", dependencies: ["ARPG", "ARPGCheckpoints", "ARPGScenes", "ARPGTensor", "ARPGTraining"]),
    .target(name: "ARPGStarter", dependencies: ["ARPGFiles"], resources: [.copy("starter")]),
    .target(name: "ARPGAdapterLibraries", dependencies: ["ARPG", "ARPGControl", "ARPGFiles", "CARPGAdapter"]),
    .target(name: "ARPGAdapterTesting", dependencies: ["ARPG", "ARPGDecoder"]),

    // A new package with an adapter.
    .target(name: "ARPGScaffold"),
    .executableTarget(
      name: "arpg-new-adapter",
      dependencies: ["ARPGScaffold", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      path: "Sources/ARPGNewAdapter"),
    .plugin(
      name: "NewAdapter",
      capability: .command(
        intent: .custom(verb: "new-adapter", description: "Make a package with a control adapter."),
        permissions: [
          .writeToPackageDirectory(reason: "It writes the new package there, unless --output names another folder.")
        ]),
      dependencies: ["arpg-new-adapter"]),

    // Controls: known to the executable alone.
    .target(name: "ClassControl", dependencies: ["ARPG"], path: "Plugins/ClassControl"),
    .target(name: "CannyControl", dependencies: ["ARPGControl"], path: "Plugins/CannyControl"),
    .target(name: "DepthControl", dependencies: ["ARPGControl"], path: "Plugins/DepthControl"),
    .target(name: "LineartControl", dependencies: ["ARPGControl"], path: "Plugins/LineartControl"),
    .target(name: "PaletteControl", dependencies: ["ARPG"], path: "Plugins/PaletteControl"),
    .target(name: "SegmentationControl", dependencies: ["ARPGControl"], path: "Plugins/SegmentationControl"),
    .target(name: "TextFeaturesControl", dependencies: ["ARPG"], path: "Plugins/TextFeaturesControl"),

    // The command line.
    .target(
      name: "ARPGCommands",
      dependencies: [
        "ARPG", "ARPGAdapterLibraries", "ARPGEvaluation", "ARPGImageFiles", "ARPGScaffold", "ARPGScenes", "ARPGStarter",
        "ARPGTensor",
        "ARPGTraining",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ]),
    .target(
      name: "ARPGBuiltIns",
      dependencies: [
        "ARPG", "ARPGDecoder", "LlamaGenDecoder", "RandARDecoder", "ClassControl", "CannyControl", "DepthControl",
        "LineartControl", "PaletteControl", "SegmentationControl", "TextFeaturesControl",
      ]),
    .executableTarget(
      name: "ARPGMain",
      dependencies: ["ARPGBuiltIns", "ARPGCommands", "ARPGTensor"] + (mpi ? ["ARPGMPI"] : []),
      swiftSettings: mpi ? [.define("ARPG_MPI")] : []),

    // The service.
    .target(
      name: "ARPGService",
      dependencies: [
        "ARPG", "ARPGFiles", "ARPGImageFiles", "ARPGTensor", .product(name: "Metrics", package: "swift-metrics"),
      ]),
    .target(
      name: "ARPGServer",
      dependencies: [
        "ARPG", "ARPGImageFiles", "ARPGService",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      resources: [.copy("Page"), .copy("Native/openapi.json")]),
    .executableTarget(
      name: "ARPGServerMain",
      dependencies: [
        "ARPGAdapterLibraries", "ARPGBuiltIns", "ARPGServer", "ARPGStarter", "ARPGTensor",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),

    // Tests.
    .target(name: "TestSupport", dependencies: ["ARPG", "ARPGDecoder"], path: "Tests/TestSupport"),
    .testTarget(name: "ARPGKernelsTests", dependencies: ["ARPGKernels"]),
    .testTarget(name: "ARPGTensorTests", dependencies: ["ARPGTensor"]),
    .testTarget(name: "ARPGFilesTests", dependencies: ["ARPGFiles", "TestSupport"]),
    .testTarget(name: "ARPGCheckpointsTests", dependencies: ["ARPGCheckpoints", "ARPGDecoder", "TestSupport"]),
    .testTarget(name: "ARPGImagesTests", dependencies: ["ARPGImages", "ARPGImageFiles", "TestSupport"]),
    .testTarget(name: "ARPGTests", dependencies: ["ARPG", "ARPGDecoder", "ARPGImageFiles", "TestSupport"]),
    .testTarget(name: "ARPGDecoderTests", dependencies: ["ARPGDecoder", "TestSupport"]),
    .testTarget(name: "LlamaGenDecoderTests", dependencies: ["LlamaGenDecoder", "TestSupport"]),
    .testTarget(name: "RandARDecoderTests", dependencies: ["RandARDecoder", "TestSupport"]),
    .testTarget(name: "ARPGControlTests", dependencies: ["ARPGControl", "ARPGStarter", "TestSupport"]),
    .testTarget(
      name: "ARPGTrainingTests",
      dependencies: [
        "ARPGTraining", "ARPGControl", "ARPGImageFiles", "ARPGStarter", "CannyControl", "DepthControl", "TestSupport",
      ]),
    .testTarget(name: "ARPGScaffoldTests", dependencies: ["ARPGScaffold", "TestSupport"]),
    .testTarget(name: "ARPGScenesTests", dependencies: ["ARPGScenes", "ARPGImageFiles", "TestSupport"]),
    .testTarget(
      name: "ARPGEvaluationTests",
      dependencies: [
        "ARPGEvaluation", "ARPGControl", "ARPGImageFiles", "ARPGScenes", "ARPGStarter", "ARPGTraining", "CannyControl",
        "ClassControl",
        "DepthControl", "TestSupport",
      ]),
    .testTarget(name: "ARPGImageFilesTests", dependencies: ["ARPGImageFiles", "TestSupport"]),
    .testTarget(
      name: "PluginTests",
      dependencies: [
        "ClassControl", "CannyControl", "DepthControl", "LineartControl", "PaletteControl", "SegmentationControl",
        "TextFeaturesControl", "ARPGControl", "ARPGImageFiles", "ARPGScenes", "ARPGStarter", "ARPGTraining",
        "LlamaGenDecoder", "TestSupport",
      ]),
    .testTarget(
      name: "ARPGAdapterLibrariesTests",
      dependencies: ["ARPGAdapterLibraries", "ARPGAdapterTesting", "ARPGDecoder", "ARPGImageFiles", "TestSupport"]),
    .testTarget(
      name: "ARPGAdapterTestingTests",
      dependencies: [
        "ARPGAdapterTesting", "ARPGLayers", "CannyControl", "ClassControl", "DepthControl", "LineartControl",
        "PaletteControl", "SegmentationControl", "TextFeaturesControl", "LlamaGenDecoder", "TestSupport",
      ]),
    .testTarget(
      name: "PublicAPITests",
      dependencies: [
        "ARPGControl", "ARPGDecoder", "ARPGStarter", "ARPGTraining", "CannyControl", "ClassControl", "TestSupport",
      ]),
    .testTarget(
      name: "ARPGServiceTests",
      dependencies: ["ARPGBuiltIns", "ARPGImageFiles", "ARPGService", "ARPGStarter", "TestSupport"]),
    .testTarget(
      name: "ARPGServerTests",
      dependencies: ["ARPGImageFiles", "ARPGServer", "ARPGServerMain", "ARPGService", "ARPGStarter", "TestSupport"]),
    .executableTarget(
      name: "arpg-own",
      dependencies: [
        "ARPGCommands", "ARPGDecoder", "ARPGStarter", "ClassControl",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/OwnCommandLine"),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "ARPGMain", "arpg-own", "ARPGCommands", "ARPGImageFiles", "ARPGScenes", "ARPGStarter", "CannyControl",
        "TestSupport",
      ],
      swiftSettings: mpi ? [.define("ARPG_MPI")] : []),
  ] + (mpi ? mpiTargets : []),
  swiftLanguageModes: [.v6]
)
