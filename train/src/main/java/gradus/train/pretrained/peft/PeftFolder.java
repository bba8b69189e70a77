package gradus.train.pretrained.peft;

import gradus.error.CheckpointMismatchException;
import gradus.error.ConfigException;
import gradus.error.CorruptCheckpointException;
import gradus.error.FileReason;
import gradus.error.ResourceException;
import gradus.layers.Layer;
import gradus.layers.adapter.AdapterConfig;
import gradus.layers.adapter.Adapters;
import gradus.layers.adapter.Part;
import gradus.layers.adapter.TrainableTokens;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.checkpoint.Manifest;
import gradus.train.checkpoint.Safetensors;
import gradus.train.checkpoint.SafetensorsWriter;
import gradus.train.pretrained.PublishedNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/// An adapter in a folder as Hugging Face's peft writes and reads it: adapter_config.json and
/// adapter_model.safetensors. LoRA with all that [gradus.layers.adapter.LoraConfig] says, and IA³ are known.
///
/// What [#save] writes has a manifest.json beside it, with the SHA-256 of both files, so that a damaged copy is
/// noticed. peft has none, and does not mind one.
public final class PeftFolder {
    static final String CONFIG = "adapter_config.json";
    static final String WEIGHTS = "adapter_model.safetensors";
    static final String MANIFEST = "manifest.json";
    private static final String PREFIX = "base_model.model.";
    private static final String BASE = ".base_layer.weight";
    private static final String HEAD = PREFIX + TiedHead.NAME;

    private PeftFolder() {}

    /// Whether a folder holds an adapter.
    public static boolean is(Path folder) {
        return Files.isRegularFile(folder.resolve(CONFIG));
    }

    /// Prepares a model for adapters whose configurations use Hugging Face's names.
    ///
    /// @throws CheckpointMismatchException if it is no published kind of model
    public static Adapters prepare(Layer model) {
        return Adapters.of(model, PublishedNames.of(model)::module);
    }

    // --- reading

    /// Opens an adapter, and makes it the only one in use.
    ///
    /// @param adapters of [#prepare]
    /// @param name     what the adapter is to be called
    /// @throws gradus.error.DataException               if there is no such folder or a file of it is missing
    /// @throws CorruptCheckpointException  if a file is damaged
    /// @throws CheckpointMismatchException if the adapter is for another base, or of a kind that is not known
    public static void load(Path folder, Adapters adapters, String name) {
        if (Files.exists(folder.resolve(MANIFEST))) {
            Manifest.verify(folder, List.of(CONFIG, WEIGHTS));
        }
        if (!Files.exists(folder.resolve(WEIGHTS)) && Files.exists(folder.resolve("adapter_model.bin"))) {
            throw new CorruptCheckpointException(folder.resolve("adapter_model.bin")
                    + ": is a Python pickle, which can run code; save the adapter as safetensors"); // BAD-INPUT 127
        }
        Path file = folder.resolve(CONFIG);
        PublishedNames names = PublishedNames.of(adapters.model());
        AdapterConfig config = PeftConfig.read(file, adapters, names);
        Safetensors source = Safetensors.open(folder.resolve(WEIGHTS));
        try {
            adapters.add(name, config, Rng.of(0));
        } catch (ConfigException other) {
            throw new CheckpointMismatchException(
                    "%s: does not fit this model: %s".formatted(file, other.getMessage()), other);
        }
        boolean fits = false;
        try {
            SequencedMap<String, Place> places = places(adapters, name, names);
            TiedHead head = TiedHead.of(adapters, name);
            Boolean follows = PeftConfig.ensureWeightTying(file);
            requireFits(source, places, adapters.model(), names, head != null && Boolean.TRUE.equals(follows));
            copy(source, places);
            TiedHead.require(head, follows, source, HEAD, folder);
            fits = true;
        } finally {
            if (!fits) {
                adapters.remove(name);
            }
        }
    }

    /// The numbers of the tokens whose rows an adapter trains, table by table, without opening it.
    ///
    /// @throws gradus.error.DataException if there is no such folder
    /// @throws CorruptCheckpointException if a value is nonsense
    public static List<List<Integer>> trainedTokens(Path folder) {
        return PeftConfig.trainedTokens(folder.resolve(CONFIG));
    }

    /// Where a tensor of the file belongs.
    ///
    /// @param transposed whether the file has it the other way round
    private record Place(Tensor parameter, boolean transposed) {
        long[] shape() {
            long[] shape =
                    Arrays.stream(parameter.shape().dims()).asLongStream().toArray();
            return transposed ? new long[] {shape[1], shape[0]} : shape;
        }
    }

    private static SequencedMap<String, Place> places(Adapters adapters, String name, PublishedNames names) {
        SequencedMap<String, Place> places = new LinkedHashMap<>();
        adapters.parts(name)
                .forEach((layer, part) -> part.namedParameters()
                        .forEach((own, parameter) ->
                                places.put(key(names.module(layer), part, own), new Place(parameter, false))));
        adapters.modules(name)
                .forEach((own, parameter) ->
                        places.put(PREFIX + names.parameter(own), new Place(parameter, names.transposed(own))));
        return places;
    }

