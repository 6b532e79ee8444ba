extension Pipeline {
  /// Checks before long work that the model's decoder takes some settings.
  ///
  /// - Throws: ``SamplingError`` for a value out of its range, or a schedule or number of steps that it does not have.
  public func check(_ settings: SamplingSettings) throws(SamplingError) {
    try settings.validate()
    let schedule = try type(of: model.decoder).schedule(named: settings.schedule)
    _ = try schedule.stepSizes(tokens: model.layout.tokens, steps: settings.steps)
  }
}
