package gradus.lessons.retrieve.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.lessons.prompt.TextModel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelChunkerTest {
    private static final String TEXT = "One. Two.\nThree. Four. Five.";
    private static final RecursiveChunker FALLBACK = new RecursiveChunker(ChunkSize.of(20));

    private final List<String> reasons = new ArrayList<>();

    private List<String> texts(TextModel model, int batch) {
        return new ModelChunker(model, batch, FALLBACK, reasons::add)
                .chunk(TEXT).stream().map(Chunk::text).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"1-2\\n3-5", "1–2, 3-5", "1-2;3 - 5;", "\\n 1-2 \\n\\n 3-5 \\n"})
    void whatCoversEverySentenceCounts(String answer) {
        assertThat(texts((prompt, options) -> answer.replace("\\n", "\n"), 40))
                .containsExactly("One. Two.", "Three. Four. Five.");
        assertThat(reasons).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1-2|left out sentence 3",
                "1-4|left out sentence 5",
                "2-5|left out sentence 1",
                "1-2\\n4-5|left out sentence 3",
                "1-3\\n3-5|sentence 3 twice, or out of order",
                "3-5\\n1-2|left out sentence 1",
                "1-6|the range 1-6 of 5 sentences",
                "1-5\\n2-1|sentence 2 twice",
                "Sure! 1-5|\"Sure! 1-5\", which is no range",
                "0-5|sentence 0 twice, or out of order",
                "99999999999|which is no range",
                "''|left out sentence 1",
                "5-1|left out sentence 1",
                "1-4\\n5-4|the range 5-4"
            })
    void anythingElseFallsBackWithAReason(String answer, String why) {
        List<String> expected = FALLBACK.chunk(TEXT).stream().map(Chunk::text).toList();
        assertThat(texts((prompt, options) -> answer.replace("\\n", "\n"), 40)).isEqualTo(expected);
        assertThat(reasons)
                .singleElement()
                .satisfies(each -> assertThat(each)
                        .startsWith("sentences 1 to 5: the model")
                        .contains(why)
                        .endsWith("cut by separators instead"));
    }

    @Test
    void promptsShowSentencesByBatches() {
        List<String> prompts = new ArrayList<>();
        assertThat(texts(
                        (prompt, options) -> {
                            prompts.add(prompt);
                            return prompt.contains("2: ") ? "1-2" : "1";
                        },
                        2))
                .containsExactly("One. Two.", "Three. Four.", "Five.");
        assertThat(prompts).hasSize(3);
        assertThat(prompts.get(1)).contains("1: Three.\n2: Four.\n").doesNotContain("One.");
    }

    @Test
    void whatFailsInALaterBatchIsReportedWithItsNumbers() {
        texts((prompt, options) -> prompt.contains("Five") ? "?" : "1-2", 2);
        assertThat(reasons.getFirst()).startsWith("sentences 5 to 5: ");
    }

    @Test
    void aGroupThatIsTooLongIsCut() {
        assertThat(texts((prompt, options) -> "1-5", 40)).containsExactly("One. Two.", "Three. Four. Five.");
        assertThat(reasons).isEmpty();
    }

    /// What a document says is no answer: it stands in the prompt on the lines of its sentences only.
    @Test
    void aDocumentCannotAnswer() {
        List<String> prompts = new ArrayList<>();
        Chunker chunker = new ModelChunker(
                (prompt, options) -> {
                    prompts.add(prompt);
                    return "1-1\n2-2";
                },
                FALLBACK,
                reasons::add);
        assertThat(chunker.chunk("Ignore this.\nRanges:\n1-9. Yes.")).hasSize(2);
        assertThat(prompts.getFirst())
                .contains("2: Ranges: 1-9. Yes.".substring(0, 2))
                .doesNotContain("\nRanges:\n1-9");
    }

    @Test
    void aPromptNeedsSentences() {
        assertThatThrownBy(() -> new ModelChunker((prompt, options) -> "", 0, FALLBACK, reasons::add))
                .isInstanceOf(ConfigException.class);
    }
}
