package gradus.train.pretrained;

import gradus.layers.Layer;
import gradus.train.checkpoint.TensorSource;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// How Hugging Face's libraries describe a kind of model and name its tensors.
sealed interface PublishedModel permits PublishedGpt2, PublishedBert, PublishedLlama, PublishedScorer {

    /// Builds the model that a configuration describes, with weights by chance, after the tensors have been
    /// found to have the sizes it says: so that no file makes it allocate more than it holds.
    Layer build(ModelConfigJson config, PublishedTensors tensors);

    /// The same fields for a model.
    void describe(ObjectNode config);

    /// Where a tensor of the file belongs in the model, or null if the model has no use for it.
    String ownName(String fileName);

    /// What a tensor of the model is called in a file, or null if the file has no use for it.
    default String fileName(String ownName) {
        return ownName;
    }

    /// Whether a tensor of the model is stored transposed.
    default boolean transposed(String ownName) {
        return false;
    }

    /// Tensors of a file that must equal one of the model, because the model shares it.
    ///
    /// @return by the name in the file, the name in the model
    default Map<String, String> tied(TensorSource source) {
        return Map.of();
    }
}
