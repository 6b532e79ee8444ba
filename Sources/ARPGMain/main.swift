import ARPG
import ARPGBuiltIns
import ARPGCommands
import ARPGTensor
import Foundation

#if ARPG_MPI
  import ARPGMPI
  let processes: any ProcessGroup = MPIProcesses()
#else
  let processes: any ProcessGroup = SingleProcess()
#endif

exit(ARPGCommandLine(try Registries.builtIn(), processes: processes).run())
