package gradus.train.pretrained.peft;

import gradus.error.CheckpointMismatchException;
import gradus.layers.Embedding;
import gradus.layers.Layer;
import gradus.layers.adapter.Adapters;
import gradus.layers.adapter.LoraConfig;
import gradus.layers.model.Gpt;
import gradus.layers.model.RmsDecoder;
import gradus.layers.model.config.Head;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.train.checkpoint.Safetensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// The head of a model whose token table is its head too, where an adapter trains the table as a whole. Here
/// the table stays the head. In peft it does so with `ensure_weight_tying` only, and its file then holds the
/// table twice, under the head's name too; without, the head stays what the base's table was, and the same file
/// is another model.
///
/// @param table what the adapter trains
record TiedHead(Tensor table) {
    /// peft's key, where its file says that the head follows the table.
    static final String TYING = "ensure_weight_tying";

    /// What peft calls the head, behind its prefix.
    static final String NAME = "lm_head.weight";

    /// The head of an adapter, or null where it does not train a table that is the head.
    static TiedHead of(Adapters adapters, String name) {
        if (!(adapters.config(name) instanceof LoraConfig) || !tied(adapters.model())) {
            return null; // peft's IA³ knows no tying
        }
        String table =
                adapters.model().namedLayers(Embedding.class).sequencedKeySet().getFirst() + ".weight";
        Tensor trained = adapters.modules(name).get(table);
        return trained == null ? null : new TiedHead(trained);
    }

    private static boolean tied(Layer model) {
        return model instanceof Gpt gpt && gpt.config().head() == Head.TIED
                || model instanceof RmsDecoder decoder && decoder.config().tied();
    }

    /// Makes sure that a file means what is meant here. One of Gradus without the key, which has a manifest,
    /// does.
    ///
    /// @param head   of the adapter that is opened, or null
    /// @param follow whether the file says that the head follows; null if it says nothing
    /// @param key    the head's name in the file
    /// @throws CheckpointMismatchException if it means something else
    static void require(TiedHead head, Boolean follow, Safetensors source, String key, Path folder) {
        Path file = folder.resolve(PeftFolder.CONFIG);
        if (head == null) {
            if (Boolean.TRUE.equals(follow)) {
                throw new CheckpointMismatchException(file + ": " + TYING
                        + " is true, but no table that is the head too is trained as a whole: a head is not adapted"
                        + " together with its table");
            }
            return;
        }
        if (follow == null && Files.exists(folder.resolve(PeftFolder.MANIFEST))) {
            return;
        }
        if (!Boolean.TRUE.equals(follow)) {
            throw new CheckpointMismatchException(file
                    + ": trains the token table, which this base's head shares, and leaves the head as it was; here the"
                    + " head follows the table, as with " + TYING + " true");
        }
        if (!source.names().contains(key)) {
            throw new CheckpointMismatchException(
                    source.origin() + ": lacks " + key + ", which " + TYING + " asks for");
        }
        try (var scope = Scope.open()) {
            if (!Arrays.equals(source.read(key).toArray(), head.table.toArray())) {
                throw new CheckpointMismatchException(
                        source.origin() + ": " + key + " is not the token table, which the base ties to it");
            }
        }
    }
}
