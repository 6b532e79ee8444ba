import ARPG
import ARPGService

/// A schedule of a model as the WebUI knows samplers and schedulers.
struct WebUISampler {
  let schedule: Schedule.Name

  /// What programs show.
  var title: String { "ARPG \(schedule.rawValue)" }

  /// The schedules that a model knows.
  static func all(of model: ServedModel) -> [Self] {
    model.folder.description.decoder?.family.schedules.map { Self(schedule: $0.name) } ?? []
  }

  /// Whether a client means it.
  func isCalled(_ name: String) -> Bool {
    [title, schedule.rawValue].contains { $0.lowercased() == name.lowercased() }
  }

  var samplerJSON: JSONValue {
    .object(["name": .string(title), "aliases": .array([.string(schedule.rawValue)]), "options": .object([:])])
  }

  var schedulerJSON: JSONValue {
    .object([
      "name": .string(schedule.rawValue), "label": .string(title), "aliases": .null, "default_rho": .number(-1),
      "need_inner_model": .bool(false),
    ])
  }
}
