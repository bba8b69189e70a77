package gradus.bench;

import gradus.layers.attention.mask.PaddingMask;
import gradus.layers.model.BertEncoder;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;

/// Sentence embeddings here from padded batches, which the library itself never makes: it sorts by length.
final class PaddedSentences implements PaddedBatches.Encoder {
    private final BertEncoder encoder;

    PaddedSentences(BertEncoder encoder) {
        this.encoder = encoder;
        encoder.eval();
    }

    @Override
    public float[][] embed(PaddedBatches.Batch batch) {
        Shape shape = Shape.of(batch.texts(), batch.time());
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            KeyMask mask = KeyMask.full().and(PaddingMask.right(batch.lengths()));
            return batch.means(
                    encoder.forward(Indices.of(shape, batch.ids()), Indices.of(shape, batch.types()), mask) // (B, T, C)
                            .toFloatArray());
        }
    }
}
