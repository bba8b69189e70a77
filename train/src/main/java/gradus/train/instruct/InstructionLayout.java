package gradus.train.instruct;

import gradus.error.DataException;
import gradus.error.Printable;
import gradus.tokenizer.chat.ChatMessage;
import gradus.tokenizer.json.KnownKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// How a row of a file holds a conversation. Each key of a row is obeyed, or harmless for a reason that is
/// given, or refused: a row that says more than is read would be learned otherwise than its author meant.
public enum InstructionLayout {
    /// `{"messages": [{"role": "user", "content": "…"}, …]}`, as OpenAI's API and TRL have it; `tools` may
    /// stand beside.
    MESSAGES("messages") {
        @Override
        Conversation read(Row row) {
            List<ChatMessage> messages = new ArrayList<>();
            for (JsonNode each : row.list("messages")) {
                row.check(each, InstructionKeys.MESSAGE);
                messages.add(row.message(each));
            }
            return new Conversation(row.place(), messages, row.tools());
        }
    },

    /// `{"conversations": [{"from": "human", "value": "…"}, {"from": "gpt", "value": "…"}]}`; a `system` text
    /// may stand beside.
    SHAREGPT("conversations") {
        @Override
        Conversation read(Row row) {
            List<ChatMessage> messages = new ArrayList<>();
            row.text("system").ifPresent(text -> messages.add(ChatMessage.system(text)));
            for (JsonNode each : row.list("conversations")) {
                row.check(each, InstructionKeys.TURN);
                messages.add(ChatMessage.of(role(row, row.required(each, "from")), row.required(each, "value")));
            }
            return new Conversation(row.place(), messages, null);
        }

        private static String role(Row row, String from) {
            return switch (from) {
                case "human", "user" -> "user";
                case "gpt", "assistant", "chatgpt", "bing", "bard" -> ChatMessage.ASSISTANT;
                case "system" -> "system";
                default ->
                    throw row.fault(
                            "\"from\": %s is not known; human, gpt and system are".formatted(Printable.value(from)));
            };
        }
    },

    /// `{"instruction": "…", "input": "…", "output": "…"}`, as Stanford's Alpaca has it. The user says the
    /// instruction and, on a line of its own, the input. `system` and `history`, a list of earlier pairs, may
    /// stand beside.
    ALPACA("instruction") {
        @Override
        Conversation read(Row row) {
            List<ChatMessage> messages = new ArrayList<>();
            row.text("system").ifPresent(text -> messages.add(ChatMessage.system(text)));
            if (row.has("history")) {
                for (JsonNode pair : row.list("history")) {
                    if (pair.size() != 2
                            || !pair.path(0).isString()
                            || !pair.path(1).isString()) {
                        throw row.fault("\"history\" must hold pairs of texts");
                    }
                    messages.add(ChatMessage.user(pair.get(0).stringValue()));
                    messages.add(ChatMessage.assistant(pair.get(1).stringValue()));
                }
            }
            String instruction = row.required("instruction");
            String input = row.text("input").orElse("");
            messages.add(ChatMessage.user(input.isEmpty() ? instruction : instruction + "\n" + input));
            messages.add(ChatMessage.assistant(row.required("output")));
            return new Conversation(row.place(), messages, null);
        }
    };

    private final String mark;

    /// @param mark the key that only rows of this layout have
    InstructionLayout(String mark) {
        this.mark = mark;
    }

    abstract Conversation read(Row row);

    /// The layout of a row, by its keys.
    static Optional<InstructionLayout> of(JsonNode row) {
        for (InstructionLayout layout : values()) {
            if (row.isObject() && row.has(layout.mark)) {
                return Optional.of(layout);
            }
        }
        return Optional.empty();
    }

    /// The name that messages and people use.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// A JSON object that knows where it stands.
    ///
    /// @param place `file:line`
    public record Row(String place, JsonNode json) {
        public DataException fault(String what) {
            return new DataException(place + ": " + what);
        }

        public void check(JsonNode object, KnownKeys known) {
            if (!object.isObject()) {
                throw fault(
                        "expected an object; got " + object.getNodeType().name().toLowerCase(Locale.ROOT));
            }
            known.fault(
                            object.propertyNames(),
                            key -> object.get(key).isNull()
                                    ? null
                                    : object.get(key).toString())
                    .ifPresent(what -> {
                        throw fault(what);
                    });
        }

        public boolean has(String key) {
            return json.hasNonNull(key);
        }

        public Iterable<JsonNode> list(String key) {
            JsonNode list = json.get(key);
            if (!list.isArray()) {
                throw fault("\"%s\" must be a list".formatted(key));
            }
            return list;
        }

        /// A text that may be missing; an empty one counts as missing.
        Optional<String> text(String key) {
            return has(key) ? Optional.of(required(json, key)).filter(text -> !text.isEmpty()) : Optional.empty();
        }

        public String required(String key) {
            return required(json, key);
        }

        String required(JsonNode object, String key) {
            JsonNode value = object.get(key);
            if (value == null || !value.isString()) {
                throw fault("\"%s\" must be a text; %s"
                        .formatted(key, value == null ? "it is missing" : "got " + Printable.value(value)));
            }
            return value.stringValue();
        }

        public ChatMessage message(JsonNode object) {
            required(object, "role");
            JsonNode content = object.get("content");
            boolean calls = object.hasNonNull("tool_calls");
            if (content == null && !calls || content != null && content.isNull() && !calls) {
                throw fault("\"content\" must be a text or a list of parts; it is missing");
            }
            if (content != null && !content.isString() && !content.isArray() && !content.isNull()) {
                throw fault("\"content\" must be a text or a list of parts; got " + Printable.value(content));
            }
            return ChatMessage.of(object);
        }

        /// The tools of a row as a template takes them, or null.
        @SuppressWarnings("unchecked")
        public List<Map<String, Object>> tools() {
            if (!has("tools")) {
                return null;
            }
            List<Map<String, Object>> tools = new ArrayList<>();
            for (JsonNode tool : list("tools")) {
                if (!tool.isObject()) {
                    throw fault("\"tools\" must hold objects; got " + Printable.value(tool));
                }
                // a message is the way from JSON to a template's terms, and needs a role
                ChatMessage carrier = ChatMessage.of(InstructionFile.object("tool", tool));
                tools.add((Map<String, Object>) ((List<?>) carrier.content()).getFirst());
            }
            return tools;
        }
    }
}
