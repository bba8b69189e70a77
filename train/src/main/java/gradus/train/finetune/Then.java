package gradus.train.finetune;

import gradus.error.CheckpointMismatchException;
import gradus.error.ConfigException;
import gradus.error.UsageException;
import gradus.layers.adapter.Adapters;
import gradus.tensor.quant.QuantConfig;
import gradus.train.checkpoint.GgufType;
import gradus.train.pretrained.gguf.LoraGguf;
import gradus.train.run.ExchangedModel;
import gradus.train.run.Export;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/// What is done with what was learnt when a fine-tuning has ended, step by step:
/// `merge,quantize=q8_0,gguf,modelfile`.
///
/// | step | |
/// |---|---|
/// | `merge` | adds the adapter to the base's matrices |
/// | `quantize=q8_0` | the type of the GGUF file that follows: f32, f16, bf16, q8_0 or q4_0; or nf4 or nf4-double of
/// the folder |
/// | `hf` | writes the model as a Hugging Face folder, `merged` |
/// | `gguf` | writes the model as `model.gguf` |
/// | `adapter-gguf` | writes the LoRA alone as `adapter.gguf`, for llama.cpp |
/// | `modelfile` | writes what Ollama reads beside the file before: its base too, where that is no GGUF file |
///
/// Everything that can be known before the training is checked before it.
public final class Then {
    private static final String QUANTIZE = "quantize=";
    private static final Set<String> STEPS = Set.of("merge", "hf", "gguf", "adapter-gguf", "modelfile");

    private final List<String> steps;

    private Then(List<String> steps) {
        this.steps = steps;
    }

    /// @param text steps with commas between them; null for none
    /// @throws UsageException if a step is none, or the order makes no sense
    public static Then of(String text) {
        List<String> steps = text == null
                ? List.of()
                : Arrays.stream(text.split(",", -1))
                        .map(step -> step.strip().toLowerCase(Locale.ROOT))
                        .toList();
        steps.forEach(Then::requireKnown);
        Then then = new Then(steps);
        for (int i = 0; i < steps.size(); i++) {
            then.check(i);
        }
        Set<String> seen = new HashSet<>();
        for (String step : steps) {
            String kind = step.startsWith(QUANTIZE) ? QUANTIZE : step;
            require(seen.add(kind), "%s is there twice", kind.replace("=", ""));
        }
        return then;
    }

    private static void requireKnown(String step) {
        require(
                STEPS.contains(step) || step.startsWith(QUANTIZE),
                "there is no step \"%s\"; there are merge, quantize=<type>, hf, gguf, adapter-gguf and modelfile",
                step);
    }

    private void check(int i) {
        String step = steps.get(i);
        String before = i == 0 ? "" : steps.get(i - 1);
        String next = i + 1 < steps.size() ? steps.get(i + 1) : "";
        switch (step) {
            case "merge" -> {
                require(i == 0, "merge comes first");
                require(!next.isEmpty(), "merge alone writes nothing; add hf or gguf");
                require(!steps.contains("adapter-gguf"), "after merge there is no adapter left for adapter-gguf");
            }
            case "modelfile" ->
                require(
                        before.endsWith("gguf"),
                        "modelfile comes right after gguf or adapter-gguf, whose file it names");
            case "hf", "gguf", "adapter-gguf" -> {}
            default -> checkQuantize(step.substring(QUANTIZE.length()), next, i);
        }
    }

    private void checkQuantize(String type, String next, int i) {
        if (folderFormat(type) != null) {
            require(
                    next.equals("hf") && i + 2 == steps.size(),
                    "quantize=%s is for a Hugging Face folder, so hf must follow, and nothing after it",
                    type);
            return;
        }
        try {
            GgufType.toWrite(type);
        } catch (ConfigException unknown) {
            throw new UsageException("--then: " + unknown.getMessage() + "; or nf4 or nf4-double for hf", unknown);
        }
        require(next.endsWith("gguf"), "quantize=%s is the type of a GGUF file, so gguf must follow it", type);
    }

