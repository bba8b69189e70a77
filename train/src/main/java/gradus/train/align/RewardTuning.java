package gradus.train.align;

import static gradus.error.ConfigException.require;

import gradus.error.CheckpointMismatchException;
import gradus.error.ConfigException;
import gradus.layers.adapter.Quantization;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.RewardModel;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.finetune.OpenBase;
import gradus.train.finetune.Tuned;
import gradus.train.finetune.TuningMethod;
import gradus.train.pretrained.RewardFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;

/// Gives a base a head that scores texts, and trains all of it. The folder's `model` then holds it, see
/// [RewardFolder]. A head of the base that predicts tokens stays as it is and is not saved.
public record RewardTuning() implements TuningMethod {
    private static final String TOKEN_HEAD = "lm_head.weight";

    @Override
    public Scored on(LanguageModel base, Rng rng) {
        List<String> quantized = List.copyOf(Quantization.matrices(base).sequencedKeySet());
        require(
                quantized.isEmpty(),
                "rm: %s is quantised, and quantised weights cannot be trained; give a base that is not",
                quantized.isEmpty() ? "" : quantized.getFirst());
        try { // before training, and not after it
            RewardFolder.requirePublished(base);
        } catch (CheckpointMismatchException cannot) {
            throw new ConfigException("rm: a reward model over this base could not be saved: " + cannot.getMessage());
        }
        Tensor unused = base.namedParameters().get(TOKEN_HEAD);
        if (unused != null) {
            unused.freeze();
        }
        return new Scored(new RewardModel(base, rng.at("score")));
    }

    @Override
    public TuningMethod withNewTokens(int from, int to) {
        return this;
    }

    /// @param reward the base under its new head
    public record Scored(RewardModel reward) implements Tuned {
        @Override
        public LanguageModel model() {
            return reward.model();
        }

        @Override
        public SequencedMap<String, Tensor> trained() {
            SequencedMap<String, Tensor> trained = reward.namedParameters();
            trained.values().removeIf(parameter -> !parameter.requiresGrad());
            return trained;
        }

        @Override
        public long baseParameters() {
            return reward.model().parameterCount();
        }

        @Override
        public void save(Path folder, OpenBase base) {
            RewardFolder.save(
                    folder.resolve("model"),
                    reward,
                    base.saved().text().tokenizer(),
                    base.saved().generation());
        }
    }
}
