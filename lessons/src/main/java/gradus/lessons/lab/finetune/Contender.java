package gradus.lessons.lab.finetune;

import gradus.layers.adapter.Ia3Config;
import gradus.layers.adapter.LoraConfig;
import gradus.layers.adapter.Targets;
import gradus.tensor.quant.QuantConfig;
import gradus.train.finetune.AdapterTuning;
import gradus.train.finetune.FullTuning;
import gradus.train.finetune.PTuning;
import gradus.train.finetune.PrefixTuning;
import gradus.train.finetune.PromptStart;
import gradus.train.finetune.PromptTuning;
import gradus.train.finetune.TuningMethod;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// A way of fine-tuning that takes part, and the three learning rates that it may choose from. These are its
/// own: what is good for all weights is too little for an adapter, and by far too little for a prompt.
///
/// @param name   in the table
/// @param method makes it anew
/// @param rates  learning rates, rising
record Contender(String name, Supplier<TuningMethod> method, List<Double> rates) {
    static final int RANK = 8;
    private static final Set<String> ONLY_BY_NAME = Set.of("lora-r64", "lora-table"); // for the time they take
    private static final int SLOTS = 16;
    private static final Targets ATTENTION = Targets.named(List.of("q_proj", "k_proj", "v_proj", "o_proj"));

    static final List<Contender> ALL = List.of(
            new Contender("full", FullTuning::new, List.of(3e-4, 1e-3, 3e-3)),
            lora("lora", RANK, LoraConfig.of(Targets.allLinear()), null),
            lora("lora-attention", RANK, LoraConfig.of(ATTENTION), null),
            lora("dora", RANK, LoraConfig.of(Targets.allLinear()).withDora(true), null),
            lora("qlora", RANK, LoraConfig.of(Targets.allLinear()), QuantConfig.NF4_DOUBLE),
            new Contender("ia3", Contender::ia3, List.of(1e-1, 3e-1, 1.0)),
            new Contender(
                    "prefix", () -> new PrefixTuning(SLOTS, new PromptStart.Vocabulary()), List.of(1e-1, 3e-1, 1.0)),
            new Contender("ptuning", () -> new PTuning(SLOTS, PTuning.Encoder.MLP, 0), List.of(1e-2, 3e-2, 1e-1)),
            new Contender(
                    "prompt", () -> new PromptTuning(SLOTS, new PromptStart.Vocabulary()), List.of(3e-3, 1e-2, 3e-2)),
            lora("lora-r64", 64, LoraConfig.of(Targets.allLinear()), null).withRates(1e-3, 3e-3, 1e-2),
            lora("lora-table", RANK, LoraConfig.of(Targets.allLinear()).withModulesToSave("embed_tokens"), null)
                    .withRates(1e-3, 3e-3, 1e-2));

    private static TuningMethod ia3() {
        Targets targets = Targets.named(List.of("k_proj", "v_proj", "down_proj"));
        return new AdapterTuning(new Ia3Config(targets, List.of("down_proj"), List.of()), 1);
    }

    private static Contender lora(String name, int rank, LoraConfig config, QuantConfig quantize) {
        LoraConfig sized = config.withR(rank).withAlpha(2.0 * rank);
        return new Contender(name, () -> new AdapterTuning(sized, 1, quantize), List.of(3e-3, 1e-2, 3e-2));
    }

    /// Whether it takes part where no methods are named.
    boolean usual() {
        return !ONLY_BY_NAME.contains(name);
    }

    private Contender withRates(Double... rates) {
        return new Contender(name, method, List.of(rates));
    }

    static Contender named(String name) {
        return ALL.stream().filter(each -> each.name.equals(name)).findFirst().orElseThrow();
    }
}
