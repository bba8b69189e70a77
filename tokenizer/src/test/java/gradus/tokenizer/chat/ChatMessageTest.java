package gradus.tokenizer.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.TokenizerException;
import gradus.tokenizer.chat.ChatMessage.ToolCall;
import gradus.tokenizer.chat.python.Limits;
import gradus.tokenizer.json.JsonFile;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/// Messages, and the values of Java in them, as a template sees them.
class ChatMessageTest {
    private static ChatMessage json(String text) {
        return ChatMessage.of(
                JsonFile.parse(text.getBytes(StandardCharsets.UTF_8), "message").node());
    }

    private static String rendered(String template, Map<String, ?> context) {
        return ChatTemplate.of(template).render(context).text();
    }

    @Test
    void eachKindOfMessageHasTheFieldsThatTemplatesAskFor() {
        assertThat(ChatMessage.system("S").fields()).isEqualTo(Map.of("role", "system", "content", "S"));
        assertThat(ChatMessage.user("U").role()).isEqualTo("user");
        assertThat(ChatMessage.assistant("A").isAssistant()).isTrue();
        assertThat(ChatMessage.user("A").isAssistant()).isFalse();
        assertThat(ChatMessage.tool("c1", "T").fields())
                .isEqualTo(Map.of("role", "tool", "content", "T", "tool_call_id", "c1"));
        assertThat(ChatMessage.tool(null, "T").fields()).isEqualTo(Map.of("role", "tool", "content", "T"));
        assertThat(ChatMessage.ofParts("user", List.of(Map.of("type", "text"))).content())
                .isEqualTo(List.of(Map.of("type", "text")));
        ChatMessage calls = ChatMessage.assistant(
                null, List.of(new ToolCall("c1", "f", Map.of("x", 1)), new ToolCall(null, "g", Map.of())));
        assertThat(calls.fields().keySet()).containsExactly("role", "content", "tool_calls");
        assertThat(calls.fields().get("tool_calls"))
                .isEqualTo(List.of(
                        Map.of(
                                "id",
                                "c1",
                                "type",
                                "function",
                                "function",
                                Map.of("name", "f", "arguments", Map.of("x", 1))),
                        Map.of("type", "function", "function", Map.of("name", "g", "arguments", Map.of()))));
        assertThat(calls.with("content", "x").content()).isEqualTo("x");
        assertThat(calls.content()).isNull();
        assertThat(calls.role()).isEqualTo("assistant");
    }

    @Test
    void aMessageIsEmptyThatSaysNothingAndCallsNothing() {
        for (ChatMessage empty : List.of(
                ChatMessage.assistant(null),
                ChatMessage.assistant(""),
                ChatMessage.assistant(" \n"),
                ChatMessage.ofParts("assistant", List.of()),
                ChatMessage.assistant(null, List.of()))) {
            assertThat(empty.isEmpty()).as(empty.toString()).isTrue();
        }
        for (ChatMessage full : List.of(
                ChatMessage.assistant("x"),
                ChatMessage.ofParts("assistant", List.of(Map.of())),
                ChatMessage.assistant("", List.of(new ToolCall(null, "f", Map.of()))),
                ChatMessage.assistant("").with("tool_calls", "f()"),
                ChatMessage.assistant("").with("content", 5))) {
            assertThat(full.isEmpty()).as(full.toString()).isFalse();
        }
    }

