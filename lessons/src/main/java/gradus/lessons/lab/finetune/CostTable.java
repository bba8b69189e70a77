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
    private static final List<String> METHODS = List.of("full", "lora", "qlora");

    private final LanguageModel base;
    private final Map<String, Finding> measured;

    /// @param base     as it is trained, not quantised
    /// @param measured a finding of each method, by its name
    CostTable(LanguageModel base, Map<String, Finding> measured) {
        this.base = base;
        this.measured = measured;
    }

    /// By how much what was measured exceeds the formula, in per cent, by the names of the methods.
    Map<String, Double> deviations() {
        List<Long> formula = formula();
        Map<String, Double> deviations = new LinkedHashMap<>();
        for (int i = 0; i < METHODS.size(); i++) {
            Finding finding = measured.get(METHODS.get(i));
            if (finding != null) {
                deviations.put(METHODS.get(i), 100.0 * finding.memory() / formula.get(i) - 100);
            }
        }
        return deviations;
    }

    private List<Long> formula() {
        QLoraCost.Bytes wide = QLoraCost.Bytes.FLOAT32;
        return List.of(
                QLoraCost.full(base, wide).total(),
                QLoraCost.lora(base, Contender.RANK, wide).total(),
                QLoraCost.qlora(base, Contender.RANK, QuantConfig.NF4_DOUBLE, wide)
                        .total());
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
        Map<String, Double> deviations = deviations();
        text.append("| the base here, 32 bits, by formula |");
        formula().forEach(bytes -> text.append(String.format(Locale.ROOT, " %.3f MB |", bytes / 1e6)));
        text.append("\n| measured |");
        for (String method : METHODS) {
            Finding finding = measured.get(method);
            text.append(
                    finding == null
                            ? " |"
                            : String.format(
                                    Locale.ROOT,
                                    " %.3f MB (%+.1f %%) |",
                                    finding.memory() / 1e6,
                                    deviations.get(method)));
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
