import ARPGScenes
import ArgumentParser

extension SceneCameras: ExpressibleByArgument {}

/// Which scenes are rendered.
struct SceneOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What scenes show, with shares where they are not equal: classes (one object of 16 classes), shapes (anything, "
        + "without a class).", valueName: "kind[=share],..."),
    transform: SceneMixture.init(parsing:))
  var kinds = SceneMixture(.classes)

  @Option(help: "From where scenes of classes are seen.")
  var cameras = SceneCameras.usual
}

extension SceneMixture {
  /// Reads `classes`, `classes,shapes` or `classes=0.35,shapes=0.65`; a kind without a share has 1.
  init(parsing text: String) throws {
    var weights: [SceneKind: Double] = [:]
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let names = SceneKind.allCases.map(\.rawValue)
      guard let kind = SceneKind(rawValue: String(pair[0])) else {
        let nearest = String(pair[0]).nearest(among: names)
        throw ValidationError(
          "--kinds '\(text)': there is no kind '\(pair[0])'; "
            + (nearest.map { "did you mean \($0)?" } ?? "it takes \(names.joined(separator: ", "))"))
      }
      guard weights[kind] == nil else {
        throw ValidationError("--kinds '\(text)': \(kind.rawValue) stands there twice")
      }
      guard let weight = pair.count == 1 ? 1 : Double(String(pair[1])) else {
        throw ValidationError("--kinds '\(text)': the share '\(pair[1])' is no number")
      }
      weights[kind] = weight
    }
    do { try self.init(weights) } catch { throw ValidationError("--kinds '\(text)': \(error)") }
  }
}

extension SceneMixture: CustomStringConvertible {
  /// The mixture as `--kinds` takes it.
  public var description: String {
    let present = SceneKind.allCases.filter { shares[$0] != nil }
    return present.map { present.count == 1 ? $0.rawValue : "\($0.rawValue)=\(shares[$0] ?? 0)" }
      .joined(separator: ",")
  }
}
