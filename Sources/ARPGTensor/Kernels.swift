import ARPGKernels

/// The kernels of this machine.
@usableFromInline let kernels = arpg_best_kernels().pointee

/// The transforms of Winograd convolutions of this machine.
let winograd = arpg_best_winograd().pointee

/// The products with packed weights of this machine.
let packedKernels = arpg_best_packed().pointee

/// The kernels of pixels of this machine.
let pixelKernels = arpg_best_pixels().pointee
