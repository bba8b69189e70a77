package gradus.train.cli.option;

import gradus.layers.adapter.LoraConfig;
import gradus.layers.adapter.LoraStart;
import gradus.layers.adapter.Targets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/// A LoRA's settings by peft's names.
public final class LoraOptions {
    @Option(
            names = "--r",
            paramLabel = "<n>",
            description = "the rank of a LoRA; default 8, but gradus align trains the whole model unless it is given")
    private Integer r;

    @Option(names = "--lora-alpha", paramLabel = "<n>", description = "the scale is this divided by r; default 8")
    private Double alpha;

    @Option(names = "--lora-dropout", paramLabel = "<p>", description = "dropout of the adapter's input; default 0")
    private Double dropout;

    @Option(
            names = "--target-modules",
            paramLabel = "<name>",
            split = ",",
            description = "the layers: ends of their names such as q_proj,v_proj, or all-linear (the default, but of"
                    + " longlora q_proj,k_proj,v_proj,o_proj), or one regular expression for the whole name, which"
                    + " contains a * or a |")
    private List<String> targets;

    @Option(
            names = "--exclude-modules",
            paramLabel = "<name>",
            split = ",",
            description = "not these, by the ends of their names")
    private List<String> excluded;

    @Option(
            names = "--layers-to-transform",
            paramLabel = "<n>",
            split = ",",
            description = "only in these blocks, counted from 0")
    private List<Integer> layers;

    @Option(names = "--use-rslora", description = "the scale is lora-alpha/√r")
    private boolean rslora;

    @Option(
            names = "--init-lora-weights",
            paramLabel = "<start>",
            description = "kaiming (the default), gaussian, olora or pissa")
    private LoraStart start;

    @Option(
            names = "--rank-pattern",
            paramLabel = "<regex>=<n>",
            split = ",",
            description = "other ranks for layers whose names end with what the regular expression matches")
    private Map<String, Integer> ranks;

    @Option(
            names = "--alpha-pattern",
            paramLabel = "<regex>=<n>",
            split = ",",
            description = "other values of lora-alpha, likewise")
    private Map<String, Double> alphas;

    @Option(
            names = "--trainable-token-indices",
            paramLabel = "<n>",
            split = ",",
            description = "tokens whose rows of the table of embeddings are trained too, by their ids")
    private List<Integer> tokens;

    @Option(
            names = "--loraplus-lr-ratio",
            paramLabel = "<n>",
            description = "the learning rate of B divided by that of A; default 1, 16 for LoRA+")
    private double ratio = 1;

    /// Whether the rank is given.
    public boolean hasRank() {
        return r != null;
    }

    /// Whether anything is given that only a LoRA has; the layers aside.
    public boolean isGiven() {
        return rslora
                || ratio != 1
                || Stream.of(r, alpha, dropout, start, ranks, alphas, tokens).anyMatch(Objects::nonNull);
    }

    /// Whether it is said which layers get an adapter.
    public boolean choosesLayers() {
        return Stream.of(targets, excluded, layers).anyMatch(Objects::nonNull);
    }

    /// The learning rate of B divided by that of A.
    public double ratio() {
        return ratio;
    }

    /// The settings.
    ///
    /// @param usual the layers where none are named
    /// @throws gradus.error.ConfigException if a number is out of range
    public LoraConfig config(Targets usual) {
        LoraConfig config = LoraConfig.of(targets(usual)).withRslora(rslora);
        config = r == null ? config : config.withR(r);
        config = alpha == null ? config : config.withAlpha(alpha);
        config = dropout == null ? config : config.withDropout(dropout);
        config = start == null ? config : config.withStart(start);
        config = ranks == null ? config : config.withRankPattern(new LinkedHashMap<>(ranks));
        config = alphas == null ? config : config.withAlphaPattern(new LinkedHashMap<>(alphas));
        return tokens == null ? config : config.withTrainableTokens(Map.of("", tokens));
    }

    /// The layers that get an adapter.
    ///
    /// @param usual where none are named
    public Targets targets(Targets usual) {
        Targets chosen;
        if (targets == null) {
            chosen = usual;
        } else if (targets.equals(List.of("all-linear"))) {
            chosen = Targets.allLinear();
        } else if (targets.stream().anyMatch(each -> each.contains("*") || each.contains("|"))) {
            chosen = Targets.matching(String.join(",", targets));
        } else {
            chosen = Targets.named(targets);
        }
        if (layers != null) {
            chosen = chosen.layers(layers.stream().mapToInt(Integer::intValue).toArray());
        }
        return excluded == null ? chosen : chosen.except(excluded.toArray(String[]::new));
    }
}
