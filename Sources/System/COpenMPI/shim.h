// Open MPI names its communicators and types by macros that Swift does not see.
#include <mpi.h>

static inline int arpg_mpi_start(void) {
  int provided;
  return MPI_Init_thread(0, 0, MPI_THREAD_FUNNELED, &provided);
}

static inline int arpg_mpi_rank(void) {
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  return rank;
}

static inline int arpg_mpi_count(void) {
  int count = 1;
  MPI_Comm_size(MPI_COMM_WORLD, &count);
  return count;
}

static inline int arpg_mpi_sum(float *values, int count) {
  return MPI_Allreduce(MPI_IN_PLACE, values, count, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
}

static inline int arpg_mpi_wait(void) { return MPI_Barrier(MPI_COMM_WORLD); }
static inline int arpg_mpi_abort(int code) { return MPI_Abort(MPI_COMM_WORLD, code); }
static inline int arpg_mpi_finish(void) { return MPI_Finalize(); }
