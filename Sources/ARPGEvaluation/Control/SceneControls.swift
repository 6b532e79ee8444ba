import ARPG
import ARPGScenes
import ARPGTensor

/// The adapters that give a model the class, edges and depth of a scene.
struct SceneControls: Sendable {
  private let pipeline: Pipeline
  private let names: ControlEvaluation.Adapters
  private let edges: any TrainableAdapter
  private var context: PreprocessingContext { pipeline.model.preprocessingContext }

  init(_ names: ControlEvaluation.Adapters, of pipeline: Pipeline) throws {
    guard let edges = try pipeline.registry.adapter(named: names.edges) as? any TrainableAdapter else {
      throw ControlEvaluationError.noEdges(adapter: names.edges)
    }
    self.edges = edges
    self.names = names
    self.pipeline = pipeline
    for name in [names.classes, names.edges, names.depth] {
      _ = try pipeline.registry.adapter(named: name).fit(to: pipeline.model.adapterModel(name))
    }
  }

  /// The edges that the adapter finds in an image, bright on black.
  ///
  /// - Throws: ``ControlEvaluationError/noEdges(adapter:)`` where it finds none by itself.
  func edges(in image: Image) throws -> [UInt8] {
    guard let found = try edges.control(of: TrainingImage(image: image), in: context)?.image else {
      throw ControlEvaluationError.noEdges(adapter: names.edges)
    }
    return found.greyValues
  }

  /// What the sampler is given to make images of some scenes, all of which have a class or none.
  ///
  /// - Parameters:
  ///   - row: which of the controls are used.
  ///   - withClass: whether edges and depth come with the class.
  func prepared(_ row: ControlRow, for scenes: [HeldOutScene], withClass: Bool) throws -> PreparedControls {
    var controls: [(adapter: String, controls: [PreparedControl])] = []
    let labels = scenes.compactMap(\.rendered.sceneClass)
    if labels.count == scenes.count, withClass || row == .uncontrolled {
      let words = labels.map { context.classNames.isEmpty ? "\($0.index)" : $0.rawValue }
      controls.append((names.classes, try words.flatMap { try pipeline.preprocess(.text($0), adapter: names.classes) }))
    }
    if row == .edges || row == .both {
      controls.append(
        (names.edges, try scenes.map { try edges.storedControl(.image($0.edgeImage), in: context) }))
    }
    if row == .depth || row == .both {
      controls.append(
        (
          names.depth,
          try scenes.flatMap { try pipeline.preprocess(.image($0.rendered.depthImage), adapter: names.depth) }
        ))
    }
    return try pipeline.encode(controls)
  }
}

/// A scene that no model was trained on.
struct HeldOutScene: Sendable {
  let number: Int
  let rendered: RenderedScene
  /// The edges that the adapter finds in the image, bright on black.
  let edges: [UInt8]

  /// The edges as an image.
  var edgeImage: Image { Image(width: rendered.image.width, height: rendered.image.height, grey: edges) }

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
