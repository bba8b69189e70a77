package gradus.layers.position;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Dual chunk attention: [Rope] over sequences longer than the c positions it was trained on, without
/// training. An et al. 2024, arXiv:2402.17463. The sequence is cut into chunks of s, and no distance grows
/// beyond c - 1:
///
/// - keys stand at `j mod s` always, so a cache of them never changes;
/// - a query looks at its own chunk from `i mod s` (intra: the true distance),
/// - at the chunk before from `min(s + i mod s, c - 1)` (successive: the true distance up to c - s keys back),
/// - and at all earlier ones from `c - 1` (inter: far, in the order of the places within their chunks).
///
/// Three attentions over disjoint keys are merged by the log-sum-exp of their logits into one softmax. They
/// cost together what one causal attention costs. Queries never see keys ahead, whatever the mask.
///
/// Qwen2 (arXiv:2407.10671) adds YaRN's temperature: from an original length L₀ on, logits of a sequence of
/// n are multiplied by `(0.1·ln(n/L₀) + 1)²`.
public final class DualChunkRope extends RotaryPosition {

    /// How a sequence is cut.
    ///
    /// @param size    s, positions of a chunk
    /// @param trained c, positions that the model was trained on, more than s
    public record Chunks(int size, int trained) {

        /// @throws gradus.error.ConfigException unless 1 ≤ size < trained
        public Chunks {
            require(size >= 1, "DualChunkRope: the chunk size must be at least 1; got %d", size);
            require(
                    trained > size,
                    "DualChunkRope: the trained length must be above the chunk size of %d; got %d",
                    size,
                    trained);
        }

        /// From Qwen2's `chunk_size` and `local_size`: chunks of the difference s, no distance above the former, nor
        /// above 2·s - 1, which is the furthest that a neighbouring chunk reaches.
        ///
        /// @throws gradus.error.ConfigException unless 0 ≤ localSize < chunkSize
        public static Chunks ofQwen2(int chunkSize, int localSize) {
            require(
                    localSize >= 0 && chunkSize > localSize && chunkSize <= Integer.MAX_VALUE / 2,
                    "DualChunkRope: the local size must be from 0 and below the chunk size; got %d of %d",
                    localSize,
                    chunkSize);
            int size = chunkSize - localSize;
            return new Chunks(size, Math.min(chunkSize, 2 * size - 1) + 1);
        }
    }

    private final Rope rope;
    private final Chunks chunks;
    private final int original; // L₀, or 0 for no temperature

    /// @throws gradus.error.ConfigException if the frequencies change with the length
    public DualChunkRope(RopeFrequencies frequencies, Chunks chunks) {
        this(frequencies, chunks, 0);
    }

    private DualChunkRope(RopeFrequencies frequencies, Chunks chunks, int original) {
        require(chunks != null, "DualChunkRope: chunks must be given; got null");
        this.rope = new Rope(frequencies);
        this.chunks = chunks;
        this.original = original;
        require(
                !frequencies.dependOnLength(),
                "DualChunkRope: frequencies must not change with the length, for positions never grow; got %s",
                frequencies);
    }

    /// How a sequence is cut.
    public Chunks chunks() {
        return chunks;
    }

    /// With Qwen2's temperature.
    ///
    /// @param original L₀, the length up to which logits stay as they are
    /// @throws gradus.error.ConfigException if it is below 1
    public DualChunkRope withTemperature(int original) {
        require(original >= 1, "DualChunkRope: the original length must be at least 1; got %d", original);
        return new DualChunkRope(rope.frequencies(), chunks, original);
    }

    @Override
    public Tensor rotate(Tensor x, int headDim, Indices positions) {
        return rope.rotate(x, headDim, positions); // (B, T, N·D)
    }

    /// By their places within the chunks.
    @Override
    public Tensor rotateKeys(Tensor k, int headDim, int first) {
        int[] places = IntStream.range(first, first + k.dim(1))
                .map(j -> j % chunks.size)
                .toArray();
        return rope.rotate(k, headDim, Indices.of(places)); // (B, T, K·D)
    }

    /// As many of the three as a sequence has chunks for.
    @Override
    public List<Part> parts(int length) {
        return Arrays.stream(Distance.values())
                .filter(distance -> distance == Distance.INTRA || distance.first * chunks.size < length)
                .map(distance -> (Part) new ChunkPart(distance, chunks))
                .toList();
    }

    @Override
    public double logitFactor(int length) {
        double factor = original == 0 ? 1 : Math.max(1, 0.1 * Math.log((double) length / original) + 1);
        return factor * factor;
    }

    /// With a temperature, which is that of the whole. (The authors' server leaves what it computed before as it
    /// is, which is near it.)
    @Override
    public boolean dependsOnLength() {
        return original > 0;
    }

    /// Chunks begin where the sequence does.
    @Override
    public boolean supportsLeftPadding() {
        return false;
    }

    /// How many chunks lie between a query and the keys it looks at.
    private enum Distance {
        INTRA(0),
        SUCCESSIVE(1),
        INTER(2);

        private final int first; // the least number of chunks back

        Distance(int first) {
            this.first = first;
        }
    }

    private record ChunkPart(Distance distance, Chunks chunks) implements Part {
        @Override
        public int place(int position) {
            return switch (distance) {
                case INTRA -> position % chunks.size;
                case SUCCESSIVE -> Math.min(chunks.size + position % chunks.size, chunks.trained - 1);
                case INTER -> chunks.trained - 1;
            };
        }

        @Override
        public int from(int position) {
            return switch (distance) {
                case INTRA -> begin(position);
                case SUCCESSIVE -> Math.max(begin(position) - chunks.size, 0);
                case INTER -> 0;
            };
        }

        @Override
        public int to(int position) {
            return switch (distance) {
                case INTRA -> position + 1;
                case SUCCESSIVE -> begin(position);
                case INTER -> Math.max(begin(position) - chunks.size, 0);
            };
        }

        /// Where the chunk of a position begins.
        private int begin(int position) {
            return position / chunks.size * chunks.size;
        }
    }
}
