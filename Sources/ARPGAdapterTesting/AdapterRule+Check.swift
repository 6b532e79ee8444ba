import ARPG
import Foundation

extension AdapterRule {
  /// What became of a check that found no fault.
  public enum Outcome: Sendable, Equatable {
    /// The adapter keeps the rule.
    case kept
    /// The rule is none of this adapter's; why.
    case skipped(String)
  }

  /// Checks that an adapter keeps the rule. Where the rule is none of the adapter's, such as one of training where there is
  /// nothing to train, it says so on standard error, with the reason.
  ///
  /// - Parameters:
  ///   - adapter: the adapter.
  ///   - example: what it is checked with.
  /// - Throws: ``AdapterRuleError`` where the rule is broken, or the adapter does not take the example.
  @discardableResult
  public func check(
    _ adapter: some ControlAdapter, with example: AdapterExample = AdapterExample()
  ) async throws(AdapterRuleError) -> Outcome {
    let subject = AdapterSubject(self, adapter, example)
    do {
      try await check(subject)
      return .kept
    } catch let skip as NotApplicable {
      let line = "\(adapter.descriptor.name): rule \(number), \(self), is skipped: \(skip.reason)\n"
      try? FileHandle.standardError.write(contentsOf: Data(line.utf8))
      return .skipped(skip.reason)
    } catch let error as AdapterRuleError {
      throw error
    } catch {
      throw subject.unusable("the error '\(error)'", "that the adapter takes what it is checked with")
    }
  }

  private func check(_ subject: AdapterSubject) async throws {
    switch self {
    case .descriptor: try subject.checkDescriptor()
    case .options: try subject.checkOptions()
    case .kinds: try subject.checkKinds()
    case .inputs: try subject.checkInputs()
    case .preprocessing: try subject.checkPreprocessing()
    case .fit: try subject.checkFit()
    case .condition: try subject.checkCondition()
    case .batch: try subject.checkBatch()
    case .repeatability: try subject.checkRepeatability()
    case .nullPrefix: try subject.checkNullPrefix()
    case .off: try subject.checkOff()
    case .cancellation: try await subject.checkCancellation()
    case .randomNumbers: try subject.checkRandomNumbers()
    case .initialParameters: try subject.checkInitialParameters()
    case .initialFit: try subject.checkInitialFit()
    case .newAdapter: try subject.checkNewAdapter()
    case .gradients: try subject.checkGradients()
    case .weightsAlone: try subject.checkWeightsAlone()
    case .augmentation: try subject.checkAugmentation()
    case .storedControl: try subject.checkStoredControl()
    case .controlOfImage: try subject.checkControlOfImage()
    case .scoreDescriptions: try subject.checkScoreDescriptions()
    case .scoreValues: try subject.checkScoreValues()
    case .scorePurity: try subject.checkScorePurity()
    case .ownControl: try subject.checkOwnControl()
    }
  }
}

/// Thrown within the check of a rule that is none of the adapter's.
struct NotApplicable: Error {
  let reason: String

  init(_ reason: String) {
    self.reason = reason
  }
}