    private static String key(String module, Part part, String own) {
        return PREFIX + module + (part instanceof TrainableTokens ? ".token_adapter." : ".") + own;
    }

    private static void requireFits(
            Safetensors source, SequencedMap<String, Place> places, Layer model, PublishedNames names, boolean tied) {
        for (Map.Entry<String, Place> each : places.entrySet()) {
            String key = each.getKey();
            if (!source.names().contains(key)) {
                throw mismatch(source, "lacks %s, which adapter_config.json and the base make necessary", key);
            }
            if (!Arrays.equals(source.shape(key), each.getValue().shape())) {
                throw mismatch(
                        source,
                        "is for another base or rank: %s has shape %s; here it is %s",
                        key,
                        Arrays.toString(source.shape(key)),
                        Arrays.toString(each.getValue().shape()));
            }
        }
        for (String key : source.names()) {
            if (!places.containsKey(key) && !(tied && key.equals(HEAD)) && !isBase(source, key, model, names)) {
                throw mismatch(source, "is for another base: it has %s, which has no place here", key);
            }
        }
    }

    /// Whether a tensor is a copy of the base's own table, which peft adds where a table is adapted.
    private static boolean isBase(Safetensors source, String key, Layer model, PublishedNames names) {
        if (!key.startsWith(PREFIX) || !key.endsWith(BASE)) {
            return false;
        }
        String module = key.substring(PREFIX.length(), key.length() - BASE.length());
        for (Map.Entry<String, Tensor> each : model.namedParameters().entrySet()) {
            if (names.parameter(each.getKey()).equals(module + ".weight")) {
                long[] shape = Arrays.stream(each.getValue().shape().dims())
                        .asLongStream()
                        .toArray();
                try (var scope = Scope.open()) {
                    if (!Arrays.equals(shape, source.shape(key))
                            || !Arrays.equals(
                                    source.read(key).toArray(), each.getValue().toArray())) {
                        throw mismatch(source, "is for another base: %s is not the base's own table", key);
                    }
                }
                return true;
            }
        }
        return false;
    }

    private static void copy(Safetensors source, SequencedMap<String, Place> places) {
        try (var pause = Autograd.noGrad()) {
            places.forEach((key, place) -> {
                try (var scope = Scope.open()) {
                    Tensor read = source.read(key).to(place.parameter.dtype());
                    for (double value : read.toArray()) {
                        if (!Double.isFinite(value)) {
                            throw new CorruptCheckpointException(
                                    "%s: %s holds numbers that are not finite".formatted(source.origin(), key));
                        }
                    }
                    place.parameter.copyFrom(place.transposed ? read.transpose(0, 1) : read);
                }
            });
        }
    }

    private static CheckpointMismatchException mismatch(Safetensors source, String message, Object... arguments) {
        return new CheckpointMismatchException(source.origin() + ": " + String.format(Locale.ROOT, message, arguments));
    }

    // --- writing

    /// Writes an adapter for the original base: where its start has taken a part of the base's matrices (PiSSA,
    /// OLoRA), the change is written as one of twice the rank.
    ///
    /// @param adapters of [#prepare]
    /// @param base     what peft is to call the base, its folder or its name on the hub; null if nobody knows
    /// @throws CheckpointMismatchException if peft has no such adapter
    /// @throws ResourceException           if the disk is full or refuses
    public static void save(Path folder, Adapters adapters, String name, String base) {
        PublishedNames names = PublishedNames.of(adapters.model());
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            SequencedMap<String, Part> parts = OriginalBase.parts(adapters, name);
            SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
            parts.forEach((layer, part) -> part.namedParameters()
                    .forEach((own, parameter) -> tensors.put(key(names.module(layer), part, own), parameter)));
            adapters.modules(name)
                    .forEach((own, parameter) -> tensors.put(
                            PREFIX + names.parameter(own),
                            names.transposed(own) ? parameter.transpose(0, 1) : parameter));
            TiedHead head = TiedHead.of(adapters, name);
            if (head != null) {
                tensors.put(HEAD, head.table());
            }
            create(folder);
            new PeftDescription(adapters, name, parts, names).write(folder.resolve(CONFIG), base, head != null);
            SafetensorsWriter.write(folder.resolve(WEIGHTS), tensors, SafetensorsWriter.METADATA);
        }
        seal(folder);
    }

    /// Writes the manifest of an adapter anew, after more files were put beside it.
    ///
    /// @param more their names
    public static void seal(Path folder, String... more) {
        List<String> files = new ArrayList<>(List.of(CONFIG, WEIGHTS));
        files.addAll(List.of(more));
        Manifest.write(folder, files);
    }

    private static void create(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.deleteIfExists(folder.resolve(MANIFEST)); // until everything is there
        } catch (IOException failure) {
            throw new ResourceException("%s: cannot be made: %s".formatted(folder, FileReason.of(failure)), failure);
        }
    }
}
