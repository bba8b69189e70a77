package gradus.lessons.retrieve.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecursiveChunkerTest {
    static Stream<Golden.Recursive> golden() throws IOException {
        return Golden.read().recursive().stream();
    }

    private static List<Pattern> separators(String name) {
        return switch (name) {
            case "text" -> Separators.TEXT;
            case "markdown" -> Separators.MARKDOWN;
            case "java" -> Separators.JAVA;
            case "python" -> Separators.PYTHON;
            case "latex" -> Separators.LATEX;
            case "html" -> Separators.HTML;
            default -> throw new AssertionError(name);
        };
    }

    /// But that LangChain's last chunk may be the end of the one before.
    @ParameterizedTest
    @MethodSource("golden")
    void asLangChain(Golden.Recursive golden) {
        ChunkSize size = ChunkSize.of(golden.size()).withOverlap(golden.overlap());
        List<Chunk> chunks = new RecursiveChunker(separators(golden.separators()), size).chunk(golden.text());
        List<String> expected = golden.chunks();
        if (expected.size() == chunks.size() + 1
                && expected.get(chunks.size() - 1).endsWith(expected.getLast())) {
            expected = expected.subList(0, chunks.size());
        }
        assertThat(chunks).extracting(Chunk::text).isEqualTo(expected);
    }

    private static List<String> texts(String document, int size, int overlap) {
        return new RecursiveChunker(ChunkSize.of(size).withOverlap(overlap))
                .chunk(document).stream().map(Chunk::text).toList();
    }

    @Test
    void theCoarsestCutThatHelps() {
        String text = "# One\nA b. C d.\n\nE f. G h.\n# Two\nI j.";
        assertThat(texts(text, 40, 0)).containsExactly(text);
        assertThat(texts(text, 30, 0)).containsExactly("# One\nA b. C d.\n\nE f. G h.", "# Two\nI j.");
        assertThat(texts(text, 20, 0)).containsExactly("# One\nA b. C d.", "E f. G h.", "# Two\nI j.");
        assertThat(texts(text, 8, 0)).containsExactly("# One", "A b.", "C d.", "E f.", "G h.", "# Two", "I j.");
        assertThat(texts("abc", 1, 0)).containsExactly("a", "b", "c");
        assertThat(texts("中文很好。再见！", 6, 0)).containsExactly("中文很好。", "再见！");
    }

    @Test
    void aSeparatorThatMatchesTheEmptyTextEnds() {
        for (String separator : List.of("x*", "", "(?=b)", "$", "^", "\\b", "(?<=😀)", "(?:)")) {
            RecursiveChunker chunker = new RecursiveChunker(List.of(Pattern.compile(separator)), ChunkSize.of(2));
            String text = "abab😀x";
            assertThat(String.join(
                            "", chunker.chunk(text).stream().map(Chunk::text).toList()))
                    .as(separator)
                    .isEqualTo(text);
        }
    }

    @Test
    void withoutSeparatorsThereIsNothingToCutAt() {
        assertThatThrownBy(() -> new RecursiveChunker(List.of(), ChunkSize.of(2)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("at least one separator");
    }
}
