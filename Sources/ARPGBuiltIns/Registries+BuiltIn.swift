import ARPG
import ARPGDecoder
import CannyControl
import ClassControl
import DepthControl
import LineartControl
import LlamaGenDecoder
import PaletteControl
import RandARDecoder
import SegmentationControl
import TextFeaturesControl

extension Registries {
  /// The decoder families and adapters of the package: what its programs have, and others may begin with.
  ///
  /// - Throws: ``/ARPG/RegistryError`` where two of them share a name.
  public static func builtIn() throws -> Registries {
    var registries = Registries()
    try TwoPassDecoder.register(in: &registries)
    try LlamaGenDecoder.register(in: &registries)
    try RandARDecoder.register(in: &registries)
    try ClassControl.register(in: &registries.adapters)
    try CannyControl.register(in: &registries.adapters)
    try DepthControl.register(in: &registries.adapters)
    try LineartControl.register(in: &registries.adapters)
    try SegmentationControl.register(in: &registries.adapters)
    try PaletteControl.register(in: &registries.adapters)
    try TextFeaturesControl.register(in: &registries.adapters)
    return registries
  }
}
