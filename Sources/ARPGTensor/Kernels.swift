import ARPGKernels
import COpenBLAS

/// The kernels of this machine.
@usableFromInline let kernels = arpg_best_kernels().pointee

/// The transforms of Winograd convolutions of this machine.
let winograd = arpg_best_winograd().pointee

/// The products with packed weights of this machine.
let packedKernels = arpg_best_packed().pointee

/// The kernels of pixels of this machine.
let pixelKernels = arpg_best_pixels().pointee

/// Products of matrices on OpenBLAS. Each runs on the calling thread; callers split the work, so that a result does not
/// depend on the number of threads.
enum BLAS {
  private static let singleThreaded: Void = openblas_set_num_threads(1)

  /// `c = alpha · op(a) · op(b) + beta · c`, row-major; `ld*` are the distances between rows.
  static func multiply(
    transposeA: Bool = false, transposeB: Bool = false, rows: Int, columns: Int, inner: Int, alpha: Float = 1,
    _ a: UnsafePointer<Float>, lda: Int, _ b: UnsafePointer<Float>, ldb: Int, beta: Float = 0,
    _ c: UnsafeMutablePointer<Float>, ldc: Int
  ) {
    _ = singleThreaded
    cblas_sgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
      blasint(rows), blasint(columns), blasint(inner), alpha, a, blasint(lda), b, blasint(ldb), beta, c, blasint(ldc))
  }
}
