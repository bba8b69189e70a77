package gradus.train.cli.option;

import gradus.error.UsageException;
import gradus.layers.adapter.AdapterConfig;
import gradus.layers.adapter.Ia3Config;
import gradus.layers.adapter.LoraConfig;
import gradus.layers.adapter.LoraStart;
import gradus.layers.adapter.Targets;
import gradus.train.finetune.AdapterTuning;
import gradus.train.finetune.FullTuning;
import gradus.train.finetune.TuningMethod;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// An adapter's settings by peft's names.
public final class AdapterOptions {
    /// What is trained.
    public enum Method {
        FULL,
        LORA,
        DORA,
        IA3,
        PROMPT,
        PTUNING,
        PREFIX
    }

    @Option(
            names = "--method",
            paramLabel = "<method>",
            description = "full, lora (the default), dora, ia3, or a soft prompt: prompt, ptuning or prefix")
    private Method method = Method.LORA;

    @Mixin
    private SoftPromptOptions prompt = new SoftPromptOptions();

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
            description =
                    "the layers: ends of their names such as q_proj,v_proj, or all-linear (the default), or one regular"
                            + " expression for the whole name, which contains a * or a |")
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
    public TuningMethod method() {
        if (isPrompt()) {
            requireNoMatrices();
            return prompt.method(method);
        }
        prompt.requireNone();
        AdapterConfig config = adapter();
        return config == null ? new FullTuning() : new AdapterTuning(config, ratio);
    }

    /// The adapter, or null to train everything.
    private AdapterConfig adapter() {
        boolean lora = method == Method.LORA || method == Method.DORA;
        if (!lora && (r != null || alpha != null || dropout != null || rslora || start != null || ratio != 1)) {
            throw new UsageException(
                    "--r, --lora-alpha, --lora-dropout, --use-rslora, --init-lora-weights and --loraplus-lr-ratio are for"
                            + " --method lora or dora");
        }
        if (method == Method.FULL) {
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
        return config.withModulesToSave(modules.toArray(String[]::new));
    }

    private void requireNoMatrices() {
        boolean any = r != null || alpha != null || dropout != null || rslora || start != null || ratio != 1;
        if (any || targets != null || excluded != null || layers != null || !(modules.isEmpty() && feedForward.isEmpty())) {
            throw new UsageException("a soft prompt changes no matrix; leave out what is for adapters of matrices");
        }
    }

    private Targets chosen() {
        Targets chosen;
        if (targets == null || targets.equals(List.of("all-linear"))) {
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
