package gradus.tensor.kernel;

import gradus.tensor.memory.Buffer;

/// Where the heads of a query, key or value projection lie: head h at position t of sequence b is the D
/// elements from `offset + b·batchStride + t·stride + h·D`. So q, k and v can share one (B, T, 3·H·D)
/// projection, cached keys can be the beginning of a longer block, and nothing is copied.
public record Heads(Buffer buffer, int offset, int stride, int batchStride) {}
