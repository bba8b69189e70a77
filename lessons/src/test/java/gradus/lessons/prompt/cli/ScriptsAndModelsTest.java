package gradus.lessons.prompt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.error.DataException;
import gradus.error.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptsAndModelsTest {
    @TempDir
    Path temporary;

    private Path file(String text) throws Exception {
        return Files.writeString(temporary.resolve("s.json"), text);
    }

    /// A script holds no likelihoods, and the line that says so names the option.
    @Test
    void likelihoodsNeedAModel() throws Exception {
        Path script = file("{\"answers\": [\"a\"]}");
        assertThat(Prompt.run("few-shot", "x", "--labels", "a,b", "--script", script)
                        .failure())
                .isInstanceOf(UsageException.class)
                .hasMessage("--labels needs a model that says how likely a text is: one that Gradus runs itself, by"
                        + " --model; a script and Ollama do not say it");
        assertThat(Prompt.run("self-consistency", "x", "--weighted", "--script", script)
                        .failure())
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("--weighted needs a model that says how likely a text is");
        assertThat(Prompt.run("few-shot", "x", "--labels", "a, a", "--script", script)
                        .failure())
                .as("spaces are no difference")
                .isInstanceOf(UsageException.class);
    }

    @Test
    void keysHaveOneOrder() throws Exception {
        assertThat(Prompt.run("few-shot", "x", "--json", "--script", file("{\"answers\": [\"a\"]}"))
                        .out())
                .containsPattern("\"name\" : \"answer\",\\s+\"text\" : \"a\",\\s+\"asked\" : true");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"maxTokens\": 9, \"temperature\": 0, \"seed\": 0}",
                "{\"maxTokens\": 9, \"temperature\": 0, \"stop\": [1], \"seed\": 0}",
                "{\"maxTokens\": 9, \"temperature\": 0, \"stop\": \"\", \"seed\": 0}",
                "{\"maxTokens\": \"9\", \"temperature\": 0, \"stop\": [], \"seed\": 0}",
                "{\"maxTokens\": 9, \"temperature\": 0, \"stop\": []}"
            })
    void optionsThatLackSomething(String options) throws Exception {
        Path script = file("{\"exchanges\": [{\"prompt\": \"x\", \"options\": " + options + ", \"answer\": \"a\"}]}");
        assertThat(Prompt.run("cot", "x", "--script", script).failure())
                .isInstanceOf(DataException.class)
                .hasMessage(script + ": exchange 1 must be {\"prompt\": \"…\", \"options\": {\"maxTokens\": …,"
                        + " \"temperature\": …, \"stop\": [\"…\", …], \"seed\": …}, \"answer\": \"…\"}");
    }

    @Test
    void optionsOutOfRange() throws Exception {
        Path script = file("{\"exchanges\": [{\"prompt\": \"x\", \"options\": {\"maxTokens\": 0, \"temperature\": 0,"
                + " \"stop\": [], \"seed\": 0}, \"answer\": \"a\"}]}");
        assertThat(Prompt.run("cot", "x", "--script", script).failure())
                .isInstanceOf(DataException.class)
                .hasMessage(script + ": exchange 1: maxTokens must be at least 1; got 0");
    }

    @Test
    void modelsThatAreNotThere() throws Exception {
        Path none = temporary.resolve("none");
        assertThat(Prompt.run("cot", "x", "--model", none).failure())
                .isInstanceOf(UsageException.class)
                .hasMessage("--model: there is no file or folder " + none + "; --model takes a run's folder, a Hugging"
                        + " Face folder, a GGUF file or ollama:NAME");
        assertThat(Prompt.run("cot", "x", "--model", temporary).failure())
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--model takes a run's folder")
                .hasMessageNotContaining("--run");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e-10", "0.0009", "86401", "Infinity"})
    void timesOfTools(String seconds) throws Exception {
        Path script = file("{\"answers\": [\"Action 1: finish[1]\"]}");
        assertThat(Prompt.run("react", "x", "--tool-seconds", seconds, "--script", script)
                        .failure())
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("--tool-seconds must be 0.001 to 86400; got ");
    }
}
