package gradus.train.generate.constrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.tokenizer.CharTokenizer;
import gradus.tokenizer.Tokenizer;
import gradus.train.generate.Constraint;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What grows with a language must not grow too fast. The times are ten times those of a busy machine, and a
/// tenth of what the same takes where nothing is shared.
class LargeLanguagesTest {
    private static final Tokenizer PARTS = new PartsTokenizer();

    private static Regex schema(String json) {
        return JsonSchema.parse(json.replace('\'', '"'), "s");
    }

    private static int walked(Automaton automaton, String text) {
        return automaton.walk(Automaton.START, text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    /// Chains of properties that may be left out need no deep stack, with a last that may or may not.
    @ParameterizedTest
    @ValueSource(strings = {"", ",'required':['p1999']"})
    @Timeout(60)
    void aThousandPropertiesThatMayBeLeftOut(String required) {
        String properties = IntStream.range(0, 2000)
                .mapToObj(i -> "'p" + i + "':{'type':'null'}")
                .collect(Collectors.joining(","));
        Automaton automaton =
                new Automaton(schema("{'type':'object','properties':{" + properties + "}" + required + "}"));
        assertThat(automaton.accepts(walked(automaton, "{'p7':null,'p1200': null,'p1999':null}")))
                .isTrue();
        assertThat(automaton.accepts(walked(automaton, "{'p1999':null}"))).isTrue();
        assertThat(automaton.accepts(walked(automaton, "{'p7':null}"))).isEqualTo(required.isEmpty());
        assertThat(walked(automaton, "{'p7':null,'p6'")).isEqualTo(Automaton.DEAD);
    }

    /// One bit for each token and state is kept: 8,000 tokens at 150 states are 0.15 megabytes. A map from each
    /// token to the state behind it, with some 60 bytes an entry, would have 70.
    @Test
    @Timeout(60)
    void whatIsKeptIsSmall() {
        String letters = IntStream.range(0x4E00, 0x4E00 + 8_000)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
        Tokenizer many = CharTokenizer.of(letters + '"');
        Constraint constraint = TokenConstraint.of(schema("{'type':'string','maxLength':160}"), many, Set.of());
        Constraint.Progress progress = constraint.begin();
        progress.accept(many.tokenToId("\""));
        long before = used();
        for (int i = 0; i < 150; i++) {
            assertThat(progress.allowed().cardinality()).isEqualTo(8_001);
            progress.accept(many.tokenToId(Character.toString(0x4E00 + i)));
        }
        assertThat(used() - before).isLessThan(30_000_000);
        progress.accept(many.tokenToId("\""));
        assertThat(progress.complete()).isTrue();
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /// To its end, though it passes more states than are kept at a time.
    @Test
    @Timeout(60)
    void aLongStringWithABound() {
        Constraint constraint =
                TokenConstraint.of(schema("{'type':'string','minLength':3000,'maxLength':3000}"), PARTS, Set.of());
        Constraint.Progress progress = constraint.begin();
        progress.accept('"');
        byte[] bytes = "x語é".repeat(1000).getBytes(StandardCharsets.UTF_8);
        for (byte each : bytes) {
            assertThat(progress.allowed().get('"')).isFalse();
            progress.accept(each & 0xFF);
        }
        assertThat(progress.allowed().stream().toArray()).containsExactly('"');
        progress.accept('"');
        assertThat(progress.complete()).isTrue();
    }

    @Test
    @Timeout(60)
    void aPatternWithABound() {
        Constraint constraint = TokenConstraint.of(
                schema("{'type':'string','pattern':'^[a-z ]+[.]$','maxLength':400}"), PARTS, Set.of());
        Constraint.Progress progress = constraint.begin();
        progress.accept('"');
        for (int i = 0; i < 399; i++) {
            assertThat(progress.allowed().get('.')).isEqualTo(i > 0);
            progress.accept('a' + i % 26);
        }
        assertThat(progress.allowed().stream().toArray()).containsExactly('.');
    }

    /// What was found to lead on is not searched again from the next state.
    @Test
    @Timeout(60)
    void aPatternBehindManyCharacters() {
        Automaton automaton = new Automaton(schema("{'type':'string','pattern':'a$','minLength':300}"));
        assertThat(automaton.accepts(walked(automaton, "'" + "b".repeat(299) + "a'")))
                .isTrue();
        assertThat(walked(automaton, "'" + "b".repeat(300) + "'")).isEqualTo(Automaton.DEAD);
    }

    @Test
    @Timeout(60)
    void countsInCountsAreRefused() {
        for (String expression : List.of("((a{1,100}){1,100}){1,100}b", "((a{1,100}){1,100}){1,100}b|c")) {
            Automaton automaton = new Automaton(RegexSyntax.parse(expression));
            assertThatThrownBy(() -> walked(automaton, "a".repeat(9000)))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("over 2000 ways to go on at one place; use smaller counts");
        }
        List<String> words = new ArrayList<>(); // many from the beginning are no such growth
        for (int i = 0; i < 5000; i++) {
            words.add(Integer.toString(i, 36) + "!");
        }
        Automaton choice = new Automaton(RegexSyntax.parse(String.join("|", words.subList(0, 2200))));
        assertThat(choice.accepts(walked(choice, "1a!"))).isTrue();
    }

    /// Spelled are the two classes, and all characters.
    @Test
    @Timeout(60)
    void aClassThatComesAgainIsSpelledOnce() {
        List<CodePoints> spelled = new ArrayList<>();
        Regex regex = RegexSyntax.search("^" + "\\p{L}\\d".repeat(1400) + "$", set -> {
            spelled.add(set);
            return set.utf8();
        });
        assertThat(spelled).hasSize(3);
        Automaton automaton = new Automaton(regex);
        assertThat(automaton.accepts(walked(automaton, "é1".repeat(1400)))).isTrue();
    }
}
