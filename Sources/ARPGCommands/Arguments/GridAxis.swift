import ARPG
import ArgumentParser

/// `NAME=VALUE,VALUE...`: a setting and the values that it has along a side of a table of images.
struct GridAxis: Equatable {
  /// A setting of sampling, `seed`, `strength`, `from` or `to` of all controls, or `ADAPTER.KEY` of some.
  let name: String
  private(set) var values: [String]

  /// Reads the text; seeds are drawn where they are to be random.
  ///
  /// - Throws: `ValidationError` where it has no name or no value.
  init(parsing argument: String) throws {
    let pair = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    values = pair.count < 2 ? [] : pair[1].split(separator: ",", omittingEmptySubsequences: false).map(\.trimmed)
    name = pair.first.map(\.trimmed) ?? ""
    guard pair.count == 2, !name.isEmpty, values.allSatisfy({ !$0.isEmpty }) else {
      throw ValidationError("expected NAME=VALUE,VALUE..., for example guidance=1,3,5")
    }
    guard name == "seed" else { return }
    values = try values.map { value in
      guard let seed = Seed(argument: value) else {
        throw ValidationError("'\(value)' is no seed; expected a whole number or random")
      }
      return seed.description
    }
  }

  /// What stands beside the images that have a value.
  var headings: [String] { values.map { "\(name) \($0)" } }

  /// Gives the setting one of its values in a cell.
  ///
  /// - Throws: `ValidationError` where there is no such setting, or it does not take the value.
  func apply(_ value: String, to cell: inout GridCell) throws {
    let place = "'\(name)=\(value)'"
    let path = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    if name == "seed" {
      cell.seed = UInt64(value) ?? 0
    } else if path.count == 2 {
      guard cell.controls.contains(where: { $0.adapter == path[0] }) else {
        let names = cell.controls.map(\.adapter)
        throw ValidationError(
          "\(place): no control '\(path[0])' is given; "
            + (names.isEmpty ? "there is none" : "expected \(names.joined(separator: " or "))"))
      }
      guard path[1] != "region" else {
        throw ValidationError("\(place): a region is the same for all images; expected another key of \(path[0])")
      }
      for index in cell.controls.indices where cell.controls[index].adapter == path[0] {
        try cell.controls[index].set("\(path[1])=\(value)"[...], in: place)
      }
    } else if ["strength", "from", "to"].contains(name) {
      guard !cell.controls.isEmpty else { throw ValidationError("\(place): no control is given that has a \(name)") }
      for index in cell.controls.indices { try cell.controls[index].set("\(name)=\(value)"[...], in: place) }
    } else {
      do {
        cell.overrides.append(try DrawingOptions.parse(["--\(name)=\(value)"]).overrides)
      } catch {
        let reason = DrawingOptions.message(for: error).split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        guard reason.hasPrefix("Unknown option") || DrawingOptions.exitCode(for: error).isSuccess else {
          throw ValidationError("\(place): \(reason)")
        }
        let suggestion = reason.range(of: "Did you mean '--").map {
          " (did you mean '\(reason[$0.upperBound...].dropLast(2))'?)"
        }
        throw ValidationError(
          "\(place): there is no such setting\(suggestion ?? ""); expected an option of sampling, seed, strength, from, to, "
            + "or ADAPTER.KEY of a control")
      }
    }
  }
}

/// An image of a table: what differs from the others.
struct GridCell {
  let row, column: Int
  /// Settings of sampling, the later over the earlier.
  var overrides: [SamplingOverrides]
  var seed: UInt64
  var controls: [ControlArgument]

  /// The settings over those that the model suggests.
  func settings(over suggested: SamplingSettings) -> SamplingSettings {
    overrides.reduce(suggested) { $1.applied(to: $0) }
  }
}

extension Substring {
  /// Without spaces at either end.
  fileprivate var trimmed: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