    @Test
    void aRoleIsNeeded() {
        for (Map<String, Object> fields :
                List.<Map<String, Object>>of(Map.of("content", "x"), Map.of("role", ""), Map.of("role", 5))) {
            assertThatThrownBy(() -> new ChatMessage(fields))
                    .isInstanceOf(TokenizerException.class)
                    .hasMessageContaining("a message must have a 'role', such as \"user\"; it has ");
        }
        assertThatThrownBy(() -> ChatMessage.of(JsonNodeFactory.instance.arrayNode()))
                .hasMessage("a message must be a JSON object; got ARRAY");
        var fields = new HashMap<String, Object>(Map.of("role", "user"));
        var message = new ChatMessage(fields);
        fields.put("role", "system");
        assertThat(message.role()).isEqualTo("user");
        assertThatThrownBy(() -> message.fields().put("a", 1)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void jsonBecomesValuesOfJavaInTheFilesOrder() {
        ChatMessage message =
                json("{\"role\":\"user\",\"z\":[1,2.5,true,null,\"s\",12345678901234567890],\"a\":{\"b\":{}}}");
        assertThat(message.fields().keySet()).containsExactly("role", "z", "a");
        assertThat(message.fields().get("z"))
                .isEqualTo(Arrays.asList(BigInteger.ONE, 2.5, true, null, "s", new BigInteger("12345678901234567890")));
        assertThat(message.fields().get("a")).isEqualTo(Map.of("b", Map.of()));
    }

    @Test
    void everyNumberOfJavaIsANumberOfTheTemplate() {
        Map<String, Object> context =
                Map.of("i", 7, "l", 1L << 40, "b", BigInteger.TEN.pow(20), "d", 0.5, "f", 0.25f, "t", true, "s", "x");
        assertThat(rendered("{{ [i, l, b, d, f, t, s] }}", context))
                .isEqualTo("[7, 1099511627776, 100000000000000000000, 0.5, 0.25, True, 'x']");
        assertThat(rendered("{{ [n] }}", Collections.singletonMap("n", null))).isEqualTo("[None]");
    }

    @Test
    void whatATemplateCannotSeeIsRefusedWithItsPlace() {
        assertThatThrownBy(() -> rendered("", Map.of("a", List.of(1, Map.of("b", new int[0])))))
                .hasMessage("a[1].b must be null, a boolean, a number, text, a list or a map; got int[]");
        assertThatThrownBy(() -> rendered("", Map.of("a", List.of(1, 2, 'c'))))
                .hasMessageStartingWith("a[2] must be null");
        assertThatThrownBy(() -> rendered("", Map.of("a", Map.of("x", Map.of(5, 1)))))
                .hasMessage("a.x has a key that is no text: 5");
    }

    /// 64 levels below the variable itself are read, and no more, whether of lists or of maps.
    @Test
    void valuesMayBeNestedSixtyFourDeep() {
        Object lists = 1;
        Object maps = 1;
        for (int i = 0; i < 64; i++) {
            lists = new ArrayList<>(List.of(lists));
            maps = Map.of("k", maps);
        }
        assertThat(rendered("{{ v }}", Map.of("v", lists))).isEqualTo("[".repeat(64) + "1" + "]".repeat(64));
        assertThat(rendered("{{ v | length }}", Map.of("v", maps))).isEqualTo("1");
        Object deeperList = List.of(lists);
        Object deeperMap = Map.of("k", maps);
        assertThatThrownBy(() -> rendered("", Map.of("v", deeperList)))
                .hasMessage("v" + "[0]".repeat(65) + " is nested more than 64 deep");
        assertThatThrownBy(() -> rendered("", Map.of("v", deeperMap)))
                .hasMessage("v" + ".k".repeat(65) + " is nested more than 64 deep");
    }

    @Test
    void valuesCountAsSteps() {
        Map<String, Object> context = Map.of("v", Collections.nCopies(50, Map.of("k", 1)));
        int least = 1 + 50 * 2 + 50; // the list, the maps with their values, and the keys
        ChatTemplate enough = ChatTemplate.of("", Limits.DEFAULT.withSteps(2 * least));
        assertThat(enough.render(context).text()).isEmpty();
        ChatTemplate little = ChatTemplate.of("", Limits.DEFAULT.withSteps(100));
        assertThatThrownBy(() -> little.render(context)).hasMessageContaining("the limit of 100 steps");
    }
}
