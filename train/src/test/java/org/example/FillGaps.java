package org.example;

import gradus.layers.Layer;
import gradus.layers.model.BertMaskedLm;
import gradus.layers.model.config.BertConfig;
import gradus.tensor.Autograd;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.op.CrossEntropy;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.task.Task;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/// Masked language modelling of an endless row 1, 2, 3, 4, 5, 1, 2, …: a third of the tokens is hidden behind token 0.
final class FillGaps implements Task {
    private static final int TIME = 10;

    private final BertMaskedLm bert = new BertMaskedLm(
            BertConfig.miniLm()
                    .withVocabSize(6)
                    .withContext(TIME)
                    .withLayers(1)
                    .withDim(24)
                    .withHidden(48),
            Rng.of(5));
    private final Tensor seen = Tensor.scalar(0).keep();

    @Override
    public Layer model() {
        return bert;
    }

    private record Gaps(FillGaps task, Indices ids, Indices targets) implements Part {
        @Override
        public long counted() {
            return Arrays.stream(targets.values())
                    .filter(target -> target != CrossEntropy.IGNORE_INDEX)
                    .count();
        }

        @Override
        public long tokens() {
            return ids.size();
        }

        @Override
        public Tensor loss() {
            Indices segments = Indices.of(ids.shape(), new int[ids.size()]);
            Tensor logits = task.bert.forward(ids, segments, KeyMask.full()); // (B, T, V)
            return logits.crossEntropy(targets, CrossEntropy.IGNORE_INDEX, 0);
        }
    }

    @Override
    public List<Gaps> parts(int step) {
        seen.set(seen.item() + 4);
        return List.of(gaps(Rng.of(6).at(step)));
    }

    private Gaps gaps(Rng rng) {
        int[] ids = new int[4 * TIME];
        int[] targets = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            int token = 1 + i % 5;
            boolean hidden = rng.at("hidden").index(i, 3) == 0 || i == 0;
            ids[i] = hidden ? 0 : token;
            targets[i] = hidden ? token : CrossEntropy.IGNORE_INDEX;
        }
        Shape shape = Shape.of(4, TIME);
        return new Gaps(this, Indices.of(shape, ids), Indices.of(shape, targets));
    }

    @Override
    public OptionalDouble evaluate(int batches) {
        bert.eval();
        try (var pause = Autograd.noGrad()) {
            return OptionalDouble.of(gaps(Rng.of(7)).loss().item());
        } finally {
            bert.train();
        }
    }

    @Override
    public String fingerprint() {
        return "1 to 5";
    }

    @Override
    public SequencedMap<String, Tensor> state() {
        SequencedMap<String, Tensor> state = new LinkedHashMap<>();
        state.put("seen", seen);
        return state;
    }

    /// How many rows have been drawn.
    int seen() {
        return (int) seen.item();
    }
}
