package gradus.train.cli.option;

import gradus.error.ConfigException;
import gradus.error.UsageException;
import gradus.layers.adapter.AdapterConfig;
import gradus.layers.adapter.Ia3Config;
import gradus.layers.adapter.LoraConfig;
import gradus.layers.adapter.LoraStart;
import gradus.layers.adapter.Targets;
import gradus.tensor.quant.QuantConfig;
import gradus.train.finetune.AdapterTuning;
import gradus.train.finetune.FullTuning;
import gradus.train.finetune.LongLoraTuning;
import gradus.train.finetune.TuningMethod;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// An adapter's settings by peft's names.
public final class AdapterOptions {
    /// What is trained.
    public enum Method {
        FULL,
        LORA,
        QLORA,
        DORA,
        IA3,
        LONGLORA,
        PROMPT,
        PTUNING,
        PREFIX
    }

    @Option(
            names = "--method",
            paramLabel = "<method>",
            description = "full, lora (the default), qlora, dora, ia3, longlora, or a soft prompt: prompt, ptuning or"
                    + " prefix")
    private Method method = Method.LORA;

    @Mixin
    private SoftPromptOptions prompt = new SoftPromptOptions();

    @Option(
            names = "--context",
            paramLabel = "<n>",
            description = "of longlora: the new context, longer than the base's; its rotary positions are interpolated")
    private Integer context;

    @Option(
            names = "--group",
            paramLabel = "<n>",
            description = "of longlora: the group of shifted sparse attention while training, a divisor of the context;"
                    + " default a quarter of it")
    private Integer group;

    @Option(
            names = "--quantize",
            paramLabel = "<format>",
            converter = BaseFormat.class,
            completionCandidates = BaseFormats.class,
            description = "quantise the frozen base's linear layers first: nf4-double (4.127 bits a weight; the default"
                    + " of qlora), nf4 or q4_0 (4.5), or q8_0 (8.5); what is quantised already stays as it is")
    private QuantConfig quantize;

    @Option(names = "--r", paramLabel = "<n>", description = "the rank; default 8")
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
            names = "--modules-to-save",
            paramLabel = "<name>",
            split = ",",
            description = "layers that are trained as a whole, by the ends of their names")
    private List<String> modules = List.of();

    @Option(
            names = "--feedforward-modules",
            paramLabel = "<name>",
            split = ",",
            description = "of ia3: the targets whose inputs are scaled, not their outputs")
    private List<String> feedForward = List.of();

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

    /// Whether the whole model is trained.
    public boolean isFull() {
        return method == Method.FULL;
    }

    /// Whether a soft prompt is trained, which takes larger steps than matrices do.
    public boolean isPrompt() {
        return method == Method.PROMPT || method == Method.PTUNING || method == Method.PREFIX;
    }

    /// The method.
    ///
    /// @throws UsageException if options do not fit each other
    public TuningMethod method() {
        if (method != Method.LONGLORA && (context != null || group != null)) {
            throw new UsageException("--context and --group are for --method longlora");
        }
        if (isPrompt()) {
            requireNoMatrices();
            return prompt.method(method);
        }
        prompt.requireNone();
        AdapterConfig config = adapter();
        if (config == null) {
            return new FullTuning();
        }
        if (method == Method.LONGLORA) {
            return longLora((LoraConfig) config);
        }
        QuantConfig format = quantize == null && method == Method.QLORA ? QuantConfig.NF4_DOUBLE : quantize;
        return new AdapterTuning(config, ratio, format);
    }

    private TuningMethod longLora(LoraConfig config) {
        if (context == null) {
            throw new UsageException("--method longlora needs --context, the new one");
        }
        if (quantize != null) {
            throw new UsageException("--method longlora trains the table and the norms; leave out --quantize");
        }
        return group == null
                ? LongLoraTuning.of(config, context).withRatio(ratio)
                : new LongLoraTuning(config, context, group, true, true, ratio);
    }

    /// The adapter, or null to train everything.
    private AdapterConfig adapter() {
        boolean lora = method != Method.FULL && method != Method.IA3;
        boolean patterns = ranks != null || alphas != null || tokens != null;
        if (!lora
                && (r != null
                        || alpha != null
                        || dropout != null
                        || rslora
                        || start != null
                        || ratio != 1
                        || patterns)) {
            throw new UsageException(
                    "--r, --lora-alpha, --lora-dropout, --use-rslora, --init-lora-weights, --rank-pattern, --alpha-pattern,"
                            + " --trainable-token-indices and --loraplus-lr-ratio are for --method lora, qlora or dora");
        }
        if (method != Method.IA3 && !feedForward.isEmpty()) {
            throw new UsageException("--feedforward-modules is for --method ia3");
        }
        if (method == Method.FULL) {
            if (quantize != null) {
                throw new UsageException("--quantize is for a frozen base; --method full trains every weight");
            }
            if (targets != null || excluded != null || layers != null || !modules.isEmpty()) {
                throw new UsageException("--method full trains every layer; leave out which ones");
            }
            return null;
        }
        if (method == Method.IA3) {
            return new Ia3Config(chosen(), feedForward, modules);
        }
        LoraConfig config =
                LoraConfig.of(chosen()).withDora(method == Method.DORA).withRslora(rslora);
        config = r == null ? config : config.withR(r);
        config = alpha == null ? config : config.withAlpha(alpha);
        config = dropout == null ? config : config.withDropout(dropout);
        config = start == null ? config : config.withStart(start);
        config = ranks == null ? config : config.withRankPattern(new LinkedHashMap<>(ranks));
        config = alphas == null ? config : config.withAlphaPattern(new LinkedHashMap<>(alphas));
        config = tokens == null ? config : config.withTrainableTokens(Map.of("", tokens));
        return config.withModulesToSave(modules.toArray(String[]::new));
    }

    private void requireNoMatrices() {
        boolean any = Stream.of(r, alpha, dropout, start, targets, excluded, layers, ranks, alphas, tokens, quantize)
                .anyMatch(Objects::nonNull);
        if (any || rslora || ratio != 1 || !modules.isEmpty() || !feedForward.isEmpty()) {
            throw new UsageException("a soft prompt changes no matrix; leave out what is for adapters of matrices");
        }
    }

    private Targets chosen() {
        Targets chosen;
        if (targets == null && method == Method.LONGLORA) {
            chosen = Targets.named(List.of("q_proj", "k_proj", "v_proj", "o_proj"));
        } else if (targets == null || targets.equals(List.of("all-linear"))) {
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

    /// Takes the formats of a frozen base.
    static final class BaseFormat implements ITypeConverter<QuantConfig> {
        @Override
        public QuantConfig convert(String name) {
            try {
                return QuantConfig.named(name);
            } catch (ConfigException unknown) {
                throw new TypeConversionException(unknown.getMessage());
            }
        }
    }

    /// Their names, for the shell.
    static final class BaseFormats implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return QuantConfig.ALL.stream().map(QuantConfig::name).iterator();
        }
    }
}
