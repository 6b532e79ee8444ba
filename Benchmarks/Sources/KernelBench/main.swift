import ARPGKernels
import CBLASPeer
import Foundation

// Prints how fast the linear kernel is at every level, against single-threaded OpenBLAS in the same run.
//
// Weights come from a pool larger than the cache, another matrix every time, as they do when a model runs.
let pool = WeightPool(count: 64 << 20)
let sizes = [(1024, 1024), (1024, 2816), (2816, 1024), (1024, 16384), (192, 512), (512, 192), (512, 512), (512, 1024)]
let rowCounts = [1, 2, 4, 8, 16, 64]

openblas_set_num_threads(1)
let peer = Contender(name: "OpenBLAS") { problem, weight in
  guard problem.rows > 1 else {
    return cblas_sgemv(
      CblasRowMajor, CblasNoTrans, blasint(problem.outputs), blasint(problem.inputs), 1, weight,
      blasint(problem.inputs), problem.x, 1, 0, problem.y, 1)
  }
  cblas_sgemm(
    CblasRowMajor, CblasNoTrans, CblasTrans, blasint(problem.rows), blasint(problem.outputs), blasint(problem.inputs),
    1, problem.x, blasint(problem.inputs), weight, blasint(problem.inputs), 0, problem.y, blasint(problem.outputs))
}
let levels = [
  ("scalar", ARPG_SIMD_SCALAR), ("AVX2", ARPG_SIMD_AVX2), ("AVX-512", ARPG_SIMD_AVX512), ("NEON", ARPG_SIMD_NEON),
]
let contenders: [Contender] = levels.compactMap { name, level in
  arpg_kernels_at(level).map { kernels in
    Contender(name: name, isSlow: level == ARPG_SIMD_SCALAR) { problem, weight in
      kernels.pointee.linear(
        problem.x, problem.inputs, weight, problem.y, problem.outputs, problem.rows, problem.outputs, problem.inputs)
    }
  }
}

print("linear on one thread of \(Machine.processor), float32; the peer is single-threaded \(Machine.openBLAS),")
print("sgemv for one row and sgemm for more.")
print("Reading memory in order: \(pool.readingRate().formatted(digits: 1)) GB/s")
print("Each cell: GB/s of weights, GFLOP/s, and how many times as fast as the peer.\n")
print("| inputs | outputs | rows | \(([peer] + contenders).map(\.name).joined(separator: " | ")) |")
print("|" + String(repeating: "--:|", count: 4 + contenders.count))
for (inputs, outputs) in sizes {
  for rows in rowCounts {
    let problem = Problem(rows: rows, inputs: inputs, outputs: outputs)
    let base = peer.seconds(problem, pool)
    let cells = [problem.cell(base, base: nil)] + contenders.map { problem.cell($0.seconds(problem, pool), base: base) }
    print("| \(inputs) | \(outputs) | \(rows) | \(cells.joined(separator: " | ")) |")
  }
}
