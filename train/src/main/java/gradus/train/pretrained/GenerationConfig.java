package gradus.train.pretrained;

import gradus.error.ConfigException;
import gradus.error.CorruptCheckpointException;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.generate.Sampling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedSet;
import java.util.function.ToDoubleFunction;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a model's folder says about writing with it: which tokens begin, end and pad a text, and how tokens are best
/// drawn. It stands in generation_config.json, and the tokens, in folders without one, in config.json; where that is
/// silent too, the model type has its own.
///
/// @param bos      begins a text
/// @param eos      each of them ends a text; the first is written where there is room for one only
/// @param pad      fills up shorter texts of a batch
/// @param sampling how tokens are drawn, where the file says so
/// @param beams    how many texts a search follows, where it says so
/// @param limit    the most tokens to add, where it says so
/// @param stops    texts that end a text before them
public record GenerationConfig(
        OptionalInt bos,
        List<Integer> eos,
        OptionalInt pad,
        Optional<Sampling> sampling,
        OptionalInt beams,
        OptionalInt limit,
        List<String> stops) {
    /// The name of the file.
    public static final String FILE = "generation_config.json";

    private static final String BOS = "bos_token_id";
    private static final String EOS = "eos_token_id";
    private static final String PAD = "pad_token_id";

    /// transformers' where a file that draws tokens does not say another.
    private static final int USUAL_TOP_K = 50;

    /// Nothing is known.
    public static final GenerationConfig NONE = new GenerationConfig(
            OptionalInt.empty(),
            List.of(),
            OptionalInt.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            List.of());

    public GenerationConfig {
        eos = List.copyOf(eos);
        stops = List.copyOf(stops);
    }

    /// Reads what a folder says.
    ///
    /// @throws gradus.error.DataException  if there is no config.json
    /// @throws CorruptCheckpointException  if a file is damaged
    /// @throws gradus.error.CheckpointMismatchException if it asks for what is not built
    public static GenerationConfig read(Path folder) {
        Path model = folder.resolve("config.json");
        ModelConfigJson config = new ModelConfigJson(model, CheckpointJson.read(model));
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return ofModel(config);
        }
        ModelConfigJson json = new ModelConfigJson(file, CheckpointJson.read(file));
        json.require(GenerationKeys.ALL);
        SequencedSet<Integer> eos = new LinkedHashSet<>(json.ids(EOS));
        eos.addAll(config.ids(EOS));
        try {
            return new GenerationConfig(
                    first(json.ids(BOS), config.ids(BOS)),
                    List.copyOf(eos),
                    first(json.ids(PAD), config.ids(PAD)),
                    sampling(json),
                    json.has("num_beams") ? OptionalInt.of(json.size("num_beams")) : OptionalInt.empty(),
                    json.has("max_new_tokens") ? OptionalInt.of(json.size("max_new_tokens")) : OptionalInt.empty(),
                    stops(json));
        } catch (ConfigException outOfRange) {
            throw new CorruptCheckpointException(file + ": " + outOfRange.getMessage(), outOfRange);
        }
    }

    /// One text or a list of them.
    private static List<String> stops(ModelConfigJson json) {
        return json.has("stop_strings") && json.node().get("stop_strings").isString()
                ? List.of(json.text("stop_strings", ""))
                : json.texts("stop_strings");
    }

    /// What config.json alone says, with what its model type takes for granted.
    private static GenerationConfig ofModel(ModelConfigJson config) {
        int bos = -1;
        int eos = -1;
        switch (config.text("model_type", "")) {
            case "llama", "mistral", "mixtral" -> {
                bos = 1;
                eos = 2;
            }
            case "gpt2" -> {
                bos = 50_256;
                eos = 50_256;
            }
            default -> {}
        }
        List<Integer> ends = config.says(EOS) || eos < 0 ? config.ids(EOS) : List.of(eos);
        List<Integer> begins = config.says(BOS) || bos < 0 ? config.ids(BOS) : List.of(bos);
        return new GenerationConfig(
                first(begins, List.of()),
                ends,
                first(config.ids(PAD), List.of()),
                NONE.sampling,
                NONE.beams,
                NONE.limit,
                NONE.stops);
    }

    private static OptionalInt first(List<Integer> ids, List<Integer> others) {
        List<Integer> known = ids.isEmpty() ? others : ids;
        return known.isEmpty() ? OptionalInt.empty() : OptionalInt.of(known.getFirst());
    }

    /// As transformers draws: greedily unless the file says that it samples.
    private static Optional<Sampling> sampling(ModelConfigJson json) {
        List<String> fields = List.of("do_sample", "temperature", "top_k", "top_p", "min_p", "repetition_penalty");
        if (fields.stream().noneMatch(json::has)) {
            return Optional.empty();
        }
        ToDoubleFunction<String> neutral = field -> field.equals("min_p") ? 0 : 1;
        double penalty = number(json, "repetition_penalty", neutral);
        double temperature = number(json, "temperature", neutral);
        double topP = number(json, "top_p", neutral);
        double minP = number(json, "min_p", neutral);
        int topK = json.has("top_k") ? json.count("top_k", USUAL_TOP_K) : USUAL_TOP_K;
        Sampling drawn = new Sampling(temperature, topK, topP, minP, penalty);
        boolean draws = json.has("do_sample") && json.flag("do_sample", false);
        return Optional.of(draws ? drawn : Sampling.greedy().withRepetitionPenalty(penalty));
    }

    private static double number(ModelConfigJson json, String field, ToDoubleFunction<String> neutral) {
        return json.has(field) ? json.number(field) : neutral.applyAsDouble(field);
    }

    /// Whether a token ends a text.
    public boolean ends(int token) {
        return eos.contains(token);
    }

    /// The same with other tokens.
    public GenerationConfig withTokens(OptionalInt bos, List<Integer> eos, OptionalInt pad) {
        return new GenerationConfig(bos, eos, pad, sampling, beams, limit, stops);
    }

    /// The three fields that config.json has of it.
    void describeTokens(ObjectNode json) {
        put(json, BOS, bos.stream().boxed().toList());
        put(json, EOS, eos);
        if (pad.isPresent()) {
            json.put(PAD, pad.getAsInt());
        }
    }

    private static void put(ObjectNode json, String field, List<Integer> ids) {
        switch (ids.size()) {
            case 0 -> json.putNull(field); // or it would be that of a published size
            case 1 -> json.put(field, ids.getFirst());
            default -> {
                ArrayNode list = json.putArray(field);
                ids.forEach(list::add);
            }
        }
    }

    /// generation_config.json.
    ObjectNode describe() {
        ObjectNode json = CheckpointJson.object();
        describeTokens(json);
        sampling.ifPresent(drawn -> {
            json.put("do_sample", drawn.temperature() > 0);
            if (drawn.temperature() > 0) {
                json.put("temperature", drawn.temperature())
                        .put("top_k", drawn.topK())
                        .put("top_p", drawn.topP())
                        .put("min_p", drawn.minP());
            }
            json.put("repetition_penalty", drawn.repetitionPenalty());
        });
        beams.ifPresent(count -> json.put("num_beams", count));
        limit.ifPresent(count -> json.put("max_new_tokens", count));
        if (!stops.isEmpty()) {
            stops.forEach(json.putArray("stop_strings")::add);
        }
        return json;
    }
}
