package gradus.tokenizer.format;

import gradus.error.TokenizerException;
import gradus.tokenizer.ByteTokenizer;
import gradus.tokenizer.Padding;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.Truncation;
import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.format.config.AddedTokenJson;
import gradus.tokenizer.json.JsonFields;
import gradus.tokenizer.json.KnownKeys;
import gradus.tokenizer.normalize.Normalizer;
import gradus.tokenizer.pretokenize.PreTokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Reads Hugging Face's tokenizer.json. What Gradus does not support it refuses by name, rather than read a
/// file to other ids than its authors meant; [TokenizerJsonKeys] lists what is done with each key.
final class TokenizerJsonReader {
    /// The parts that may be a Sequence, and what their list is called there.
    private static final Map<String, String> LISTS = Map.of(
            "normalizer", "normalizers",
            "pre_tokenizer", "pretokenizers",
            "post_processor", "processors",
            "decoder", "decoders");

    private TokenizerJsonReader() {}

    /// @param own pre-tokenizers of the user's, which the file may mean beside the published ones
    static Tokenizer read(JsonFields json, List<PreTokenizer> own) {
        if (!json.textOr("version", "1.0").equals("1.0")) {
            throw json.error("version", "is " + json.textOr("version", "") + "; expected 1.0");
        }
        if (ByteTokenizerJson.fits(json)) {
            return new ByteTokenizer();
        }
        json.check(TokenizerJsonKeys.ROOT);
        JsonFields model = json.object("model");
        String type = modelType(model);
        return switch (type) {
            case "BPE" ->
                SentencePieceBpeJson.fits(json, model)
                        ? SentencePieceBpeJson.read(json, model)
                        : BpeJson.read(json, model, own);
            case "Unigram" -> UnigramJson.read(json, model);
            case "WordPiece" -> WordPieceJson.read(json, model);
            case "WordLevel" -> CharTokenizerJson.read(json, model);
            case "" -> throw model.error("type", "is missing");
            default ->
                throw model.error(
                        "type",
                        "'" + type + "' is not supported; Gradus reads BPE, WordPiece, Unigram and" + " WordLevel");
        };
    }

    /// Older files do not tell the model's type; its fields do.
    private static String modelType(JsonFields model) {
        String byFields = model.has("merges") ? "BPE" : model.has("max_input_chars_per_word") ? "WordPiece" : "";
        return model.textOr("type", byFields);
    }

    static List<AddedToken> addedTokens(JsonFields json) {
        var added = new ArrayList<AddedToken>();
        if (json.has("added_tokens")) {
            for (JsonFields token : json.list("added_tokens")) {
                added.add(AddedTokenJson.read(token.check(TokenizerJsonKeys.ADDED_TOKEN), token.id("id")));
            }
        }
        return added;
    }

    /// What surrounds the model.
    static TokenizerPipeline.Frame frame(
            JsonFields json, List<AddedToken> added, Normalizer normalizer, List<String> tokens) {
        return frame(json, added, normalizer, TokenTable.of(tokens));
    }

    /// What surrounds the model.
    static TokenizerPipeline.Frame frame(
            JsonFields json, List<AddedToken> added, Normalizer normalizer, TokenTable tokens) {
        return TokenizerPipeline.Frame.of(added, normalizer)
                .withTemplate(TemplateJson.read(steps(json, "post_processor"), tokens))
                .withLengths(truncation(json), padding(json));
    }

    private static Truncation truncation(JsonFields json) {
        if (!json.has("truncation")) {
            return null;
        }
        JsonFields truncation = json.object("truncation").check(TokenizerJsonKeys.TRUNCATION);
        int maxLength = truncation.id("max_length");
        int stride = truncation.idOr("stride", 0);
        if (maxLength == 0 || stride >= maxLength) {
            throw truncation.error("must have a positive max_length above its stride; got max_length=" + maxLength
                    + ", stride=" + stride);
        }
        return new Truncation(maxLength, stride, left(truncation));
    }

    private static Padding padding(JsonFields json) {
        if (!json.has("padding")) {
            return null;
        }
        JsonFields padding = json.object("padding").check(TokenizerJsonKeys.PADDING);
        int fixed = 0;
        if (padding.has("strategy") && padding.node().get("strategy").isObject()) {
            fixed = padding.object("strategy")
                    .check(TokenizerJsonKeys.FIXED_PADDING)
                    .id("Fixed");
        } else if (!padding.textOr("strategy", "BatchLongest").equals("BatchLongest")) {
            throw padding.error("strategy", "is unknown; expected BatchLongest or {\"Fixed\": n}");
        }
        return new Padding(
                fixed,
                padding.idOr("pad_to_multiple_of", 0),
                left(padding),
                padding.idOr("pad_id", 0),
                padding.idOr("pad_type_id", 0),
                padding.textOr("pad_token", "[PAD]"));
    }

    private static boolean left(JsonFields part) {
        String direction = part.textOr("direction", "Right");
        if (!direction.equals("Left") && !direction.equals("Right")) {
            throw part.error("direction", "must be Left or Right; got '" + direction + "'");
        }
        return direction.equals("Left");
    }

    /// The steps of a part such as `normalizer`: none where it is null, those of its Sequence, or itself. A
    /// Sequence within a Sequence is taken apart too.
    static List<JsonFields> steps(JsonFields json, String part) {
        var steps = new ArrayList<JsonFields>();
        if (json.has(part)) {
            addSteps(json.object(part), LISTS.get(part), steps);
        }
        return steps;
    }

    private static void addSteps(JsonFields step, String list, List<JsonFields> steps) {
        if (type(step).equals("Sequence")) {
            for (JsonFields inner : step.check(TokenizerJsonKeys.sequence(list)).list(list)) {
                addSteps(inner, list, steps);
            }
        } else {
            steps.add(step);
        }
    }

    static String type(JsonFields step) {
        return step.text("type");
    }

    /// The one step that a part must have.
    static JsonFields onlyStep(JsonFields json, String part, String type, KnownKeys keys) {
        List<JsonFields> steps = steps(json, part);
        if (steps.size() != 1 || !type(steps.getFirst()).equals(type)) {
            throw unsupported(json, part, steps, type);
        }
        return steps.getFirst().check(keys);
    }

    static TokenizerException unsupported(JsonFields json, String part, List<JsonFields> steps, String expected) {
        List<String> types = steps.stream().map(step -> "'" + type(step) + "'").toList();
        String found = types.isEmpty() ? "null" : String.join(", then ", types);
        return json.error(part, found + " is not supported here; expected " + expected);
    }
}
