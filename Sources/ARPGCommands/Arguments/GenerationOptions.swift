import ARPG
import ARPGImageFiles
import ArgumentParser

/// The options of the commands that generate pictures.
struct GenerationOptions: ParsableArguments {
  @Option(
    name: .customLong("control"),
    help: ArgumentHelp(
      "A control and its input; repeatable.", valueName: "name=input[,key=value...]"),
    transform: ControlArgument.init(parsing:))
  var controls: [ControlArgument] = []

  @Option(name: .shortAndLong, help: ArgumentHelp("The picture to write, .png or .jpg.", valueName: "file"))
  var output: String?

  @Option(help: ArgumentHelp("Write the picture so far every n steps, beside the output.", valueName: "n"))
  var previewEvery: Int?

  @Option(help: ArgumentHelp("Write order, step sizes and codes to a safetensors file.", valueName: "file"))
  var trace: String?

  @Flag(help: "Add the logits of every step to the trace.")
  var traceLogits = false

  @OptionGroup var sampling: SamplingOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    if let previewEvery, previewEvery < 1 {
      throw ValidationError("--preview-every is \(previewEvery); it takes 1 or more")
    }
    if CommandContext.processes.count > 1, trace != nil || previewEvery != nil {
      throw ValidationError("--trace and --preview-every take a single process")
    }
    if traceLogits, trace == nil { throw ValidationError("--trace-logits needs --trace FILE to write to") }
    if let output { try ImageFile.requireWritable(output) }
  }

  /// Reads the controls' inputs.
  func specifications(_ registry: AdapterRegistry) throws -> [ControlSpecification] {
    try controls.map { control in
      let descriptor = try registry.adapter(named: control.adapter).descriptor
      _ = try OptionValues(control.options, for: descriptor)
      return ControlSpecification(
        control.adapter,
        descriptor.input == .image ? .image(try ImageFile.read(control.input)) : .text(control.input),
        options: control.options, strength: control.strength, window: control.from..<control.to,
        region: try control.region.map { try ImageFile.read($0) })
    }
  }

  /// Generates the pictures and writes all that was asked for.
  func run(defaultOutput: String) throws {
    model.threads.apply()
    let registry = CommandContext.registry
    let specifications = try specifications(registry)
    let pipeline = Pipeline(try Model.load(model.path()), adapters: registry)
    let prepared = try pipeline.prepare(specifications)
    let settings = sampling.overrides.applied(to: pipeline.model.sampling(for: prepared.active))
    try settings.validate()
    let report = Report(report)
    for input in prepared.inputs where specifications.count > 0 {
      for note in input.controls.compactMap(\.note) { report.note("\(input.adapter): \(note)") }
    }
    let output = GenerationOutput(
      path: output ?? defaultOutput, seed: sampling.seed, settings: settings, controls: controls,
      model: pipeline.model, count: sampling.count, elements: prepared.batch)

    let clock = ContinuousClock()
    let start = clock.now
    let processes = CommandContext.processes
    var trace = trace.map { Trace(path: $0, includesLogits: traceLogits) }
    let pictures = processes.share(of: prepared.batch * sampling.count).count
    let progress = ProgressLine(
      unit: "tokens", total: pictures * pipeline.model.decoder.configuration.tokens,
      quiet: self.report.quiet || !processes.isFirst)
    defer { progress.finish() }
    var codes: [[Int]] = [], sheet: [Int: Image] = [:], written = 0
    try pipeline.generate(
      prepared, count: sampling.count, settings: settings, seed: sampling.seed, processes: processes
    ) { state in
      try Interruption.check(leaving: written == 0 ? "nothing was written" : "\(written) pictures were written")
      progress.update(done: state.tokensDone)
      trace?.record(state)
      if let previewEvery, (state.step.index + 1) % previewEvery == 0 { try output.writePreview(state) }
    } deliver: { picture in
      try output.write(picture)
      written += 1
      if trace != nil { codes.append(picture.codes) }
      let index = output.index(of: picture)
      if index < PictureFiles.mostOnSheet { sheet[index] = picture.image }
    }
    progress.finish()
    try trace?.write(codes: codes, parameters: output.parameters)
    processes.wait()
    guard processes.isFirst else { return }
    try output.writeSheet(atHand: sheet)
    let seconds = (clock.now - start).seconds
    try report.results(output.written.all, json: output.json(seconds: seconds))
  }
}
