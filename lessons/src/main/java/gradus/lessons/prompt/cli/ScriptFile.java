package gradus.lessons.prompt.cli;

import gradus.error.ConfigException;
import gradus.error.DataException;
import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.Exchange;
import gradus.lessons.prompt.RecordedModel;
import gradus.lessons.prompt.ScriptedModel;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.retrieve.extract.TextFiles;
import gradus.tokenizer.json.JsonFault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A model's answers in a JSON file, in one of two forms:
/// ```json
/// {"rules": [{"contains": "step by step", "answer": "3 + 4 = 7."}], "answers": ["first", "second"]}
/// {"exchanges": [{"prompt": "…", "options": {…}, "answer": "…"}]}
/// ```
/// In the first, a rule answers every prompt that contains its text; what no rule answers gets the answers in
/// their order. The second is a transcript, as `gradus prompt --json` prints it: what was asked then gets the
/// answer that it had then. Neither says how likely a text is, nor what a tool has brought.
final class ScriptFile {
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private ScriptFile() {}

    /// @throws DataException naming file and place of what is wrong
    static TextModel read(Path file) {
        JsonNode json;
        try {
            json = JSON.readTree(TextFiles.read(file));
        } catch (JacksonException broken) {
            throw new DataException(
                    file + JsonFault.place(broken) + " is no JSON: " + JsonFault.reason(broken), broken);
        }
        if (json.has("exchanges")) {
            return RecordedModel.replay(exchanges(file, json.get("exchanges")));
        }
        if (!json.isObject() || !json.has("rules") && !json.has("answers")) {
            throw new DataException(
                    file + " is no script: {\"answers\": [\"…\", …]}, {\"rules\": [{\"contains\": \"…\","
                            + " \"answer\": \"…\"}]}, or what gradus prompt --json has printed");
        }
        ScriptedModel model = ScriptedModel.empty();
        for (JsonNode rule : array(file, json, "rules")) {
            String part = text(file, "rules", rule.path("contains"));
            model.when(prompt -> prompt.contains(part), text(file, "rules", rule.path("answer")));
        }
        for (JsonNode answer : array(file, json, "answers")) {
            model.then(text(file, "answers", answer));
        }
        return model;
    }

    private static Iterable<JsonNode> array(Path file, JsonNode json, String key) {
        JsonNode array = json.path(key);
        if (!array.isArray() && json.has(key)) {
            throw new DataException(file + ": \"" + key + "\" must be an array");
        }
        return array;
    }

    private static String text(Path file, String key, JsonNode node) {
        if (!node.isString()) {
            throw new DataException(file + ": \"" + key + "\" holds what is no text"
                    + (key.equals("rules") ? "; a rule is {\"contains\": \"…\", \"answer\": \"…\"}" : ""));
        }
        return node.asString();
    }

    private static List<Exchange> exchanges(Path file, JsonNode array) {
        List<Exchange> all = new ArrayList<>();
        if (!array.isArray()) {
            throw new DataException(file + ": \"exchanges\" must be an array");
        }
        for (JsonNode each : array) {
            all.add(exchange(file, each, all.size() + 1));
        }
        return all;
    }

    private static Exchange exchange(Path file, JsonNode json, int number) {
        JsonNode options = json.path("options");
        boolean complete = json.path("prompt").isString()
                && json.path("answer").isString()
                && options.path("maxTokens").isInt()
                && options.path("temperature").isNumber()
                && options.path("seed").canConvertToLong()
                && options.path("stop").isArray()
                && options.path("stop").valueStream().allMatch(JsonNode::isString);
        if (!complete) {
            throw new DataException(file + ": exchange " + number + " must be {\"prompt\": \"…\", \"options\":"
                    + " {\"maxTokens\": …, \"temperature\": …, \"stop\": [\"…\", …], \"seed\": …}, \"answer\": \"…\"}");
        }
        try {
            return new Exchange(
                    json.path("prompt").asString(),
                    new CompletionOptions(
                            options.path("maxTokens").asInt(),
                            options.path("temperature").asDouble(),
                            options.path("stop")
                                    .valueStream()
                                    .map(JsonNode::asString)
                                    .toList(),
                            options.path("seed").asLong()),
                    json.path("answer").asString());
        } catch (ConfigException wrong) {
            throw new DataException(file + ": exchange " + number + ": " + wrong.getMessage(), wrong);
        }
    }
}
