import ARPG
import ARPGScenes
import ARPGTensor

/// The adapters that give a model the class, edges and depth of a scene.
struct SceneControls: Sendable {
  private struct Part {
    let adapter: any ControlAdapter
    let encoder: any ControlEncoder

    init(_ name: String, of model: Model, in registry: AdapterRegistry) throws {
      adapter = try registry.adapter(named: name)
      encoder = try adapter.makeEncoder(for: model.adapterModel(name))
    }
  }

  private let classes, edges, depth: Part
  private let context: PreprocessingContext

  init(_ names: ControlEvaluation.Adapters, of model: Model, in registry: AdapterRegistry) throws {
    classes = try Part(names.classes, of: model, in: registry)
    edges = try Part(names.edges, of: model, in: registry)
    depth = try Part(names.depth, of: model, in: registry)
    context = PreprocessingContext(imageSize: model.imageSize, classNames: model.classNames)
  }

  /// The edges that the adapter finds in a picture, bright on black.
  ///
  /// - Throws: ``ControlEvaluationError/noEdges(adapter:)`` where it finds none by itself.
  func edges(in image: Image) throws -> [UInt8] {
    let found = try edges.adapter.control(of: TrainingPicture(image: image), in: context)
    guard let picture = found?.picture else {
      throw ControlEvaluationError.noEdges(adapter: edges.adapter.descriptor.name)
    }
    return picture.greyValues
  }

  /// What the sampler is given to make pictures of some scenes, all of which have a class or none.
  ///
  /// - Parameters:
  ///   - row: which of the controls are used.
  ///   - withClass: whether edges and depth come with the class.
  func active(_ row: ControlRow, for scenes: [HeldOutScene], withClass: Bool) throws -> [ActiveControl] {
    var controls: [ActiveControl] = []
    let labels = scenes.compactMap(\.rendered.sceneClass)
    if labels.count == scenes.count, withClass || row == .uncontrolled {
      controls.append(
        try active(classes) { scene, adapter in
          guard let label = scene.rendered.sceneClass else { return [] }
          let name = context.classNames.isEmpty ? "\(label.index)" : label.rawValue
          return try adapter.preprocess(.text(name), options: OptionValues(for: adapter.descriptor), in: context)
        })
    }
    if row == .edges || row == .both {
      controls.append(
        try active(edges) { scene, adapter in [try adapter.storedControl(.image(scene.edgePicture), in: context)] })
    }
    if row == .depth || row == .both {
      controls.append(
        try active(depth) { scene, adapter in
          let input = ControlInput.image(scene.rendered.depthImage)
          return try adapter.preprocess(input, options: OptionValues(for: adapter.descriptor), in: context)
        })
    }
    return controls

    func active(
      _ part: Part, _ prepare: (HeldOutScene, any ControlAdapter) throws -> [PreparedControl]
    ) throws -> ActiveControl {
      ActiveControl(try part.encoder.encode(try scenes.flatMap { try prepare($0, part.adapter) }))
    }
  }
}

/// A scene that no model was trained on.
struct HeldOutScene: Sendable {
  let number: Int
  let rendered: RenderedScene
  /// The edges that the adapter finds in the picture, bright on black.
  let edges: [UInt8]

  /// The edges as a picture.
  var edgePicture: Image { Image(width: rendered.image.width, height: rendered.image.height, grey: edges) }

  /// Renders scenes, several at once.
  static func render(
    _ numbers: Range<Int>, of dataset: SceneDataset, controls: SceneControls
  ) throws -> [HeldOutScene] {
    try Parallel.map(numbers.count) { index in
      Result {
        let number = numbers.lowerBound + index, rendered = dataset.scene(number)
        return HeldOutScene(number: number, rendered: rendered, edges: try controls.edges(in: rendered.image))
      }
    }.map { try $0.get() }
  }
}
