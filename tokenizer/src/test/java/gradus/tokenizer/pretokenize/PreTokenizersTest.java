package gradus.tokenizer.pretokenize;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tokenizer.Texts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Holds each scanner to the published pattern, run by java.util.regex.
class PreTokenizersTest {
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "cl100k", "llama3", "qwen2", "o200k"})
    void scannersFollowThePublishedPatterns(String name) {
        PreTokenizer scanner = PreTokenizers.named(name);
        Pattern pattern = regex(scanner);
        var random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            String text = Texts.random(random) + Texts.random(random);
            assertThat(cut(scanner, text)).as("%s on '%s'", name, text).isEqualTo(matches(pattern, text));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "cl100k", "llama3", "qwen2", "o200k"})
    void everyCharacterIsClassedAsInThePattern(String name) {
        PreTokenizer scanner = PreTokenizers.named(name);
        Pattern pattern = regex(scanner);
        var text = new StringBuilder();
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if (Character.isDefined(c)
                    && Character.getType(c) != Character.SURROGATE
                    && Character.getType(c) != Character.PRIVATE_USE) {
                String s = Character.toString(c);
                text.append("a")
                        .append(s)
                        .append("b ")
                        .append(s)
                        .append("1")
                        .append(s)
                        .append(s)
                        .append("'s");
            }
            if (text.length() > 20_000 || c == Character.MAX_CODE_POINT) {
                assertThat(cut(scanner, text.toString())).isEqualTo(matches(pattern, text.toString()));
                text.setLength(0);
            }
        }
    }

    /// What threads that share a text rely on: where a space stands between two letters, a pre-token ends.
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "cl100k", "llama3", "qwen2", "o200k"})
    void aTextMayBeCutBeforeASpaceBetweenLetters(String name) {
        PreTokenizer scanner = PreTokenizers.named(name);
        assertThat(scanner.endsBeforeSpaces()).isTrue();
        var random = new Random(2);
        for (int i = 0; i < 10_000; i++) {
            String before = Texts.random(random) + "a";
            String after = " b" + Texts.random(random);
            List<String> parts = new ArrayList<>(cut(scanner, before));
            parts.addAll(cut(scanner, after));
            assertThat(cut(scanner, before + after))
                    .as("'%s'|'%s'", before, after)
                    .isEqualTo(parts);
        }
    }

    @Test
    void leavesOneSpaceToTheNextWord() {
        assertThat(cut(new Gpt2PreTokenizer(), "a   b")).containsExactly("a", "  ", " b");
        assertThat(cut(new Gpt2PreTokenizer(), "I'll, he'LL")).containsExactly("I", "'ll", ",", " he", "'", "LL");
        assertThat(cut(new Llama3PreTokenizer(), "12345 he'LL\n\n x"))
                .containsExactly("123", "45", " he", "'LL", "\n\n", " x");
        assertThat(cut(new Qwen2PreTokenizer(), "123")).containsExactly("1", "2", "3");
        assertThat(cut(new O200kPreTokenizer(), "camelCase don't")).containsExactly("camel", "Case", " don't");
        assertThat(cut(new Cl100kPreTokenizer(), "x\n  ")).containsExactly("x", "\n  ");
        assertThat(cut(new Llama3PreTokenizer(), "x\n  ")).containsExactly("x", "\n", "  ");
    }

    private static Pattern regex(PreTokenizer scanner) {
        // Java's `$` would match before a last newline too; the patterns' engines mean the end of the text.
        return Pattern.compile(
                scanner.pattern().orElseThrow().replace("\\s++$", "\\s++\\z"),
                Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNICODE_CASE);
    }

    private static List<String> cut(PreTokenizer scanner, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        var pieces = new ArrayList<String>();
        for (int from = 0; from < utf8.length; ) {
            int to = scanner.end(utf8, from, utf8.length);
            pieces.add(new String(utf8, from, to - from, StandardCharsets.UTF_8));
            from = to;
        }
        return pieces;
    }

    private static List<String> matches(Pattern pattern, String text) {
        var pieces = new ArrayList<String>();
        for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
            pieces.add(matcher.group());
        }
        return pieces;
    }

    /// Oniguruma, which runs the patterns of tokenizer.json elsewhere, has no possessive `{1,3}+`: it would
    /// keep a number of any length in one piece.
    @Test
    void u3_noPatternOfATokenizerJsonRepeatsARepetition() {
        for (String name : PreTokenizers.names()) {
            PreTokenizer cut = PreTokenizers.named(name);
            assertThat(cut.patternInJson().orElseThrow()).as(name).doesNotContainPattern("\\d}[+*]");
            assertThat(PreTokenizers.ofPattern(cut.patternInJson().orElseThrow(), List.of()))
                    .map(PreTokenizer::name)
                    .contains(name);
            assertThat(PreTokenizers.ofPattern(cut.pattern().orElseThrow(), List.of()))
                    .map(PreTokenizer::name)
                    .contains(name);
        }
    }
}
