package gradus.lessons.lab.attention;

import gradus.error.ConfigException;
import gradus.error.ShapeException;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.AttentionChoice;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.random.Rng;
import gradus.train.run.Component;
import gradus.train.run.Components;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// The kinds of attention of this library, with the settings that `gradus components` shows for them. A new one in
/// [Components] is measured without a word here.
///
/// @param works    by name: of which a model of these sizes can be made
/// @param refusals of the others, in their own words
record AttentionKinds(SequencedMap<String, GptConfig> works, SequencedMap<String, String> refusals) {
    /// The one that the others are held against.
    static final String BASE = "mha";

    /// @param plain sizes and other parts of every model
    static AttentionKinds of(GptConfig plain) {
        SequencedMap<String, GptConfig> works = new LinkedHashMap<>();
        SequencedMap<String, String> refusals = new LinkedHashMap<>();
        for (Component component : Components.of("attention")) {
            GptConfig config = plain.withAttention((AttentionChoice) component.defaults());
            try {
                Gpt model = new Gpt(config, Rng.of(0)).eval();
                ForwardWork.of(model, plain.context());
                works.put(component.name(), config);
            } catch (ConfigException | ShapeException refused) {
                refusals.put(component.name(), refused.getMessage());
            }
        }
        return new AttentionKinds(works, refusals);
    }
}
