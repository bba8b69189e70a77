package gradus.train.pretrained.peft;

import gradus.error.CheckpointMismatchException;
import gradus.layers.adapter.Adapters;
import gradus.layers.adapter.Dora;
import gradus.layers.adapter.Lora;
import gradus.layers.adapter.LoraConfig;
import gradus.layers.adapter.Part;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// The parts of an adapter as changes of the base as it was before a start took anything from it: the only
/// base that other programs have.
public final class OriginalBase {
    private OriginalBase() {}

    /// The parts, by the names of their layers.
    ///
    /// @throws CheckpointMismatchException if a start has taken something from the base of a DoRA, whose change
    ///     then is none of a DoRA's
    public static SequencedMap<String, Part> parts(Adapters adapters, String name) {
        boolean taken =
                adapters.config(name) instanceof LoraConfig lora && lora.start().changesBase();
        SequencedMap<String, Part> parts = new LinkedHashMap<>();
        adapters.parts(name).forEach((layer, part) -> {
            if (taken && part instanceof Dora) {
                throw new CheckpointMismatchException(
                        "a DoRA that was started with PiSSA or OLoRA cannot be told as a DoRA of the original base;"
                                + " merge it, or start it with kaiming");
            }
            parts.put(layer, part instanceof Lora lora ? lora.forOriginalBase() : part);
        });
        return parts;
    }
}
