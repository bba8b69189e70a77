package gradus.train.preference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Answers with labels, and files of which only the prompts are taken.
class UnpairedFileTest {
    private static final String USER = "{'role': 'user', 'content': 'q'}";
    private static final String SAID = "{'role': 'assistant', 'content': 'a'}";

    @TempDir
    private Path folder;

    private Path file(String... rows) throws IOException {
        return Files.writeString(
                folder.resolve("p.jsonl"), String.join("\n", rows).replace('\'', '"') + "\n");
    }

    private String at(int line) {
        return folder.resolve("p.jsonl") + ":" + line;
    }

    @Test
    void readsTextsMessagesAndPairs() throws IOException {
        List<LabelledAnswer> all = UnpairedFile.read(file(
                "{'prompt': 'The sky is', 'completion': ' blue.', 'label': true}",
                "{'prompt': 'The sky is', 'completion': ' green.', 'label': false, 'source': 'x'}",
                "{'prompt': [%s], 'completion': [%s], 'label': true}".formatted(USER, SAID),
                "{'prompt': 'p', 'chosen': 'c', 'rejected': 'r'}"));
        Prompt.Text first = new Prompt.Text(at(1), "The sky is");
        Prompt.Text last = new Prompt.Text(at(4), "p");
        assertThat(all).hasSize(5);
        assertThat(all.get(0)).isEqualTo(new LabelledAnswer.Text(first, " blue.", true));
        assertThat(all.get(1).desirable()).isFalse();
        assertThat(all.get(1).prompt().words()).isEqualTo(first.words());
        assertThat(all.get(2)).isInstanceOf(LabelledAnswer.Chat.class);
        assertThat(all.get(3)).isEqualTo(new LabelledAnswer.Text(last, "c", true));
        assertThat(all.get(4)).isEqualTo(new LabelledAnswer.Text(last, "r", false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'prompt': 'p', 'completion': 'a'} | \"label\" must be true or false; it is missing",
                "{'prompt': 'p', 'completion': 'a', 'label': 1} | \"label\" must be true or false; got 1",
                "{'prompt': 'p', 'completion': 'a', 'label': 'true'} | must be true or false; got \"true\"",
                "{'prompt': 'p', 'completion': 'a', 'label': null} | must be true or false",
                "{'prompt': 'p', 'label': true} | \"completion\" is missing: a row has prompt, completion and label",
                "{'completion': 'a', 'label': true} | \"prompt\" is missing",
                "{'prompt': 'p', 'completion': '', 'label': true} | \"completion\" is empty",
                "{'prompt': 'p', 'completion': 3, 'label': true} | must be a text or a list of messages; got 3",
                "{'prompt': [], 'completion': 'a', 'label': true} | \"prompt\" must be a text, as \"completion\" is",
                "{'prompt': 'p', 'completion': 'a', 'label': true, 'tools': []} | \"tools\" go with messages",
                "{'prompt': 'p', 'completion': 'a', 'label': true, 'labels': 1} | labels",
                "{'prompt': 'p', 'completion': 'a', 'label': true, 'rejected': 'b'} | rejected",
                "{'prompt': [{'role': 'assistant', 'content': 'a'}], 'completion': [{'role': 'assistant', 'content': 'a'}], 'label': true} | the prompt must end",
                "{'prompt': [{'role': 'user', 'content': 'q'}], 'completion': [{'role': 'assistant', 'content': ''}], 'label': true} | turn is empty",
                "{'prompt': [{'role': 'user', 'content': 'q'}], 'completion': [], 'label': true} | \"completion\" is empty",
                "[3] | expected an object",
                "{'prompt': | is not valid JSON",
            })
    void namesFileAndLineOfAFault(String row, String reason) throws IOException {
        Path file = file(row);
        assertThatThrownBy(() -> UnpairedFile.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(at(1))
                .hasMessageContaining(reason);
    }

    @Test
    void pairsAreNoUnpairedAnswersAndAreTold() throws IOException {
        Path file = file("{'prompt': 'p', 'completion': 'a', 'label': true}");
        assertThatThrownBy(() -> PreferenceFile.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("are for KTO");
    }

    // --- prompts

    @Test
    void differentPromptsAreTakenOfAnyRow() throws IOException {
        List<Prompt> prompts = PromptFile.read(file(
                "{'prompt': 'a'}",
                "{'prompt': 'b', 'completion': 'x', 'label': false}",
                "{'prompt': 'a', 'chosen': 'c', 'rejected': 'r'}",
                "{'chosen': 'so be it', 'rejected': 'so not'}",
                "{'prompt': [%s]}".formatted(USER)));
        assertThat(prompts).hasSize(4);
        assertThat(prompts.subList(0, 3))
                .containsExactly(
                        new Prompt.Text(at(1), "a"), new Prompt.Text(at(2), "b"), new Prompt.Text(at(4), "so"));
        assertThat(prompts.get(3).place()).isEqualTo(at(5));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'text': 'p'} | text",
                "{'id': 3} | \"prompt\" is missing: a row has a prompt",
                "{'prompt': 3} | must be a text or a list of messages; got 3",
                "{'prompt': 'a', 'tools': []} | \"tools\" go with messages",
                "{'prompt': [{'role': 'assistant', 'content': 'a'}]} | the prompt must end",
                "{'prompt': []} | \"prompt\" is empty",
                "{'prompt': 'a', 'completion': 'b'} | \"label\" must be true or false",
            })
    void aRowWithoutAPromptIsNamed(String row, String reason) throws IOException {
        Path file = file("{'prompt': 'first'}", row);
        assertThatThrownBy(() -> PromptFile.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(at(2))
                .hasMessageContaining(reason);
    }
}
