package gradus.tokenizer.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.TokenizerException;
import gradus.tokenizer.SpecialTokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is wrong with a template or conversation is told in a line, with the template's line.
class ChatTemplateBadInputTest {
    private static final List<ChatMessage> HELLO = List.of(ChatMessage.user("Hello"));

    @ParameterizedTest
    @CsvSource(delimiter = '§', quoteCharacter = '`', textBlock = """
                    a⏎{{ 1 +⏎}}§line 3: unexpected '}}'
                    a⏎⏎{% for m in messages %}§line 3: the block 'for' that begins here is not closed: expected
                    {% if 1 %}⏎{% endfor %}§line 2: the block 'endfor' is unknown; the innermost open block is 'if'
                    ⏎{{ 'a' | nosuch }}§line 2: No filter named 'nosuch'.
                    ⏎{{ 'a' is nosuch }}§line 2: No test named 'nosuch'.
                    {% if messages %}⏎{{ 'a' | nosuch }}{% endif %}§line 2: No filter named 'nosuch' found.
                    {% include 'x' %}§line 1: the block 'include' is not supported
                    {{ 'a§line 1: a string is not closed
                    {{ a ) }}§line 1: unexpected ')'
                    {{ ( ] }}§line 1: unexpected ']', expected ')'
                    {{ a $ }}§line 1: unexpected character '$'
                    ⏎{# x§line 2: Missing end of comment tag
                    {% break %}§line 1: 'break' outside a loop
                    {% set true = 1 %}§line 1: can't assign to 'true'
                    {{ "\\x4" }}§line 1: truncated escape
                    {{ 012 }}§line 1: no valid number
                    ⏎{{ documents[0].text.upper() }}§line 2:
                    {{ who.name }}§line 1: 'who' is undefined
                    {{ messages[0].name.first }}§line 1: 'dict object' has no attribute 'name'
                    ⏎{{ raise_exception('roles must alternate') }}§line 2: roles must alternate
                    {{ 'a' + 1 }}§line 1: can only concatenate str (not "int") to str
                    {{ 1 / 0 }}§line 1: division by zero
                    {% for a, b in [[1]] %}{% endfor %}§line 1: not enough values to unpack (expected 2, got 1)
                    {{ 'x' | urlize }}§line 1: the filter 'urlize' is not supported
                    """)
    void aFaultIsToldWithItsLine(String template, String message) {
        assertThatThrownBy(() -> ChatTemplate.of(template.replace('⏎', '\n')).render(HELLO, false))
                .isInstanceOf(TokenizerException.class)
                .hasMessageStartingWith("chat template, " + message);
    }

    @Test
    void anUnknownFilterThatIsNotReachedWithinAnIfIsNoFault() {
        assertThat(ChatTemplate.of("{% if 0 %}{{ 1 | nosuch }}{% endif %}{{ 1 if 1 else 2 | nosuch }}")
                        .render(HELLO, false)
                        .text())
                .isEqualTo("1");
    }

    @Test
    void aModelWithoutTemplateIsTold() {
        assertThatThrownBy(() -> ChatTemplate.of(SpecialTokens.NONE)).hasMessageContaining("has no chat template");
        assertThatThrownBy(() -> ChatTemplate.choose(Map.of("a", "x", "b", "y"), null, false))
                .hasMessage("there is no chat template 'default'; there are [a, b]");
    }

    @Test
    void withToolsTheTemplateForToolsIsChosen() {
        Map<String, String> two = Map.of("default", "usual", "tool_use", "tools");
        assertThat(ChatTemplate.choose(two, null, true).source()).isEqualTo("tools");
        assertThat(ChatTemplate.choose(two, null, false).source()).isEqualTo("usual");
        assertThat(ChatTemplate.choose(two, "default", true).source()).isEqualTo("usual");
        assertThat(ChatTemplate.choose(Map.of("default", "usual"), null, true).source())
                .isEqualTo("usual");
    }

    @Test
    void aFolderSaysItsTemplate(@TempDir Path folder) throws Exception {
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"chat_template\":[{\"name\":\"default\",\"template\":\"of the list\"}]}");
        assertThat(ChatTemplate.load(folder).source()).isEqualTo("of the list");
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"chat_template\":\"of the configuration\"}");
        assertThat(ChatTemplate.load(folder).source()).isEqualTo("of the configuration");
        Files.writeString(folder.resolve("chat_template.jinja"), "of its own file");
        assertThat(ChatTemplate.load(folder).source()).isEqualTo("of its own file");
    }

    @Test
    void aMessageNeedsARole() {
        assertThatThrownBy(() -> new ChatMessage(Map.of("content", "x"))).hasMessageContaining("must have a 'role'");
    }

    @Test
    void aValueOfAnotherKindIsRefused() {
        assertThatThrownBy(() -> ChatTemplate.of("").render(Map.of("a", List.of(new Object()))))
                .hasMessage("a[0] must be null, a boolean, a number, text, a list or a map; got Object");
    }
}
