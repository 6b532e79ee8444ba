import ARPG
import ARPGTensor

/// Where in the decoder values are dropped in training: after the embeddings of the first pass, every attention and every
/// feed-forward layer (ARPG, arXiv 2503.10568, appendix A).
enum DropoutSite {
  case embeddings
  case firstPassAttention(Int), firstPassFeedForward(Int)
  case secondPassAttention(Int), secondPassFeedForward(Int)

  var number: UInt32 {
    switch self {
    case .embeddings: 0
    case .firstPassAttention(let layer): 4 * UInt32(layer) + 1
    case .firstPassFeedForward(let layer): 4 * UInt32(layer) + 2
    case .secondPassAttention(let layer): 4 * UInt32(layer) + 3
    case .secondPassFeedForward(let layer): 4 * UInt32(layer) + 4
    }
  }
}

extension Tensor {
  func dropping(_ dropout: Dropout?, at site: DropoutSite) -> Tensor { dropping(dropout, at: site.number) }
}
