package gradus.tensor.kernel;

/// Which two channels of a head of D make a pair that rotary embedding rotates. A checkpoint is bound to one
/// of them: the other ruins it without an error.
public enum RopePairs {
    /// Channels i and i + D/2, as in Hugging Face's checkpoints, GPT-NeoX and Qwen.
    HALVES,
    /// Channels 2i and 2i + 1, as in the paper, Meta's Llama files and GPT-J.
    NEIGHBOURS;

    /// Where the first channel of pair i stands.
    public int first(int i) {
        return this == HALVES ? i : 2 * i;
    }

    /// How far the second channel of a pair stands behind the first.
    public int apart(int headDim) {
        return this == HALVES ? headDim / 2 : 1;
    }
}
