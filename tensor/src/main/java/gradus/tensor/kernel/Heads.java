package gradus.tensor.kernel;

import gradus.tensor.memory.Buffer;

/// Where the heads of a query, key or value projection lie: head h at position t of sequence b is the D elements from
/// `offset + (b·T + t)·stride + h·D`. So q, k and v can share one (B, T, 3·H·D) projection and nothing is copied.
public record Heads(Buffer buffer, int offset, int stride) {}
