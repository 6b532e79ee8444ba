import ARPG
import ArgumentParser

/// `arpg grid --edges sketch.png --x guidance=1,3,5 ...`: a table of images over two settings.
struct GridCommand: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "grid",
      abstract: "Compare settings: a table of images over one or two of them.",
      discussion: """
        CONTROLS
        \(CommandContext.adapters.shorthandHelp(inputs: inputs))

        Each is short for --control NAME=INPUT; see `arpg help control`.

        AXES
        --x and --y take the name of a setting and its values:
          guidance=1,3,5       any option of sampling below
          seed=1,2,3           otherwise all images have the same
          strength=0.3,0.6,1   of all controls; so do from and to
          canny.low=50,100     an option of the controls of an adapter

        EXAMPLES
          arpg grid --edges sketch.jpg --x guidance=1,3,5 --y strength=0.3,0.6,1
          arpg grid --edges photo.jpg --x canny.low=50,100,200 -o edges.png
          arpg grid --class mug --x steps=8,16,64 --y seed=1,2,3 -o steps.png
        """)
  }

  /// The kinds of input whose adapters' shorthands the command takes.
  static let inputs = ControlCommand.inputs

  @Option(
    help: ArgumentHelp("The setting that differs from column to column.", valueName: "name=value,..."),
    transform: GridAxis.init(parsing:))
  var x: GridAxis?

  @Option(
    help: ArgumentHelp("The setting that differs from row to row.", valueName: "name=value,..."),
    transform: GridAxis.init(parsing:))
  var y: GridAxis?

  @OptionGroup var inputs: ControlOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The image to write, .png, .jpg or .webp; `-` is standard output.", valueName: "file"))
  var output = "grid.png"

  @OptionGroup var files: OutputOptions
  @OptionGroup var seeding: SeedOption
  @OptionGroup var drawing: DrawingOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var weights: PrecisionOption
  @OptionGroup var report: ReportOptions

  /// The most images of a table.
  private static let mostCells = 256

  func validate() throws {
    guard x != nil || y != nil else {
      throw ValidationError("no setting differs; give --x NAME=VALUE,VALUE or --y, for example --x guidance=1,3,5")
    }
    if let x, let y, x.name == y.name { throw ValidationError("--x and --y are both \(x.name); take another for one") }
    let columns = x?.values.count ?? 1, rows = y?.values.count ?? 1
    guard columns <= Self.mostCells, rows <= Self.mostCells, columns * rows <= Self.mostCells else {
      throw ValidationError(
        "\(columns) columns and \(rows) rows are more than \(Self.mostCells) images; leave out some")
    }
    try OutputImages.requireWritable(output, json: report.json)
    for cell in try cells() {
      for (control, given) in zip(cell.controls, inputs.controls) {
        let place = "--control \(control.adapter)=\(control.inputName)"
        try control.validate(in: place)
        // Others may come from files.
        guard let adapter = try? CommandContext.adapters.adapter(named: control.adapter) else { continue }
        let options = GivenOptions(control.options, for: adapter.descriptor)
        try options.check(for: adapter.descriptor)
        if let name = options.files.keys.first(where: { control.options[$0] != given.options[$0] }) {
          throw ValidationError("\(place): \(name) is a file and the same for all images; expected another key")
        }
      }
    }
  }

  /// All images of the table, row by row.
  private func cells() throws -> [GridCell] {
    let columns = x?.values.map { (x, $0) } ?? [(nil, "")], rows = y?.values.map { (y, $0) } ?? [(nil, "")]
    return try rows.enumerated().flatMap { row, vertical in
      try columns.enumerated().map { column, horizontal in
        var cell = GridCell(
          row: row, column: column, overrides: [drawing.overrides], seed: seeding.seed, controls: inputs.controls)
        for (axis, value) in [vertical, horizontal] { try axis?.apply(value, to: &cell) }
        return cell
      }
    }
  }

  func run() throws {
    model.threads.apply()
    let registries = CommandContext.registries, report = Report(report)
    let folder = try ModelFolder.read(model.path(), registries)
    let beside = try inputs.adapters(beside: folder, registries.adapters)
    try files.check([output], inputs: inputs.paths(beside.registry))
    if seeding.isDrawn { report.note("the seed is \(seeding.seed)") }
    let controls = try inputs.read(beside.registry, report)
    let pipeline = Pipeline(
      try beside.laid(beside: Model.load(folder.path, registries, precision: weights.precision), note: report.note),
      adapters: beside.registry)
    let grid = try Grid(cells(), controls, on: pipeline, fit: inputs.fit)
    for note in grid.notes { report.note(note) }
    let clock = ContinuousClock(), start = clock.now
    let progress = ProgressLine(
      unit: "tokens", total: grid.cells.count * pipeline.model.layout.tokens, quiet: self.report.quiet)
    defer { progress.finish() }
    let images = try grid.images { done in
      try Interruption.check()
      progress.update(done: done)
    }
    progress.finish()
    let sheet = ContactSheet().table(of: images, columns: x?.headings ?? [""], rows: y?.headings ?? [""])
    var parameters = try grid.parameters(seed: seeding.seed, overrides: drawing.overrides)
    parameters["x"] = x?.json
    parameters["y"] = y?.json
    let all = JSONValue.object(parameters)
    try OutputImages.write(sheet, to: output, text: [("Software", "ARPG for Swift"), ("arpg", all.text)])
    let seconds = (clock.now - start).seconds
    try report.results(
      output == OutputImages.standardOutput ? [] : [output],
      json: .object([
        "sheet": .string(output), "cells": .array(grid.cellsAsJSON), "parameters": all,
        "seconds": .number((seconds * 1000).rounded() / 1000),
      ]))
  }
}

extension GridAxis {
  /// The axis as JSON.
  fileprivate var json: JSONValue {
    .object(["setting": .string(name), "values": .array(values.map(JSONValue.string))])
  }
}
