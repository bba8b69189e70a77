package gradus.lessons.lab.finetune;

import gradus.layers.adapter.QLoraCost;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.Llama;
import gradus.layers.model.config.LlamaConfig;
import gradus.tensor.quant.QuantConfig;
import gradus.tensor.random.Rng;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The memory of weights, gradients and optimiser: of published models by formula, and of the base here by
/// formula and as measured.
final class CostTable {
    private final LanguageModel base;
    private final Map<String, Finding> measured;

    /// @param base     as it is trained, not quantised
    /// @param measured a finding of each method, by its name
    CostTable(LanguageModel base, Map<String, Finding> measured) {
        this.base = base;
        this.measured = measured;
    }

    /// As Markdown.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "| r = %d on all linear layers | full | LoRA | QLoRA, nf4-double |%n|---|---|---|---|%n",
                Contender.RANK));
        published().forEach((name, config) -> {
            Llama model = new Llama(config, Rng.of(1)); // its weights are made when they are first needed: never
            QLoraCost.Bytes half = QLoraCost.Bytes.HALF;
            text.append(String.format(
                    Locale.ROOT,
                    "| %s, 16 bits and Adam in 32 | %.1f GB | %.1f GB | %.1f GB |%n",
                    name,
                    QLoraCost.full(model, half).total() / 1e9,
                    QLoraCost.lora(model, Contender.RANK, half).total() / 1e9,
                    QLoraCost.qlora(model, Contender.RANK, QuantConfig.NF4_DOUBLE, half)
                                    .total()
                            / 1e9));
        });
        QLoraCost.Bytes wide = QLoraCost.Bytes.FLOAT32;
        List<Long> formula = List.of(
                QLoraCost.full(base, wide).total(),
                QLoraCost.lora(base, Contender.RANK, wide).total(),
                QLoraCost.qlora(base, Contender.RANK, QuantConfig.NF4_DOUBLE, wide)
                        .total());
        text.append("| the base here, 32 bits, by formula |");
        formula.forEach(bytes -> text.append(String.format(Locale.ROOT, " %.3f MB |", bytes / 1e6)));
        text.append("\n| measured |");
        List<String> methods = List.of("full", "lora", "qlora");
        for (int i = 0; i < methods.size(); i++) {
            Finding finding = measured.get(methods.get(i));
            text.append(
                    finding == null
                            ? " |"
                            : String.format(
                                    Locale.ROOT,
                                    " %.3f MB (%+.1f %%) |",
                                    finding.memory() / 1e6,
                                    100.0 * finding.memory() / formula.get(i) - 100));
        }
        return text.append("\n").toString();
    }

    private static Map<String, LlamaConfig> published() {
        Map<String, LlamaConfig> published = new LinkedHashMap<>();
        published.put("Llama 2 7B", LlamaConfig.llama2Of7B());
        published.put("Llama 2 13B", LlamaConfig.llama2Of13B());
        published.put("Llama 2 70B", LlamaConfig.llama2Of70B());
        return published;
    }
}
