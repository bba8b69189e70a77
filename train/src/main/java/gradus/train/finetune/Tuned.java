package gradus.train.finetune;

import gradus.layers.adapter.Adapters;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Tensor;
import gradus.train.optimizer.ParameterGroups;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;

/// A model that a [TuningMethod] has prepared: the base, and what is learnt beside or inside it.
public interface Tuned {

    /// The model that is trained and that generates.
    LanguageModel model();

    /// What is trained, by name.
    SequencedMap<String, Tensor> trained();

    /// What the method has done to the base, a line each, to be told.
    default List<String> notes() {
        return List.of();
    }

    /// The adapters whose [AdapterTuning#NAME] is learnt, or null if it is something else.
    default Adapters adapter() {
        return null;
    }

    /// How many numbers the base has.
    long baseParameters();

    /// The groups of what is trained that learn at different rates.
    default ParameterGroups groups() {
        return ParameterGroups.trained(trained());
    }

    /// How many numbers are trained.
    default long trainedParameters() {
        return trained().values().stream().mapToLong(Tensor::size).sum();
    }

    /// Writes what was learnt.
    ///
    /// @param folder to write into
    /// @param base   where the base is, which the files name
    void save(Path folder, OpenBase base);
}
