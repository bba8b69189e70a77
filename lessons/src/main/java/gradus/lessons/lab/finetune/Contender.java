package gradus.lessons.lab.finetune;

import gradus.layers.adapter.Ia3Config;
import gradus.layers.adapter.LoraConfig;
import gradus.layers.adapter.Targets;
import gradus.train.finetune.AdapterTuning;
import gradus.train.finetune.FullTuning;
import gradus.train.finetune.TuningMethod;
import java.util.List;
import java.util.function.Supplier;

/// A way of fine-tuning that takes part, and the three learning rates that it may choose from. These are its own:
/// what is good for all weights is too little for an adapter, and by far too little for a prompt.
///
/// @param name   in the table
/// @param method makes it anew
/// @param rates  learning rates, rising
record Contender(String name, Supplier<TuningMethod> method, List<Double> rates) {
    private static final int RANK = 8;
    private static final Targets ATTENTION = Targets.named(List.of("q_proj", "k_proj", "v_proj", "o_proj"));

    static final List<Contender> ALL = List.of(
            new Contender("full", FullTuning::new, List.of(3e-4, 1e-3, 3e-3)),
            lora("lora", LoraConfig.of(Targets.allLinear())),
            lora("lora-attention", LoraConfig.of(ATTENTION)),
            lora("dora", LoraConfig.of(Targets.allLinear()).withDora(true)),
            new Contender(
                    "ia3",
                    () -> new AdapterTuning(
                            new Ia3Config(
                                    Targets.named(List.of("k_proj", "v_proj", "down_proj")),
                                    List.of("down_proj"),
                                    List.of()),
                            1),
                    List.of(1e-2, 3e-2, 1e-1)));

    private static Contender lora(String name, LoraConfig config) {
        return new Contender(
                name, () -> new AdapterTuning(config.withR(RANK).withAlpha(2.0 * RANK), 1), List.of(1e-3, 3e-3, 1e-2));
    }

    static Contender named(String name) {
        return ALL.stream().filter(each -> each.name.equals(name)).findFirst().orElseThrow();
    }
}
