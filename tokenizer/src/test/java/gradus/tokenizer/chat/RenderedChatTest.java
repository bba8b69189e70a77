package gradus.tokenizer.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import gradus.error.TokenizerException;
import gradus.tokenizer.SpecialTokens;
import gradus.tokenizer.chat.RenderedChat.Span;
import gradus.tokenizer.chat.python.Limits;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where the generation blocks stand in a rendered text, and what a template is given besides the messages.
class RenderedChatTest {
    private static RenderedChat rendered(String template) {
        return ChatTemplate.of(template).render(Map.of("x", "ab"));
    }

    @Test
    void spansCountCharactersOfJavaAndCodePoints() {
        RenderedChat chat = rendered("a🦊{% generation %}b🦊{% endgeneration %}{% generation %}{% endgeneration %}c"
                + "{% generation %}{{ x }}{% endgeneration %}");
        assertThat(chat.text()).isEqualTo("a🦊b🦊cab");
        assertThat(chat.assistant()).containsExactly(new Span(3, 6), new Span(6, 6), new Span(7, 9));
        assertThat(chat.codePointSpans()).containsExactly(new Span(2, 4), new Span(4, 4), new Span(5, 7));
        assertThat(chat.spansAreWhole()).isTrue();
    }

    @Test
    void spansOfABlockThatIsCapturedAreNotTold() {
        assertThat(rendered("plain")).isEqualTo(new RenderedChat("plain", List.of(), true));
        for (String hiding : List.of(
                "{% macro m() %}{% generation %}y{% endgeneration %}{% endmacro %}{{ m() }}",
                "{% set s %}{% generation %}y{% endgeneration %}{% endset %}{{ s }}",
                "{% filter lower %}{% generation %}Y{% endgeneration %}{% endfilter %}")) {
            RenderedChat chat = rendered("{% generation %}x{% endgeneration %}" + hiding);
            assertThat(chat).as(hiding).isEqualTo(new RenderedChat("xy", List.of(), false));
            assertThat(chat.spansAreWhole()).isFalse();
        }
        String unused = "{% macro m() %}{% generation %}y{% endgeneration %}{% endmacro %}";
        assertThat(rendered(unused + "{% generation %}x{% endgeneration %}").assistant())
                .containsExactly(new Span(0, 1));
    }

    @Test
    void whatStandsAmongTheVariablesIsAsTransformersGivesIt() {
        ChatTemplate template = ChatTemplate.of(
                "{{ [messages[0].content, tools, documents, add_generation_prompt, bos_token, messages | length] }}");
        List<ChatMessage> messages = List.of(ChatMessage.user("U"));
        assertThat(template.render(messages, true).text()).isEqualTo("['U', None, None, True, Undefined, 1]");
        assertThat(template.render(messages, List.of(Map.of("k", 1)), false, Map.of("bos_token", "<s>"))
                        .text())
                .isEqualTo("['U', [{'k': 1}], None, False, '<s>', 1]");
        assertThat(template.render(messages, null, false, Map.of("add_generation_prompt", 5))
                        .text())
                .isEqualTo("['U', None, None, 5, Undefined, 1]");
    }

    @Test
    void theSourceAndTheClockAreItsOwn() {
        ChatTemplate template = ChatTemplate.of("{{ strftime_now('%Y') }}");
        Clock clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
        assertThat(template.withClock(clock).source())
                .isEqualTo(template.source())
                .isEqualTo("{{ strftime_now('%Y') }}");
        assertThat(template.withClock(clock).render(Map.of()).text()).isEqualTo("1970");
        assertThat(Integer.parseInt(template.render(Map.of()).text())).isGreaterThan(2024);
        assertThatThrownBy(() -> ChatTemplate.of((String) null)).hasMessage("chat template: expected a text; got null");
    }

    @Test
    void aTokenizersUsualTemplateIsFound() {
        SpecialTokens roles = SpecialTokens.NONE.withChatTemplates(Map.of("default", "usual", "tool_use", "tools"));
        assertThat(ChatTemplate.of(roles).source()).isEqualTo("usual");
    }

    /// Each limit may be reached and not passed.
    @ParameterizedTest
    @CsvSource(delimiter = '§', quoteCharacter = '`', textBlock = """
                    {{ 'x' * 4194304 }}{{ 'x' * 4194303 }}y§{{ 'x' * 4194304 }}{{ 'x' * 4194304 }}y§8,388,608 characters of output
                    {{ ('x' * 4194304)[0] }}§{{ ('x' * 4194305)[0] }}§4,194,304 characters in a string
                    {{ ([0] * 100000) | first }}§{{ ([0] * 100001) | first }}§100,000 elements in a list
                    {{ (2 ** 16383) % 2 }}§{{ (2 ** 16384) % 2 }}§16,384 bits in a number
                    {{ ('%.1000f' % 1) | first }}§{{ ('%.1001f' % 1) | first }}§1,000 digits of precision
                    {{ ('{:.1000f}'.format(1)) | first }}§{{ ('{:.1001f}'.format(1)) | first }}§1,000 digits of precision
                    {{ [1] | tojson(indent=1000) | length }}§{{ [1] | tojson(indent=1001) }}§1,000 spaces of indentation
                    """)
    void aLimitMayBeReached(String within, String beyond, String words) {
        Limits generous = Limits.DEFAULT.withSteps(10_000_000);
        assertThat(ChatTemplate.of(within, generous).render(Map.of()).text()).isNotEmpty();
        assertThatThrownBy(() -> ChatTemplate.of(beyond, generous).render(Map.of()))
                .isInstanceOf(TokenizerException.class)
                .hasMessage("chat template, line 1: the limit of " + words
                        + " is exceeded: is the template meant to do harm?");
    }

    /// Where the limit allows more than the thread's stack holds, the stack's end counts as the limit.
    @Test
    void aThreadWithLittleStackEndsByTheLimitToo() throws Exception {
        Limits deep = new Limits(100_000_000, 1 << 23, 1 << 22, 100_000, 1_000_000, 60, 400, 1 << 18);
        ChatTemplate endless = ChatTemplate.of("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", deep);
        var told = new AtomicReference<Throwable>();
        var thread = new Thread(
                null, () -> told.set(catchThrowable(() -> endless.render(Map.of()))), "little stack", 1 << 19);
        thread.start();
        thread.join();
        assertThat(told.get())
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("the limit of 1,000,000 levels of recursion is exceeded");
    }

    @Test
    void anErrorWithoutALineIsToldWithout() {
        String longer = "x".repeat(Limits.DEFAULT.templateLength() + 1);
        assertThat(ChatTemplate.of(longer.substring(1)).source()).hasSize(1 << 18);
        assertThatThrownBy(() -> ChatTemplate.of(longer))
                .hasMessage("chat template: the limit of 262,144 characters of template is exceeded: is the template"
                        + " meant to do harm?");
    }

    @Test
    void limitsAreChangedOneByOne() {
        Limits few = Limits.DEFAULT.withSteps(5);
        assertThat(few).isEqualTo(new Limits(5, 1 << 23, 1 << 22, 100_000, 400, 60, 400, 1 << 18));
        assertThat(Limits.DEFAULT.withOutputLength(7))
                .isEqualTo(new Limits(1_000_000, 7, 7, 100_000, 400, 60, 400, 1 << 18));
    }
}
