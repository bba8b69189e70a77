package gradus.train.finetune;

import static gradus.error.ConfigException.require;

import gradus.layers.adapter.Quantization;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.pretrained.HuggingFaceFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;

/// Trains every parameter. The folder's `model` then holds the whole model as a Hugging Face folder.
public record FullTuning() implements TuningMethod {

    @Override
    public Tuned on(LanguageModel base, Rng rng) {
        List<String> quantized = List.copyOf(Quantization.matrices(base).sequencedKeySet());
        require(
                quantized.isEmpty(),
                "full: %s is quantised, and quantised weights cannot be trained; train an adapter with --method qlora",
                quantized.isEmpty() ? "" : quantized.getFirst());
        HuggingFaceFolder.requirePublished(base); // before training, and not after it, says whether it can be saved
        return new Whole(base);
    }

    @Override
    public TuningMethod withNewTokens(int from, int to) {
        return this;
    }

    record Whole(LanguageModel model) implements Tuned {
        @Override
        public SequencedMap<String, Tensor> trained() {
            return model.namedParameters();
        }

        @Override
        public long baseParameters() {
            return model.parameterCount();
        }

        @Override
        public void save(Path folder, OpenBase base) {
            HuggingFaceFolder.save(
                    folder.resolve("model"),
                    model,
                    base.saved().text().tokenizer(),
                    base.saved().generation());
        }
    }
}
