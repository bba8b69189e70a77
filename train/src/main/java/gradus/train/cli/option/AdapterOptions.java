package gradus.train.cli.option;

import gradus.error.ConfigException;
import gradus.error.UsageException;
import gradus.layers.adapter.AdapterConfig;
import gradus.layers.adapter.Ia3Config;
import gradus.layers.adapter.LoraConfig;
import gradus.layers.adapter.Targets;
import gradus.tensor.quant.QuantConfig;
import gradus.train.finetune.AdapterTuning;
import gradus.train.finetune.FullTuning;
import gradus.train.finetune.LongLoraTuning;
import gradus.train.finetune.TuningMethod;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// An adapter's settings by peft's names.
public final class AdapterOptions {
    private static final Targets ATTENTION = Targets.named(List.of("q_proj", "k_proj", "v_proj", "o_proj"));

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

    @Mixin
    private LoraOptions lora = new LoraOptions();

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
        return new AdapterTuning(config, lora.ratio(), format);
    }

    private TuningMethod longLora(LoraConfig config) {
        if (context == null) {
            throw new UsageException("--method longlora needs --context, the new one");
        }
        if (quantize != null) {
            throw new UsageException("--method longlora trains the table and the norms; leave out --quantize");
        }
        return group == null
                ? LongLoraTuning.of(config, context).withRatio(lora.ratio())
                : new LongLoraTuning(config, context, group, true, true, lora.ratio());
    }

    /// The adapter, or null to train everything.
    private AdapterConfig adapter() {
        boolean matrices = method != Method.FULL && method != Method.IA3;
        if (!matrices && lora.isGiven()) {
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
            if (lora.choosesLayers() || !modules.isEmpty()) {
                throw new UsageException("--method full trains every layer; leave out which ones");
            }
            return null;
        }
        if (method == Method.IA3) {
            return new Ia3Config(lora.targets(Targets.allLinear()), feedForward, modules);
        }
        Targets usual = method == Method.LONGLORA ? ATTENTION : Targets.allLinear();
        return lora.config(usual).withDora(method == Method.DORA).withModulesToSave(modules.toArray(String[]::new));
    }

    private void requireNoMatrices() {
        boolean any = lora.isGiven() || lora.choosesLayers() || quantize != null;
        if (any || !modules.isEmpty() || !feedForward.isEmpty()) {
            throw new UsageException("a soft prompt changes no matrix; leave out what is for adapters of matrices");
        }
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
