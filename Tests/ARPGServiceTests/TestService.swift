import ARPG
import ARPGBuiltIns
import ARPGImageFiles
import ARPGService
import ARPGStarter
import Foundation

/// Services over the bundled model.
enum TestService {
  static func make(
    limits: ServiceLimits = ServiceLimits(), results: String? = nil, keepSeconds: Double = 3600,
    names: [String] = ["starter"],
    memoryLimit: Int? = nil
  ) throws -> ImageService {
    let registries = try Registries.builtIn()
    let models = try names.map { try ServedModel(named: $0, at: Starter.path(), registries) }
    return try ImageService(
      ModelCatalog(models, memoryLimit: memoryLimit), limits: limits, results: results, keepSeconds: keepSeconds)
  }

  static func control(_ adapter: String, _ input: ControlInput, strength: Float = 1, to: Double = 1)
    -> GenerationRecord.Control
  {
    GenerationRecord.Control(
      ControlSpecification(adapter, input, strength: strength, window: 0..<to), input: "test")
  }

  /// A request of few steps.
  static func request(_ controls: [GenerationRecord.Control] = [], seed: UInt64 = 0, count: Int = 1, steps: Int = 8)
    -> ServiceRequest
  {
    var request = ServiceRequest()
    (request.controls, request.seed, request.count, request.settings.steps) = (controls, seed, count, steps)
    return request
  }

  /// A sketch: a rectangle of lines.
  static func sketch(_ left: Int) -> Image {
    var pixels = [UInt8](repeating: 255, count: 256 * 256 * 3)
    for y in 60..<200 {
      for x in left..<left + 120 where y < 64 || y >= 196 || x < left + 4 || x >= left + 116 {
        for channel in 0..<3 { pixels[(y * 256 + x) * 3 + channel] = 0 }
      }
    }
    return Image(width: 256, height: 256, pixels: pixels)
  }

  static func image(_ job: Job, _ index: Int = 0, of service: ImageService) throws -> Image {
    try ImageFile.read([UInt8](service.file(of: job, index: index)))
  }
}
