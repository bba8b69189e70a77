package gradus.train.preference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreferenceFileTest {
    private static final String USER = "{'role': 'user', 'content': 'q'}";

    @TempDir
    private Path folder;

    private Preference only(String row) throws IOException {
        return PreferenceFile.read(file(row)).getFirst();
    }

    private Path file(String row) throws IOException {
        return Files.writeString(folder.resolve("p.jsonl"), row.replace('\'', '"') + "\n");
    }

    private static String said(String text) {
        return "{'role': 'assistant', 'content': '%s'}".formatted(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "The sky is blue | The sky is green | The sky is | \" blue\" | \" green\"",
                "The sky is | The sky is new | The sky i | s | s new", // the shorter one is a beginning
                "abc | abd | ab | c | d",
                "x\uD83D\uDE00 | x\uD83D\uDE01 | x | \uD83D\uDE00 | \uD83D\uDE01", // surrogates with one half in common
            })
    void findsThePromptOfTexts(String chosen, String rejected, String prompt, String better, String worse)
            throws IOException {
        assertThat(only("{'chosen': '%s', 'rejected': '%s'}".formatted(chosen, rejected)))
                .isEqualTo(new Preference.Text(folder.resolve("p.jsonl") + ":1", prompt, better, worse, 0));
    }

    @Test
    void readsAPromptAndAMargin() throws IOException {
        assertThat(only("{'prompt': 'p', 'chosen': 'a', 'rejected': 'ab', 'margin': 1.5, 'source': 'x'}"))
                .isEqualTo(new Preference.Text(folder.resolve("p.jsonl") + ":1", "p", "a", "ab", 1.5));
    }

    @Test
    void messagesAreTheSameWithAndWithoutPrompt() throws IOException {
        Preference with =
                only("{'prompt': [%s], 'chosen': [%s], 'rejected': [%s]}".formatted(USER, said("a"), said("b")));
        Preference without =
                only("{'chosen': [%s, %s], 'rejected': [%s, %s]}".formatted(USER, said("a"), USER, said("b")));
        assertThat(without).isEqualTo(with);
        assertThat(((Preference.Chat) with).prompt()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'prompt': 'p', 'chosen': 'a'} | is missing",
                "{'prompt': 'p', 'rejected': 'a'} | chosen",
                "{'chosen': 3, 'rejected': 'a'} | must be a text or a list of messages; got 3",
                "{'chosen': 'b', 'rejected': ['a']} | must be a text, as",
                "{'prompt': [], 'chosen': 'b', 'rejected': 'a'} | must be a text, as",
                "{'prompt': 'p', 'chosen': '', 'rejected': 'a'} | is empty",
                "{'prompt': 'p', 'chosen': 'a', 'rejected': ''} | is empty",
                "{'prompt': 'p', 'chosen': 'a', 'rejected': 'a'} | are the same",
                "{'prompt': 'p', 'chosen': 'a', 'rejected': 'b', 'label': true} | label",
                "{'prompt': 'p', 'chosen': 'a', 'rejected': 'b', 'wibble': 1} | wibble",
                "{'prompt': 'p', 'chosen': 'a', 'rejected': 'b', 'margin': 'x'} | must be a number",
                "{'prompt': 'p', 'chosen': 'a', 'rejected': 'b', 'tools': []} | tools",
                "{'chosen': [{'role': 'assistant', 'content': 'a'}], 'rejected': [{'role': 'assistant', 'content': 'b'}]} | prompt must end",
                "{'prompt': [{'role': 'user', 'content': 'q'}], 'chosen': [{'role': 'assistant', 'content': ''}], 'rejected': [{'role': 'assistant', 'content': 'b'}]} | turn is empty",
                "{'prompt': [{'role': 'user', 'content': 'q'}], 'chosen': [], 'rejected': [{'role': 'assistant', 'content': 'b'}]} | is empty",
                "{'prompt': [{'role': 'user', 'content': 'q'}], 'chosen': [{'role': 'assistant', 'content': 'a', 'weight': 0}], 'rejected': [{'role': 'assistant', 'content': 'b'}]} | weight",
                "[3] | expected an object",
                "{'chosen': | is not valid JSON",
            })
    void namesFileAndLineOfAFault(String row, String reason) throws IOException {
        Path file = file(row);
        assertThatThrownBy(() -> PreferenceFile.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("p.jsonl:1: ")
                .hasMessageContaining(reason);
    }

    /// Jackson throws where a whole number is beyond all doubles.
    @Test
    void aMarginOfHundredsOfDigitsIsNoNumber() throws IOException {
        Path file = file("{'prompt': 'p', 'chosen': 'a', 'rejected': 'b', 'margin': " + "9".repeat(400) + "}");
        assertThatThrownBy(() -> PreferenceFile.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("p.jsonl:1: ")
                .hasMessageContaining("must be a number");
    }
}
