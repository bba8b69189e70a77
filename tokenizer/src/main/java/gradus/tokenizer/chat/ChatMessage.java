package gradus.tokenizer.chat;

import gradus.error.Printable;
import gradus.error.TokenizerException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// One message of a conversation: a role, a content, and what else a template may ask for (`name`, `tool_calls`,
/// `tool_call_id`, `reasoning_content`), by the names that transformers and the OpenAI API have for them.
///
/// @param fields the message as the template sees it, in order: null, Boolean, numbers, String, List, Map. A
///     field that is not there is undefined in the template, one that is null is `none`.
public record ChatMessage(Map<String, Object> fields) {
    public static final String ASSISTANT = "assistant";

    /// Throws TokenizerException unless there is a role.
    public ChatMessage {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        if (!(fields.get("role") instanceof String role) || role.isEmpty()) {
            throw new TokenizerException(
                    "a message must have a 'role', such as \"user\"; it has " + Printable.value(fields.keySet()));
        }
    }

    /// A call of a tool that the assistant asks for.
    ///
    /// @param id        what the tool's answer refers to; null where the model's template has no ids
    /// @param name      the function's name
    /// @param arguments its arguments by name, in the terms of [ChatMessage#fields]
    public record ToolCall(String id, String name, Map<String, Object> arguments) {
        Map<String, Object> fields() {
            var function = new LinkedHashMap<String, Object>();
            function.put("name", name);
            function.put("arguments", arguments);
            var fields = new LinkedHashMap<String, Object>();
            if (id != null) {
                fields.put("id", id);
            }
            fields.put("type", "function");
            fields.put("function", function);
            return fields;
        }
    }

    public static ChatMessage of(String role, String content) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("role", role);
        fields.put("content", content);
        return new ChatMessage(fields);
    }

    public static ChatMessage system(String content) {
        return of("system", content);
    }

    public static ChatMessage user(String content) {
        return of("user", content);
    }

    public static ChatMessage assistant(String content) {
        return of(ASSISTANT, content);
    }

    /// The assistant's wish to call tools.
    ///
    /// @param content what it says besides, or null
    public static ChatMessage assistant(String content, List<ToolCall> calls) {
        var fields = new ArrayList<Object>();
        calls.forEach(call -> fields.add(call.fields()));
        return assistant(content).with("tool_calls", fields);
    }

    /// A tool's answer.
    ///
    /// @param callId the id of the call, or null
    public static ChatMessage tool(String callId, String content) {
        ChatMessage message = of("tool", content);
        return callId == null ? message : message.with("tool_call_id", callId);
    }

    /// A message whose content has parts, such as `{"type": "text", "text": …}`.
    public static ChatMessage ofParts(String role, List<Map<String, Object>> parts) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("role", role);
        fields.put("content", parts);
        return new ChatMessage(fields);
    }

    /// A message as JSON has it.
    @SuppressWarnings("unchecked")
    public static ChatMessage of(JsonNode json) {
        if (!json.isObject()) {
            throw new TokenizerException("a message must be a JSON object; got " + json.getNodeType());
        }
        return new ChatMessage((Map<String, Object>) ChatValues.of(json));
    }

    public ChatMessage with(String field, Object value) {
        var all = new LinkedHashMap<>(fields);
        all.put(field, value);
        return new ChatMessage(all);
    }

    public String role() {
        return (String) fields.get("role");
    }

    /// Text, a list of parts, or null.
    public Object content() {
        return fields.get("content");
    }

    public boolean isAssistant() {
        return role().equals(ASSISTANT);
    }

    /// Whether it says nothing and calls nothing.
    public boolean isEmpty() {
        return isBlank(content()) && isBlank(fields.get("tool_calls"));
    }

    private static boolean isBlank(Object value) {
        return value == null
                || value instanceof String text && text.isBlank()
                || value instanceof List<?> list && list.isEmpty();
    }
}
