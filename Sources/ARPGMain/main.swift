import ARPG
import ARPGCommands
import CannyControl
import ClassControl
import DepthControl

var registry = AdapterRegistry()
try ClassControl.register(in: &registry)
try CannyControl.register(in: &registry)
try DepthControl.register(in: &registry)
ARPGCommandLine.main(registry)
