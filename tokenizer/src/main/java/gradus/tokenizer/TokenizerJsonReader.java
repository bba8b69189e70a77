package gradus.tokenizer;

import gradus.error.TokenizerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Reads Hugging Face's tokenizer.json. What Gradus does not support it refuses by name, rather than read a file
/// to other ids than its authors meant.
final class TokenizerJsonReader {
    private TokenizerJsonReader() {}

    static TokenizerPipeline read(JsonFields json) {
        if (!json.textOr("version", "1.0").equals("1.0")) {
            throw json.error("version", "is " + json.textOr("version", "") + "; expected 1.0");
        }
        JsonFields model = json.object("model");
        String type = model.textOr("type", model.has("merges") ? "BPE" : "");
        return switch (type) {
            case "BPE" ->
                SentencePieceBpeJson.fits(json, model)
                        ? SentencePieceBpeJson.read(json, model)
                        : BpeJson.read(json, model);
            case "Unigram" -> UnigramJson.read(json, model);
            case "WordPiece" -> WordPieceJson.read(json, model);
            case "" -> throw model.error("type", "is missing");
            default ->
                throw model.error("type", "'" + type + "' is not supported; Gradus reads BPE, WordPiece and Unigram");
        };
    }

    /// All tokens by id: the model's vocabulary, and the added tokens that it lacks. Ids are 0, 1, 2 … each
    /// once.
    static List<String> tokens(JsonFields model, List<AddedToken> added, int maxBytes) {
        Map<String, JsonFields> vocabulary = model.object("vocab").fields();
        long beyond =
                added.stream().filter(t -> !vocabulary.containsKey(t.content())).count();
        var tokens = new String[Math.toIntExact(vocabulary.size() + beyond)];
        vocabulary.forEach((token, value) -> {
            if (token.length() > maxBytes) {
                throw model.error("vocab", "holds a piece of " + token.length() + " chars; the limit is " + maxBytes);
            }
            place(tokens, token, value.id(), model);
        });
        for (AddedToken token : added) {
            JsonFields known = vocabulary.get(token.content());
            if (known == null) {
                place(tokens, token.content(), token.id(), model);
            } else if (known.id() != token.id()) {
                throw model.error(
                        "vocab",
                        "gives '" + token.content() + "' the id " + known.id() + ", added_tokens the id " + token.id());
            }
        }
        return List.of(tokens);
    }

    private static void place(String[] tokens, String token, int id, JsonFields model) {
        if (id >= tokens.length) {
            throw model.error(
                    "vocab",
                    "gives '" + token + "' the id " + id + ", but there are " + tokens.length
                            + " tokens: ids must run from 0 without gaps");
        }
        if (tokens[id] != null) {
            throw model.error("vocab", "gives the id " + id + " to '" + tokens[id] + "' and to '" + token + "'");
        }
        tokens[id] = token;
    }

    static List<AddedToken> addedTokens(JsonFields json) {
        var added = new ArrayList<AddedToken>();
        if (json.has("added_tokens")) {
            for (JsonFields token : json.list("added_tokens")) {
                if (token.text("content").isEmpty()) {
                    throw token.error("content", "is empty");
                }
                added.add(new AddedToken(
                        token.id("id"),
                        token.text("content"),
                        token.boolOr("single_word", false),
                        token.boolOr("lstrip", false),
                        token.boolOr("rstrip", false),
                        token.boolOr("normalized", !token.boolOr("special", false)),
                        token.boolOr("special", false)));
            }
        }
        return added;
    }

    static TokenizerPipeline.Frame frame(
            JsonFields json, List<AddedToken> added, Normalizer normalizer, List<String> tokens) {
        Template template = TemplateJson.read(json, tokens);
        return new TokenizerPipeline.Frame(
                new AddedTokens(added, normalizer), normalizer, template, truncation(json), padding(json));
    }

    private static Truncation truncation(JsonFields json) {
        if (!json.has("truncation")) {
            return null;
        }
        JsonFields truncation = json.object("truncation");
        String strategy = truncation.textOr("strategy", "LongestFirst");
        if (!strategy.equals("LongestFirst")) {
            throw truncation.error("strategy", "'" + strategy + "' is not supported; expected LongestFirst");
        }
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
        JsonFields padding = json.object("padding");
        int fixed = 0;
        if (padding.has("strategy") && padding.node().get("strategy").isObject()) {
            fixed = padding.object("strategy").id("Fixed");
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

    /// The type of a part such as `normalizer`, or "" where it is null.
    static String type(JsonFields json, String part) {
        return json.has(part) ? json.object(part).text("type") : "";
    }

    static TokenizerException unsupported(JsonFields json, String part, String expected) {
        String type = type(json, part);
        return json.error(
                part, (type.isEmpty() ? "null" : "'" + type + "'") + " is not supported here; expected " + expected);
    }
}
