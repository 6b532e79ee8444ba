import ARPG
import ARPGCommands
import ARPGTensor
import CannyControl
import ClassControl
import DepthControl

#if ARPG_MPI
  import ARPGMPI
  let processes: any ProcessGroup = MPIProcesses()
#else
  let processes: any ProcessGroup = SingleProcess()
#endif

var registry = AdapterRegistry()
try ClassControl.register(in: &registry)
try CannyControl.register(in: &registry)
try DepthControl.register(in: &registry)
ARPGCommandLine.main(registry, processes: processes)
