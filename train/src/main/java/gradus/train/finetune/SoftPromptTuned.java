package gradus.train.finetune;

import gradus.layers.model.LanguageModel;
import gradus.layers.model.prompt.SoftPrompted;
import gradus.tensor.Tensor;
import gradus.train.pretrained.peft.SoftPromptFolder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// A model with a soft prompt that is trained. The folder then holds its rows as Hugging Face's peft has them.
///
/// @param prompted the base and the prompt
record SoftPromptTuned(SoftPrompted prompted) implements Tuned {

    @Override
    public LanguageModel model() {
        return prompted;
    }

    @Override
    public SequencedMap<String, Tensor> trained() {
        SequencedMap<String, Tensor> trained = new LinkedHashMap<>(prompted.namedParameters());
        trained.values().removeIf(parameter -> !parameter.requiresGrad());
        return trained;
    }

    @Override
    public long baseParameters() {
        return prompted.base().parameterCount();
    }

    @Override
    public void save(Path folder, OpenBase base) {
        SoftPromptFolder.save(folder, prompted, base.path().toString());
    }
}
