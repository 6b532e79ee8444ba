import ARPG
import ARPGImageFiles
import ARPGTraining
import ArgumentParser

/// The options of the commands that generate images.
struct GenerationOptions: ParsableArguments {
  @OptionGroup var inputs: ControlOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The image to write, .png, .jpg or .webp; `-` is standard output.", valueName: "file"))
  var output: String?

  @Flag(help: "Write under each image of a contact sheet what differs: element, number, seed.")
  var labels = false

  @Option(help: ArgumentHelp("Write the image so far every n steps, beside the output.", valueName: "n"))
  var previewEvery: Int?

  @Option(help: ArgumentHelp("Write order, step sizes and codes to a safetensors file.", valueName: "file"))
  var trace: String?

  @Flag(help: "Add the logits of every step to the trace.")
  var traceLogits = false

  @OptionGroup var animation: AnimationOptions
  @OptionGroup var files: OutputOptions
  @OptionGroup var sampling: SamplingOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var weights: PrecisionOption
  @OptionGroup var report: ReportOptions

  func validate() throws {
    if let previewEvery, previewEvery < 1 {
      throw ValidationError("--preview-every is \(previewEvery); it takes 1 or more")
    }
    if CommandContext.processes.count > 1, trace != nil || previewEvery != nil {
      throw ValidationError("--trace and --preview-every take a single process")
    }
    if traceLogits, trace == nil { throw ValidationError("--trace-logits needs --trace FILE to write to") }
    if let output { try OutputImages.requireWritable(output, json: report.json) }
    if output == OutputImages.standardOutput, previewEvery != nil || CommandContext.processes.count > 1 {
      throw ValidationError("-o - takes a single process and no --preview-every; name a file")
    }
  }

  /// The paths of all files that are read.
  private func paths(_ registry: AdapterRegistry, _ edit: EditInput?) throws -> [String] {
    try [sampling.order?.path].compactMap { $0 } + (edit?.protected ?? []) + inputs.paths(registry)
  }

  /// Generates the images and writes all that was asked for.
  ///
  /// - Parameters:
  ///   - edit: an image that is changed; nil for images that are made from nothing.
  ///   - size: of images that are made from nothing; nil for that of ``SamplingOptions/like``, or the model's.
  ///   - isDry: whether it is only told what that would take.
  func run(
    defaultOutput: String, edit editInput: EditInput? = nil, size: ImageSize? = nil, isDry: Bool = false
  ) throws {
    model.threads.apply()
    let registries = CommandContext.registries, processes = CommandContext.processes
    let path = output ?? defaultOutput, report = Report(report)
    let folder = try ModelFolder.read(model.path(), registries)
    let beside = try inputs.adapters(beside: folder, registries.adapters)
    try files.check([path] + [trace, animation.file].compactMap { $0 }, inputs: paths(beside.registry, editInput))
    let like = try sampling.like.map(StoredRecord.read)
    let seed = sampling.seeding.given?.value ?? like?.seed ?? 0
    if sampling.seeding.isDrawn { report.note("the seed is \(seed)") }
    // An image among many is made again by its number; the first of many is number 0.
    let number = sampling.number.map { $0 - 1 } ?? (sampling.count == 1 ? like?.number : nil) ?? 0
    let controls = try inputs.read(beside.registry, report, like: like)
    let loaded = try beside.laid(
      beside: Model.load(folder.path, registries, precision: weights.precision ?? like?.precision),
      note: report.note)
    let adapters = Set(inputs.controls.map(\.adapter))
    let fingerprints = Background { try loaded.fingerprints(adapters: adapters) }
    let pipeline = Pipeline(
      editInput == nil ? try loaded.sized(option: size ?? like?.size) : loaded, adapters: beside.registry)
    let edit = try editInput?.read(for: pipeline.model, limit: inputs.reading.limit, note: report.note)
    let overrides = try sampling.overrides(for: pipeline.model.layout)
    let preparedEdit = try edit.map {
      try pipeline.prepare($0.edit, controls.map(\.specification), fit: inputs.fit, seed: seed)
    }
    let prepared = try preparedEdit?.prepared ?? pipeline.prepare(controls.map(\.specification), fit: inputs.fit)
    let settings = overrides.applied(to: like?.settings ?? pipeline.model.sampling(for: prepared.active))
    for note in preparedEdit?.notes ?? prepared.notes { report.note(note) }
    let record = GenerationRecord(
      pipeline.model, weights: try fingerprints.value, seed: seed, settings: settings,
      controls: try controls.record(prepared.readings, pipeline.model),
      edit: edit?.parameters)
    let output = GenerationOutput(
      path: path, model: pipeline.model, record: record, count: sampling.count, elements: prepared.batch,
      firstNumber: number,
      labels: labels ? ImageLabels(prepared, controls, count: sampling.count, firstNumber: number, seed: seed) : nil)

    try files.check(output.written.all, inputs: paths(beside.registry, editInput))
    let animation = try animation.start(
      output, others: output.written.all + [path, trace].compactMap { $0 }, note: report.note)
    let clock = ContinuousClock()
    let start = clock.now
    let numbers = Array(repeating: number, count: prepared.batch)
    let run =
      try preparedEdit.map {
        try pipeline.start(
          $0, count: sampling.count, numbers: numbers, settings: settings, seed: seed, processes: processes,
          wantsLogits: traceLogits)
      }
      ?? pipeline.start(
        prepared, count: sampling.count, numbers: numbers, settings: settings, seed: seed, processes: processes,
        wantsLogits: traceLogits)
    if isDry {
      let estimate = try run.estimate()
      return try report.results(estimate.lines, json: estimate.json)
    }
    var trace = trace.map { Trace(path: $0, includesLogits: traceLogits) }
    let progress = ProgressLine(
      unit: "tokens", total: run.tokens, quiet: self.report.quiet || !processes.isFirst)
    defer { progress.finish() }
    var codes: [[Int]] = [], sheet: [Int: Image] = [:], written = 0
    while let event = try run.next() {
      switch event {
      case .step(let state):
        try Interruption.check(leaving: written == 0 ? "nothing was written" : "\(written) images were written")
        progress.update(done: state.tokensDone)
        trace?.record(state)
        if let previewEvery, (state.step.index + 1) % previewEvery == 0 {
          try output.writePreview(state, undecided: self.animation.undecided)
        }
        try animation?.record(state)
      case .image(let image):
        try output.write(image)
        written += 1
        if trace != nil { codes.append(image.codes) }
        let index = output.index(of: image)
        if index < OutputImages.maxOnSheet { sheet[index] = image.image }
      }
    }
    progress.finish()
    try animation?.finish()
    try trace?.write(codes: codes, parameters: record.json)
    processes.wait()
    guard processes.isFirst else { return }
    try output.writeSheet(atHand: sheet)
    let seconds = (clock.now - start).seconds
    try report.results(
      output.written.all + [animation?.written].compactMap { $0 },
      json: output.json(seconds: seconds, animation: animation?.written))
  }
}
