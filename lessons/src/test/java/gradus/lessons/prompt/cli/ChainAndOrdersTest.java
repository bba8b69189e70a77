package gradus.lessons.prompt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.error.DataException;
import gradus.error.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.ObjectMapper;

class ChainAndOrdersTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private Path script(List<String> answers) throws Exception {
        return Files.writeString(folder.resolve("script.json"), JSON.writeValueAsString(Map.of("answers", answers)));
    }

    private Path lines(String name, String... rows) throws Exception {
        return Files.writeString(folder.resolve(name), String.join("\n", rows) + "\n");
    }

    @Test
    void aChainFillsWhatItFoundIntoTheNextPrompt() throws Exception {
        Path steps = lines(
                "steps.jsonl",
                "{\"name\":\"facts\",\"prompt\":\"Known of {question}:\"}",
                "{\"name\":\"end\",\"prompt\":\"{question} by {facts}:\"}");
        Prompt said = Prompt.run(
                "chain", "cats", "--steps", steps, "--script", script(List.of(" 4 legs", " 12")), "--show-prompts");
        assertThat(said.failure()).isNull();
        assertThat(said.out())
                .contains("--- facts, asked\n   | Known of cats:\n", "--- end, asked\n   | cats by  4 legs:\n")
                .endsWith("---\n12\n");
    }

    @Test
    void chainsThatCannotBeAreNamed() throws Exception {
        Path unknown = lines("a.jsonl", "{\"name\":\"x\",\"prompt\":\"{question} {qestion}\"}");
        assertThat(Prompt.run("chain", "q", "--steps", unknown, "--script", script(List.of("a")))
                        .failure())
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("a.jsonl: ")
                .hasMessageContaining("{qestion} has no value; the nearest that was given is question");
        Path unused = lines("b.jsonl", "{\"name\":\"x\",\"prompt\":\"hello\"}");
        assertThat(Prompt.run("chain", "q", "--steps", unused, "--script", script(List.of("a")))
                        .failure())
                .hasMessageContaining("question is given, but no step of the chain uses it");
        Path brace = lines("c.jsonl", "{\"name\":\"x\",\"prompt\":\"{\"}");
        assertThat(Prompt.run("chain", "q", "--steps", brace, "--script", script(List.of("a")))
                        .failure())
                .hasMessageContaining("c.jsonl:1")
                .hasMessageContaining("a { without }");
        Path row = lines("d.jsonl", "{\"name\":\"x\"}");
        assertThat(Prompt.run("chain", "q", "--steps", row, "--script", script(List.of("a")))
                        .failure())
                .isInstanceOf(DataException.class)
                .hasMessageContaining("d.jsonl:1");
    }

    /// A model that is right exactly where the second demonstration comes first: in two of six orders.
    @Test
    void orders() throws Exception {
        Path demos = lines(
                "demos.jsonl",
                "{\"question\":\"a\",\"answer\":\"1\"}",
                "{\"question\":\"b\",\"answer\":\"2\"}",
                "{\"question\":\"c\",\"answer\":\"3\"}");
        Path questions = lines(
                "questions.jsonl", "{\"question\":\"x\",\"answer\":\"7\"}", "{\"question\":\"y\",\"answer\":\"8\"}");
        List<String> answers = new ArrayList<>();
        for (String first : List.of("a", "a", "b", "b", "c", "c")) { // as all orders are listed
            answers.addAll(first.equals("b") ? List.of("7", "8") : List.of("7", "0"));
        }
        Prompt said = Prompt.run("orders", "--demos", demos, "--questions", questions, "--script", script(answers));
        assertThat(said.failure()).isNull();
        assertThat(said.out()).isEqualTo("""
                100.0 %  2 1 3
                100.0 %  2 3 1
                 50.0 %  1 2 3
                 50.0 %  1 3 2
                 50.0 %  3 1 2
                 50.0 %  3 2 1
                best order less worst: 50.0 points, of 6 orders and 2 questions
                """);
        assertThat(Prompt.run("orders", "--demos", demos, "--questions", questions, "--orders", 0, "--script", "s")
                        .failure())
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--orders must be at least 1");
        Path empty = lines("empty.jsonl");
        assertThat(Prompt.run("orders", "--demos", empty, "--questions", questions, "--script", "s")
                        .failure())
                .isInstanceOf(DataException.class)
                .hasMessage(empty + " has no demonstrations");
        assertThat(Prompt.run("orders", "--demos", demos, "--questions", empty, "--script", "s")
                        .failure())
                .isInstanceOf(DataException.class)
                .hasMessage(empty + " has no questions");
    }

    @Test
    void manyDemonstrationsAreTriedInDrawnOrders() throws Exception {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            rows.add("{\"question\":\"q%s\",\"answer\":\"1\"}".formatted(i));
        }
        Path demos = lines("demos.jsonl", rows.toArray(String[]::new));
        Path questions = lines("questions.jsonl", "{\"question\":\"x\",\"answer\":\"7\"}");
        Prompt said = Prompt.run(
                "orders",
                "--demos",
                demos,
                "--questions",
                questions,
                "--orders",
                5,
                "--script",
                script(List.of("7", "7", "1", "7", "7")));
        assertThat(said.failure()).isNull();
        assertThat(said.out().lines())
                .hasSize(6)
                .last()
                .asString()
                .contains("100.0 points, of 5 orders and 1 questions");
    }
}
