package gradus.train.finetune;

import gradus.error.CheckpointMismatchException;
import gradus.error.ConfigException;
import gradus.layers.Embedding;
import gradus.layers.Layer;
import gradus.layers.Linear;
import gradus.layers.WeightKind;
import gradus.layers.adapter.Adapters;
import gradus.layers.adapter.TrainableTokens;
import gradus.layers.model.LanguageModel;
import gradus.tensor.random.Rng;
import gradus.train.pretrained.peft.PeftFolder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Tokens that an adapter has beyond those of its base, as of a chat template that the base never saw. peft's
/// `trainable_token_indices` tell of them and its file holds their rows, so a base need only become larger
/// before the adapter is opened, as transformers' `resize_token_embeddings` does: whatever the new rows of the
/// base are, the adapter's replace them.
///
/// @param from the first of them, which the base has not
/// @param to   one above the last; equal to `from` for none
record NewTokens(int from, int to) {

    /// Those of an adapter.
    ///
    /// @throws CheckpointMismatchException if some are left out, so that nobody knows their rows
    static NewTokens of(Layer base, Path adapter) {
        if (!(base instanceof LanguageModel model)) {
            return new NewTokens(0, 0);
        }
        int from = model.vocabSize();
        int to = from;
        for (List<Integer> tokens : PeftFolder.trainedTokens(adapter)) {
            int highest = tokens.stream().mapToInt(Integer::intValue).max().orElse(0);
            if (highest >= from && highest - from >= tokens.size()) { // so no number can ask for much memory
                throw missing(adapter, from, highest);
            }
            to = Math.max(to, highest + 1);
        }
        return new NewTokens(from, to);
    }

    /// The base with them; the base itself where there are none.
    ///
    /// @throws CheckpointMismatchException if it cannot have them
    Layer in(Layer base, Path adapter) {
        if (to == from) {
            return base;
        }
        try {
            return LargerVocabulary.of((LanguageModel) base, to, Rng.of(0));
        } catch (ConfigException cannot) {
            throw new CheckpointMismatchException(adapter + ": has tokens that the base lacks: " + cannot.getMessage());
        }
    }

    /// Makes sure that an opened adapter has rows for all of them.
    ///
    /// @throws CheckpointMismatchException if it has not
    void requireIn(Adapters adapters, Path adapter) {
        if (to == from) {
            return;
        }
        for (String table : tables((LanguageModel) adapters.model())) {
            int[] known = adapters.parts(AdapterTuning.NAME).get(table) instanceof TrainableTokens tokens
                    ? tokens.tokens()
                    : new int[0];
            int[] sorted = Arrays.stream(known).sorted().toArray();
            IntStream.range(from, to)
                    .filter(token -> Arrays.binarySearch(sorted, token) < 0)
                    .findFirst()
                    .ifPresent(token -> {
                        throw missing(adapter, token, table);
                    });
        }
    }

    private static CheckpointMismatchException missing(Path adapter, int token, Object of) {
        return new CheckpointMismatchException(
                "%s: is for another base: this one has no token %s, and the adapter no row for it (%s)"
                        .formatted(adapter, token, of));
    }

    /// The layers that have a row for each token: the table, and the head where it has a matrix of its own.
    static List<String> tables(LanguageModel model) {
        Stream<String> table =
                model.namedLayers(Embedding.class).sequencedKeySet().stream().limit(1);
        Stream<String> head = model.namedLayers(Linear.class).entrySet().stream()
                .filter(each -> each.getValue().weightKinds().get("weight") == WeightKind.TABLE)
                .map(Map.Entry::getKey);
        return Stream.concat(table, head).toList();
    }
}