    private static QuantConfig folderFormat(String type) {
        return List.of(QuantConfig.NF4, QuantConfig.NF4_DOUBLE).stream()
                .filter(each -> each.name().equals(type))
                .findFirst()
                .orElse(null);
    }

    private static void require(boolean holds, String message, Object... values) {
        if (!holds) {
            throw new UsageException("--then: " + String.format(Locale.ROOT, message, values));
        }
    }

    /// Makes sure that a model can go this way, before it is trained.
    ///
    /// @throws UsageException if it cannot
    public void requireFits(OpenBase base, Tuned tuned) {
        if (steps.isEmpty()) {
            return;
        }
        boolean full = tuned instanceof FullTuning.Whole;
        Adapters adapters = tuned.adapter();
        require(full || adapters != null, "what this method learns cannot be merged or exported");
        require(!full || !steps.contains("merge"), "--method full has nothing to merge; begin with hf or gguf");
        require(!full || !steps.contains("adapter-gguf"), "--method full has no adapter for adapter-gguf");
        boolean whole = steps.contains("gguf") || steps.contains("hf");
        require(full || !whole || steps.contains("merge"), "an adapter is merged before hf or gguf; begin with merge");
        try {
            if (steps.stream().anyMatch(step -> step.endsWith("gguf"))) {
                Export.requireGguf(base.model(), base.saved().tokenizer());
            }
            if (steps.contains("adapter-gguf")) {
                LoraGguf.requireKnown(adapters, AdapterTuning.NAME);
            }
            if (steps.contains("merge")) {
                Adapted.requireMergeable(base.model(), adapters);
            }
        } catch (CheckpointMismatchException cannot) {
            throw new UsageException("--then: " + cannot.getMessage(), cannot);
        }
    }

    /// Does it.
    ///
    /// @param base what was tuned
    /// @param out  the folder that fine-tuning has filled
    /// @param say  takes what there is to tell
    public void run(Path base, Path out, Consumer<String> say) {
        Export export = new Export(say, true);
        ExchangedModel model = null; // what is written
        String type = null;
        for (int i = 0; i < steps.size(); i++) {
            boolean modelfile = i + 1 < steps.size() && steps.get(i + 1).equals("modelfile");
            switch (steps.get(i)) {
                case "merge" -> model = Adapted.openToMerge(base, out, say).merged();
                case "hf" -> {
                    model = model == null ? ExchangedModel.open(out.resolve("model")) : model;
                    export.huggingFace(model, out.resolve("merged"), type == null ? null : folderFormat(type));
                }
                case "gguf" -> {
                    model = model == null ? ExchangedModel.open(out.resolve("model")) : model;
                    export.gguf(model, out.resolve("model.gguf"), ggufType(type), modelfile);
                }
                case "adapter-gguf" -> adapter(base, out, ggufType(type), modelfile, export, say);
                case "modelfile" -> {} // was written with the file before
                default -> {
                    type = steps.get(i).substring(QUANTIZE.length());
                    continue;
                }
            }
            type = null;
        }
    }

    /// The LoRA alone, and for Ollama the base that it belongs to.
    private static void adapter(
            Path base, Path out, GgufType type, boolean modelfile, Export export, Consumer<String> say) {
        Adapted adapted = Adapted.open(base, out);
        Path file = out.resolve("adapter.gguf");
        LoraGguf.write(file, adapted.adapters(), AdapterTuning.NAME);
        say.accept("written: " + file);
        if (modelfile) {
            adapted.adapters().detach();
            export.modelfile(adapted.base(), base, out.resolve("base.gguf"), type, file);
        }
    }

    private static GgufType ggufType(String type) {
        return type == null ? GgufType.F32 : GgufType.toWrite(type);
    }
}
