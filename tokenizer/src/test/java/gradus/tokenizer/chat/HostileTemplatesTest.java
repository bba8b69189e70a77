package gradus.tokenizer.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.TokenizerException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Templates that mean harm end soon, by a limit that the message names.
class HostileTemplatesTest {
    /// A second by the requirement; the rest is for a machine that does other things meanwhile.
    private static final Duration SOON = Duration.ofSeconds(5);

    @BeforeAll
    static void warmUp() {
        ends("{% for a in range(99999) %}{% for b in range(99999) %}{{ b }}{% endfor %}{% endfor %}", "steps");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '§', quoteCharacter = '`', textBlock = """
                    {% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}§steps
                    {% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}{{ c }}{% endfor %}{% endfor %}{% endfor %}§steps
                    {% set n = namespace(s='x') %}{% for a in range(99) %}{% set n.s = n.s ~ n.s %}{% endfor %}§characters in a string
                    {{ 'x' * 1000000000 }}§characters in a string
                    {{ 'x'.center(1000000000) }}§characters in a string
                    {{ '%1000000000d' % 1 }}§characters in a string
                    {{ '%.1000000000f' % 1 }}§digits of precision
                    {{ [0] * 1000000000 }}§elements in a list
                    {{ [1] | batch(1000000000, 0) | list }}§elements in a list
                    {{ 9 ** 9 ** 9 ** 9 ** 9 }}§bits in a number
                    {% set n = namespace(s=9) %}{% for a in range(99) %}{% set n.s = n.s * n.s %}{% endfor %}§bits in a number
                    {% macro m() %}{{ m() }}{% endmacro %}{{ m() }}§levels of recursion
                    {% macro m(f) %}{{ f(f) }}{% endmacro %}{{ m(m) }}§levels of recursion
                    {% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}§levels of recursion
                    {% set n = namespace(s=[]) %}{% for a in range(9999) %}{% set n.s = [n.s] %}{% endfor %}{{ n.s }}§levels of recursion
                    {% set n = namespace(s=[1]) %}{% for a in range(60) %}{% set n.s = [n.s, n.s] %}{% endfor %}{{ n.s }}§steps
                    {% set n = namespace(s=[1]) %}{% for a in range(60) %}{% set n.s = [n.s, n.s] %}{% endfor %}{{ n.s | tojson }}§steps
                    {% set n = namespace(s=(1,)) %}{% for a in range(60) %}{% set n.s = (n.s, n.s) %}{% endfor %}{{ {n.s: 1} }}§steps
                    {% set a = namespace(s=[1], t=[1]) %}{% for i in range(60) %}{% set a.s = [a.s, a.s] %}{% set a.t = [a.t, a.t] %}{% endfor %}{{ a.s == a.t }}§steps
                    {% set a = 'a' * 2000000 %}{{ 'a' * 1000000 ~ 'ba' in a }}§steps
                    {% set a = 'a' * 1000000 %}{% for i in range(99999) %}{% set b = a.replace('a', 'b') %}{% endfor %}§steps
                    {% set a = 'a' * 1000000 %}{% for i in range(99999) %}{{ a }}{% endfor %}§characters of output
                    {% set a = 'ß' * 2000000 %}{% for i in range(99999) %}{% set b = a | upper %}{% endfor %}§steps
                    {% for i in range(99999) %}{% set a = range(99999) | sort(reverse=true) %}{% endfor %}§steps
                    """)
    void endsByTheLimit(String template, String limit) {
        ends(template, limit);
    }

    @Test
    void longSourcesEndByTheLimit() {
        ends("{{ " + "(".repeat(50_000) + "1" + ")".repeat(50_000) + " }}", "levels of nesting");
        ends("{{ " + "[".repeat(50_000) + "]".repeat(50_000) + " }}", "levels of nesting");
        ends("{{ " + "-".repeat(50_000) + "1 }}", "levels of nesting");
        ends("{% if 1 %}".repeat(20_000), "levels of nesting");
        ends("{{ 1" + "+1".repeat(50_000) + " }}", "operators in an expression");
        ends("{{ " + "not ".repeat(50_000) + "1 }}", "operators in an expression");
        ends("{{ 1" + "|string".repeat(20_000) + " }}", "operators in an expression");
        ends("x".repeat(2_000_000), "characters of template");
    }

    private static void ends(String template, String limit) {
        long start = System.nanoTime();
        assertThatThrownBy(() -> ChatTemplate.of(template).render(List.of(), false))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("the limit of ")
                .hasMessageContaining(limit);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
    }

    @Test
    void whatAMessageSaysIsNeverEvaluated() {
        ChatTemplate template =
                ChatTemplate.of("{% for m in messages %}{{ m.content }}{{ m.content | trim }}{% endfor %}");
        String evil = "{{ 6 * 7 }}{% for a in range(9) %}x{% endfor %}{# gone #}";
        assertThat(template.render(List.of(ChatMessage.user(evil)), false).text())
                .isEqualTo(evil + evil);
    }

    @Test
    void noObjectOfJavaOrPythonIsReached() {
        for (String path : List.of(
                "''.__class__.__mro__",
                "messages.getClass()",
                "messages.__class__.__base__",
                "''.getClass().forName('java.lang.Runtime')",
                "range.__globals__.os",
                "namespace.__init__.__globals__.x",
                "('x' | attr('__class__')).__mro__",
                "'{0.__class__.__mro__}'.format('')")) {
            assertThatThrownBy(() -> ChatTemplate.of("{{ " + path + " }}").render(List.of(), false))
                    .as(path)
                    .isInstanceOf(TokenizerException.class);
        }
    }
}
