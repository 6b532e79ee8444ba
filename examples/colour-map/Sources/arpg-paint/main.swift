// The whole command line of ARPG, with one more adapter: arpg-paint control --edges mug.png --paint colours.png
import ARPG
import ARPGCommands
import ARPGDecoder
import CannyControl
import ClassControl
import ColourMapControl
import DepthControl
import Foundation

var registries = Registries()
try TwoPassDecoder.register(in: &registries)
try ClassControl.register(in: &registries.adapters)
try CannyControl.register(in: &registries.adapters)
try DepthControl.register(in: &registries.adapters)
try registries.adapters.register(ColourMapControl())
exit(ARPGCommandLine(registries, name: "arpg-paint").run())
