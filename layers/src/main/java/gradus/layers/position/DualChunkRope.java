package gradus.layers.position;

import static gradus.error.ConfigException.require;

import gradus.tensor.Indices;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.mask.Query;
import gradus.tensor.op.Attention;
import gradus.tensor.op.Attention.Result;
import gradus.tensor.op.AttentionSettings;
import gradus.tensor.op.MergeAttention;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
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
public final class DualChunkRope extends Position {

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
    public Tensor attend(Tensor q, Tensor k, Tensor v, int heads, KeyMask mask) {
        int headDim = q.dim(2) / heads;
        int length = k.dim(1);
        int offset = length - q.dim(1); // the last query stands at the last key
        require(
                offset >= 0,
                "DualChunkRope: a query must stand at one of the keys; got %d queries for %d keys",
                q.dim(1),
                length);
        AttentionSettings settings =
                AttentionSettings.of(heads, mask).withScale(temperature(length) / Math.sqrt(headDim));
        Tensor keys = rope.rotate(k, headDim, positions(0, length, j -> j % chunks.size)); // (B, S, K·D)
        List<Result> parts = new ArrayList<>();
        for (Distance distance : Distance.values()) {
            if (distance.first * chunks.size >= length) {
                continue; // there are not so many chunks
            }
            Indices places = positions(offset, q.dim(1), i -> distance.position(i, chunks));
            Tensor rotated = rope.rotate(q, headDim, places); // (B, T, H·D)
            KeyMask seen = mask.and(query -> distance.see(query, chunks));
            parts.add(
                    Attention.withLogSum(rotated, keys, v, new AttentionSettings(heads, seen, settings.scale(), null)));
        }
        return parts.size() == 1
                ? parts.getFirst().out()
                : MergeAttention.apply(parts).out(); // (B, T, H·D)
    }

    /// Chunks begin where the sequence does.
    @Override
    public boolean worksBehindPadding() {
        return false;
    }

    private double temperature(int length) {
        double factor = original == 0 ? 1 : Math.max(1, 0.1 * Math.log((double) length / original) + 1);
        return factor * factor;
    }

    private static Indices positions(int offset, int count, IntUnaryOperator position) {
        return Indices.of(IntStream.range(offset, offset + count).map(position).toArray()); // (T)
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

        /// Where query i is taken to stand.
        int position(int i, Chunks chunks) {
            return switch (this) {
                case INTRA -> i % chunks.size;
                case SUCCESSIVE -> Math.min(chunks.size + i % chunks.size, chunks.trained - 1);
                case INTER -> chunks.trained - 1;
            };
        }

        /// The keys so far away.
        void see(Query query, Chunks chunks) {
            int own = query.position() / chunks.size * chunks.size; // where the query's chunk begins
            switch (this) {
                case INTRA -> query.sees(own, query.position() + 1);
                case SUCCESSIVE -> query.sees(Math.max(own - chunks.size, 0), own);
                case INTER -> query.sees(0, Math.max(own - chunks.size, 0));
            }
        }
    }
}
