// Whoever uses the core uses what it is made of: images, checkpoints, layers and tensors come with it.
@_exported import ARPGCheckpoints
@_exported import ARPGFiles
@_exported import ARPGImages
@_exported import ARPGLayers
@_exported import ARPGTensor
