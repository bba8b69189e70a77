package gradus.train.finetune;

import gradus.layers.adapter.AdapterConfig;
import gradus.layers.adapter.Adapters;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Rng;
import gradus.tensor.Tensor;
import gradus.train.optimizer.LoraPlus;
import gradus.train.optimizer.ParameterGroups;
import gradus.train.pretrained.peft.PeftFolder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// Trains an adapter and nothing of the base. The folder then holds it as Hugging Face's peft has it.
///
/// @param ratio of [LoraPlus], 1 for the same rate everywhere
public record AdapterTuning(AdapterConfig config, double ratio) implements TuningMethod {
    /// The adapter's name.
    public static final String NAME = "default";

    @Override
    public Tuned on(LanguageModel base, Rng rng) {
        long parameters = base.parameterCount();
        Adapters adapters = PeftFolder.prepare(base);
        adapters.add(NAME, config, rng);
        return new WithAdapter(base, adapters, parameters, ratio);
    }

    private record WithAdapter(LanguageModel model, Adapters adapters, long baseParameters, double ratio)
            implements Tuned {
        @Override
        public SequencedMap<String, Tensor> trained() {
            SequencedMap<String, Tensor> trained = new LinkedHashMap<>(model.namedParameters());
            trained.values().removeIf(parameter -> !parameter.requiresGrad());
            return trained;
        }

        @Override
        public long trainedParameters() {
            return adapters.parameterCount(NAME);
        }

        @Override
        public ParameterGroups groups() {
            return ratio == 1 ? Tuned.super.groups() : LoraPlus.groups(model.namedParameters(), ratio);
        }

        @Override
        public void save(Path folder, OpenBase base) {
            PeftFolder.save(folder, adapters, NAME, base.path().toString());
        }
    }
}
