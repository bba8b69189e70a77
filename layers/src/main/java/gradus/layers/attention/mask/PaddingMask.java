package gradus.layers.attention.mask;

import static gradus.error.ConfigException.require;

import gradus.tensor.mask.KeyMask;
import gradus.tensor.mask.Query;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Hides the padding of sequences of unequal length: no query sees a padded key. Combine it with another
/// mask: `KeyMask.full().and(padding)` for BERT, `KeyMask.causal().and(padding)` for generation with padding
/// on the left. The result for a padded query that sees no keys is zero.
public final class PaddingMask implements KeyMask {
    private final int[][] ranges; // of each sequence: from, to, from, to, …
    private final int keys; // or -1 for any number

    private PaddingMask(int[][] ranges, int keys) {
        this.ranges = ranges;
        this.keys = keys;
    }

    /// Padding wherever a token is not valid, as in Hugging Face's `attention_mask`.
    ///
    /// **Shapes** valid (B, S)
    ///
    /// @throws gradus.error.ConfigException if the sequences differ in length
    public static PaddingMask of(boolean[][] valid) {
        require(valid != null && valid.length > 0, "PaddingMask: at least one sequence must be given");
        int keys = valid[0].length;
        int[][] ranges = new int[valid.length][];
        for (int b = 0; b < valid.length; b++) {
            boolean[] row = valid[b];
            require(row.length == keys, "PaddingMask: sequences must be equally long; got %d and %d", keys, row.length);
            ranges[b] = IntStream.rangeClosed(0, keys) // where validity changes
                    .filter(j -> (j > 0 && row[j - 1]) != (j < keys && row[j]))
                    .toArray();
        }
        return new PaddingMask(ranges, keys);
    }

    /// Padding behind sequences of these lengths.
    ///
    /// @throws gradus.error.ConfigException if a length is negative
    public static PaddingMask right(int... lengths) {
        requireCounts("lengths", lengths);
        return new PaddingMask(each(lengths, length -> new int[] {0, length}), -1);
    }

    /// A given number of padded places before each sequence, however long it grows.
    ///
    /// @throws gradus.error.ConfigException if a number is negative
    public static PaddingMask left(int... paddings) {
        requireCounts("paddings", paddings);
        return new PaddingMask(each(paddings, padding -> new int[] {padding, Integer.MAX_VALUE}), -1);
    }

    private static int[][] each(int[] numbers, java.util.function.IntFunction<int[]> range) {
        return Arrays.stream(numbers).mapToObj(range).toArray(int[][]::new);
    }

    private static void requireCounts(String what, int[] numbers) {
        require(
                numbers != null && numbers.length > 0 && Arrays.stream(numbers).allMatch(n -> n >= 0),
                "PaddingMask: %s must be one number of at least 0 for each sequence; got %s",
                what,
                Arrays.toString(numbers));
    }

    /// @throws gradus.error.ConfigException if the batch or the length is another than the mask's
    @Override
    public void see(Query query) {
        require(
                query.batch() == ranges.length && (keys < 0 || keys == query.keys()),
                "PaddingMask: the mask is for (%d, %s), sequences and keys; got (%d, %d)",
                ranges.length,
                keys < 0 ? "any" : keys,
                query.batch(),
                query.keys());
        int[] own = ranges[query.sequence()];
        for (int i = 0; i < own.length; i += 2) {
            query.sees(own[i], Math.min(own[i + 1], query.keys()));
        }
    }

    /// True where all padding stands before the sequences.
    @Override
    public boolean cacheable() {
        return keys < 0 && Arrays.stream(ranges).allMatch(own -> own[1] == Integer.MAX_VALUE);
    }

    @Override
    public boolean bySequence() {
        return true;
    }
}
