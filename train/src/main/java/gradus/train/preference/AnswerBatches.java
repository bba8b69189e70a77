package gradus.train.preference;

import static gradus.error.ConfigException.require;

import gradus.error.DataException;
import gradus.layers.model.LanguageModel;
import gradus.tensor.random.Rng;
import gradus.train.task.Examples;
import gradus.train.task.LanguageModelling.Sizes;
import gradus.train.task.Packing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Which pairs a step learns: in each epoch all of them, in a random order that depends on the seed alone.
final class AnswerBatches {
    private final Sizes sizes;
    private final Packing order;

    AnswerBatches(PreferencePairs pairs, Sizes sizes, Rng rng) {
        if (pairs.count() == 0) {
            throw new DataException("there is no pair of answers to learn from");
        }
        int[] ones = new int[pairs.count()];
        Arrays.fill(ones, 1);
        this.sizes = sizes;
        this.order = new Packing(ones, 1, false, rng);
    }

    /// The numbers of the pairs of each part of a step.
    List<int[]> step(int step) {
        List<int[]> parts = new ArrayList<>();
        for (int micro = 0; micro < sizes.accumulation(); micro++) {
            long first = ((long) step * sizes.accumulation() + micro) * sizes.batchSize();
            parts.add(Arrays.stream(order.rows(first, sizes.batchSize()))
                    .mapToInt(row -> row[0])
                    .toArray());
        }
        return parts;
    }

    /// The numbers 0 to count - 1 in their order, in batches.
    ///
    /// @param batches the first so many; 0 for all
    static List<int[]> inOrder(int count, int batchSize, int batches) {
        List<int[]> all = new ArrayList<>();
        for (int at = 0; at < count && (batches == 0 || all.size() < batches); at += batchSize) {
            all.add(IntStream.range(at, Math.min(count, at + batchSize)).toArray());
        }
        return all;
    }

    /// Throws unless a model can read every answer, with padding behind it that no token sees.
    static void requireFits(LanguageModel model, Examples... sides) {
        require(
                model.cacheable(),
                "%s: what a token sees depends on what follows it, so rows cannot be filled up",
                model.getClass().getSimpleName());
        for (Examples side : sides) {
            if (side.highestId() >= model.vocabSize()) {
                throw new DataException("tokens: token %s is outside the vocabulary 0..%s"
                        .formatted(side.highestId(), model.vocabSize() - 1));
            }
            for (int i = 0; i < side.count(); i++) {
                require(
                        side.length(i) <= model.context(),
                        "answer %d has %d tokens with its prompt, and the model's context is %d",
                        i + 1,
                        side.length(i),
                        model.context());
            }
        }
    }
}
