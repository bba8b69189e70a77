package gradus.train.finetune;

import static gradus.error.ConfigException.require;

import gradus.layers.Linear;
import gradus.layers.adapter.AdapterConfig;
import gradus.layers.adapter.Adapters;
import gradus.layers.adapter.LoraConfig;
import gradus.layers.adapter.Quantization;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Tensor;
import gradus.tensor.quant.QuantConfig;
import gradus.tensor.quant.QuantizedMatrix;
import gradus.tensor.random.Rng;
import gradus.train.optimizer.LoraPlus;
import gradus.train.optimizer.ParameterGroups;
import gradus.train.pretrained.PublishedNames;
import gradus.train.pretrained.peft.PeftFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/// Trains an adapter and nothing of the base. The folder then holds it as Hugging Face's peft has it.
///
/// QLoRA is a LoRA over a base whose linear layers are quantised first. Heads and what is trained as a whole
/// stay as they are. What is quantised already, as in a folder of 4 bits, stays so.
///
/// @param config   of the adapter; trainable tokens under the empty name are those of the model's first table
/// @param ratio    of [LoraPlus], 1 for the same rate everywhere
/// @param quantize the format of the base's linear layers; null to leave them as they are
/// @param added    tokens that the base has got, whose rows are trained too: of the table, and of a head with a
///                 matrix of its own
public record AdapterTuning(AdapterConfig config, double ratio, QuantConfig quantize, List<Integer> added)
        implements TuningMethod {
    /// The adapter's name.
    public static final String NAME = "default";

    /// Over a base as it is.
    public AdapterTuning(AdapterConfig config, double ratio) {
        this(config, ratio, null);
    }

    /// With the tokens that the base has.
    public AdapterTuning(AdapterConfig config, double ratio, QuantConfig quantize) {
        this(config, ratio, quantize, List.of());
    }

    @Override
    public TuningMethod withNewTokens(int from, int to) {
        return config instanceof LoraConfig
                ? new AdapterTuning(
                        config,
                        ratio,
                        quantize,
                        IntStream.range(from, to).boxed().toList())
                : TuningMethod.super.withNewTokens(from, to);
    }

    @Override
    public Tuned on(LanguageModel base, Rng rng) {
        long parameters = base.parameterCount() + elements(base);
        List<String> notes = new ArrayList<>();
        if (quantize != null) {
            notes.add(quantized(base));
        }
        Adapters adapters = PeftFolder.prepare(base);
        adapters.add(NAME, named(base), rng);
        return new WithAdapter(base, adapters, parameters, ratio, notes);
    }

    private static long elements(LanguageModel base) {
        return Quantization.matrices(base).values().stream()
                .mapToLong(each -> (long) each.rows() * each.columns())
                .sum();
    }

    /// @return what was done
    private String quantized(LanguageModel base) {
        int before = Quantization.matrices(base).size();
        PublishedNames names = PublishedNames.of(base);
        List<String> kept = new ArrayList<>(Quantization.HEADS);
        base.namedLayers(Linear.class).keySet().stream()
                .filter(own -> within(names.module(own), config.modulesToSave()))
                .forEach(kept::add);
        SequencedMap<String, QuantizedMatrix> all = Quantization.quantize(base, quantize, kept);
        long bytes = all.values().stream().mapToLong(QuantizedMatrix::bytes).sum();
        String stayed = before == 0
                ? ""
                : String.format(Locale.ROOT, "; %,d were quantised already and stay as they are", before);
        return String.format(
                Locale.ROOT,
                "quantised to %s: %,d linear layers, %.3f bits a weight%s",
                quantize.name(),
                all.size() - before,
                8.0 * bytes / Math.max(1, elements(base)),
                stayed);
    }

    private static boolean within(String module, List<String> saved) {
        String path = "." + module + ".";
        return saved.stream().anyMatch(each -> path.contains("." + each + "."));
    }

    /// The settings with the name of the first table where tokens are given without one, and with the new tokens.
    private AdapterConfig named(LanguageModel base) {
        if (!(config instanceof LoraConfig lora)) {
            return config;
        }
        Map<String, List<Integer>> tokens = new LinkedHashMap<>(lora.extras().trainableTokenIndices());
        List<Integer> ofFirst = tokens.remove("");
        if (ofFirst == null && added.isEmpty()) {
            return config;
        }
        PublishedNames names = PublishedNames.of(base);
        List<String> tables = NewTokens.tables(base).stream().map(names::module).toList();
        require(!tables.isEmpty(), "trainable tokens: the model has no table of tokens");
        if (ofFirst != null) {
            add(tokens, tables.getFirst(), ofFirst);
        }
        tables.forEach(table -> add(tokens, table, added));
        return lora.withTrainableTokens(tokens);
    }

    private static void add(Map<String, List<Integer>> tokens, String table, List<Integer> more) {
        if (!more.isEmpty()) {
            List<Integer> all = new ArrayList<>(tokens.getOrDefault(table, List.of()));
            all.addAll(more);
            tokens.put(table, all);
        }
    }

    private record WithAdapter(
            LanguageModel model, Adapters adapters, long baseParameters, double ratio, List<String> notes)
            implements Tuned {
        @Override
        public SequencedMap<String, Tensor> trained() {
            SequencedMap<String, Tensor> trained = new LinkedHashMap<>(model.namedParameters());
            trained.values().removeIf(parameter -> !parameter.requiresGrad());
            return trained;
        }

        @Override
        public Adapters adapter() {
            return adapters;
        }

        @Override
        public long trainedParameters() {
            return adapters.parameterCount(NAME);
        }

        @Override
        public ParameterGroups groups() {
            return ratio == 1 ? Tuned.super.groups() : LoraPlus.groups(model.namedParameters(), ratio);
        }

        @Override
        public void save(Path folder, OpenBase base) {
            PeftFolder.save(folder, adapters, NAME, base.path().toString());
        }
    }
}
