package gradus.train.pretrained;

import gradus.layers.Layer;
import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;

/// What Hugging Face's libraries call the layers and parameters of a model, for files that hold only some of
/// them.
public final class PublishedNames {
    private static final String WEIGHT = ".weight";

    private final PublishedModel model;
    private final boolean gpt2;
    private final boolean decoder;

    private PublishedNames(PublishedModel model, Layer layer) {
        this.model = model;
        this.gpt2 = layer instanceof Gpt;
        this.decoder = layer instanceof LanguageModel;
    }

    /// @throws gradus.error.CheckpointMismatchException if it is no published kind of model; see [Composed]
    public static PublishedNames of(Layer model) {
        return new PublishedNames(HuggingFaceFolder.published(model), model);
    }

    /// Their name for a layer: `h.0.attn` of a GPT-2 is `transformer.h.0.attn`.
    public String module(String ownLayer) {
        if (ownLayer.isEmpty()) {
            return ownLayer;
        }
        String name = model.fileName(ownLayer + WEIGHT);
        return name.substring(0, name.length() - WEIGHT.length());
    }

    /// Their name for a parameter.
    public String parameter(String own) {
        return model.fileName(own);
    }

    /// Whether they store a matrix the other way round, (in, out), as GPT-2's `Conv1D` does.
    public boolean transposed(String own) {
        return model.transposed(own);
    }

    /// Whether the model's matrices are of that kind.
    public boolean isConv1d() {
        return gpt2;
    }

    /// Whether the model predicts the next token.
    public boolean isDecoder() {
        return decoder;
    }
}
