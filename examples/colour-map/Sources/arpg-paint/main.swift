// The whole command line of ARPG, with one more adapter: arpg-paint control --edges mug.png --paint colours.png
import ARPG
import ARPGCommands
import CannyControl
import ClassControl
import ColourMapControl
import DepthControl

var registry = AdapterRegistry()
try ClassControl.register(in: &registry)
try CannyControl.register(in: &registry)
try DepthControl.register(in: &registry)
try registry.register(ColourMapControl())
ARPGCommandLine.main(registry)
