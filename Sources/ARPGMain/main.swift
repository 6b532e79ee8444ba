import ARPG
import ARPGCommands
import ARPGDecoder
import ARPGTensor
import CannyControl
import ClassControl
import DepthControl
import Foundation
import LineartControl
import LlamaGenDecoder
import PaletteControl
import RandARDecoder
import SegmentationControl
import TextFeaturesControl

#if ARPG_MPI
  import ARPGMPI
  let processes: any ProcessGroup = MPIProcesses()
#else
  let processes: any ProcessGroup = SingleProcess()
#endif

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
exit(ARPGCommandLine(registries, processes: processes).run())
