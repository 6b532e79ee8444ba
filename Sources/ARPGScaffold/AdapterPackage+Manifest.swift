extension AdapterPackage {
  /// Package.swift.
  var manifest: String {
    """
    // swift-tools-version: 6.1
    import PackageDescription

    let package = Package(
      name: "arpg-\(name)",
      platforms: [.macOS(.v15)],
      products: [.library(name: "\(typeName)Control", targets: ["\(typeName)Control"])],
      dependencies: [\(dependency)],
      targets: [
        .target(
          name: "\(typeName)Control",
          dependencies: [.product(name: "ARPG", package: "\(identity)"), .product(name: "ARPGControl", package: "\(identity)")]),
        .executableTarget(
          name: "arpg-\(name)",
          dependencies: ["\(typeName)Control"]
            + ["ARPGCommands", "ARPGDecoder", "CannyControl", "ClassControl", "DepthControl"].map {
              .product(name: $0, package: "\(identity)")
            }),
        .testTarget(
          name: "\(typeName)ControlTests",
          dependencies: ["\(typeName)Control", .product(name: "ARPGAdapterTesting", package: "\(identity)")]),
      ],
      swiftLanguageModes: [.v6]
    )

    """
  }

  private var dependency: String {
    switch source {
    case .folder(let path): ".package(name: \"ARPG\", path: \(path.quoted))"
    case .address(let address, let version): ".package(url: \(address.quoted), from: \(version.quoted))"
    }
  }

  /// What products name this package by: the last part of an address, without its ending.
  private var identity: String {
    guard case .address(let address, _) = source else { return "ARPG" }
    let last = address.split(separator: "/").last.map(String.init) ?? "ARPG"
    return last.hasSuffix(".git") ? String(last.dropLast(4)) : last
  }

  /// README.md.
  var readme: String {
    """
    # arpg-\(name)

    The control adapter `\(name)` for ARPG, and the command line with it.

    ```sh
    swift test -c release  # what the adapter does, and every rule of adapters
    swift run -c release arpg-\(name) adapters \(name)  # what it takes
    swift run -c release arpg-\(name) preprocess \(name) photo.jpg -o lines.png  # what the network will see
    ```

    A new network changes nothing. To see something at once, borrow the weights of the bundled model's edges, which expect much the
    same:

    ```sh
    swift run -c release arpg-\(name) adapters export canny --as \(name) -o first.safetensors
    swift run -c release arpg-\(name) control --adapter first.safetensors --\(name) photo.jpg -o out.png
    ```

    Its own weights are trained on images and what the adapter makes of them; here on rendered scenes. `--adapter first.safetensors`
    begins with the borrowed weights, and without it from nothing.

    ```sh
    swift run -c release arpg-\(name) data scenes -o work/scenes --count 2000
    swift run -c release arpg-\(name) data prepare work/scenes -o work/data --adapters \(name)
    swift run -c release arpg-\(name) train adapter --data work/data -o runs/\(name) --recipe recipes/\(name).json
    swift run -c release arpg-\(name) adapters add runs/\(name)/model/\(name).safetensors
    swift run -c release arpg-\(name) control --\(name) photo.jpg -o out.png
    ```

    `runs/\(name)/model/\(name).safetensors` describes itself: give it to others, who add it in the same way.
    """ + "\n"
  }
}

extension String {
  /// The text as a literal of Swift.
  fileprivate var quoted: String {
    "\"" + replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
