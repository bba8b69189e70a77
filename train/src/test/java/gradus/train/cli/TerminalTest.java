package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every long command does on a real terminal. A process without one hides that a library may take the terminal's
/// signals for itself.
@DisabledOnOs(OS.WINDOWS)
@Timeout(180)
class TerminalTest {
    private static final String WITHOUT_END = "1000000000";
    private static final List<String> FILES =
            List.of("config.json", "tokenizer.json", "metrics.jsonl", "loss.png", "samples.txt", "model.safetensors");
    private static final String BAR = " loss ";
    private static final String DRAWING = "\r\u001b[Ktrain";

    @TempDir
    Path folder;

    private Path run() {
        return folder.resolve("run");
    }

    private String[] endlessTraining() throws Exception {
        String[] arguments = Cli.arguments(Cli.text(folder), run(), "--steps", WITHOUT_END);
        return Arrays.stream(arguments)
                .map(it -> it.startsWith("--train.evalEvery=") ? "--train.evalEvery=100000" : it)
                .toArray(String[]::new);
    }

    private void assertSaved() {
        for (String file : FILES) {
            assertThat(run().resolve(file)).isNotEmptyFile();
        }
        assertThat(Cli.run("sample", "--run", run().toString()).code()).isZero();
        assertThat(run().resolve("checkpoints")).isNotEmptyDirectory();
    }

    @Test
    void u1_ctrlCEndsTheStepAndSavesEverything() throws Exception { // BAD-INPUT 195
        try (PseudoTerminal terminal = PseudoTerminal.gradus(endlessTraining())) {
            terminal.await(BAR);
            terminal.type(PseudoTerminal.CTRL_C);
            terminal.await("stopping after this step");
            assertThat(terminal.exitCode()).as(terminal.shown()).isEqualTo(130);
            assertThat(terminal.shown()).contains("stopped early; what was learnt is in " + run());
        }
        assertSaved();
        try (PseudoTerminal terminal = PseudoTerminal.gradus("train", "--resume", run().toString())) {
            terminal.await("going on after step");
            terminal.await(BAR);
            terminal.type(PseudoTerminal.CTRL_C);
            assertThat(terminal.exitCode()).as(terminal.shown()).isEqualTo(130);
        }
        assertSaved();
    }

    @Test
    void u1_aSecondCtrlCEndsAtOnce() throws Exception { // BAD-INPUT 197
        try (PseudoTerminal terminal = PseudoTerminal.gradus(endlessTraining())) {
            terminal.await(BAR);
            terminal.type(PseudoTerminal.CTRL_C + PseudoTerminal.CTRL_C);
            assertThat(terminal.exitCode()).as(terminal.shown()).isEqualTo(130);
        }
    }

    @Test
    void u1_killOnATerminalSavesToo() throws Exception {
        try (PseudoTerminal terminal = PseudoTerminal.gradus(endlessTraining())) {
            terminal.await(BAR);
            terminal.signal("TERM");
            assertThat(terminal.exitCode()).as(terminal.shown()).isEqualTo(143);
        }
        assertSaved();
    }

    @Test
    void u1_aClosedWindowSaves() throws Exception {
        try (PseudoTerminal terminal = PseudoTerminal.gradus(endlessTraining())) {
            terminal.await(BAR);
            terminal.hangUp();
            assertThat(terminal.exitCode()).as(terminal.shown()).isEqualTo(129);
        }
        assertSaved();
    }

    @Test
    void u1_theBarFollowsTheWindowAndStaysInOneLine() throws Exception {
        try (PseudoTerminal terminal = PseudoTerminal.gradus(endlessTraining())) {
            terminal.await(BAR);
            assertThat(lengths(drawings(terminal))).allMatch(n -> n < PseudoTerminal.COLUMNS);
            terminal.resize(40);
            drawings(terminal); // the first may have been under way for the old size
            assertThat(lengths(drawings(terminal))).isNotEmpty().allMatch(n -> n < 40);
            terminal.resize(160);
            drawings(terminal);
            assertThat(drawings(terminal)).contains("tokens/s");
            terminal.type(PseudoTerminal.CTRL_C);
            assertThat(terminal.exitCode()).as(terminal.shown()).isEqualTo(130);
        }
        assertSaved();
    }

    /// The next three drawings of the bar.
    private static String drawings(PseudoTerminal terminal) throws InterruptedException {
        int start = terminal.shown().length();
        int at = start;
        for (int i = 0; i < 4; i++) {
            terminal.await(DRAWING, at);
            at = terminal.find(DRAWING, at) + DRAWING.length();
        }
        return terminal.shown().substring(terminal.find(DRAWING, start), at);
    }

    /// How many characters each of them has.
    private static List<Integer> lengths(String drawings) {
        return Arrays.stream(drawings.split("\r\u001b\\[K"))
                .filter(drawing -> drawing.startsWith("train") && drawing.length() > "train".length())
                .map(String::length)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dumb", ""})
    void u1_aTerminalThatCannotRedrawGetsLines(String type) throws Exception {
        List<String> command = Cli.process(PseudoTerminal.QUICK_START, "gradus.train.cli.Main", endlessTraining())
                .command();
        try (PseudoTerminal terminal = PseudoTerminal.start(command, Map.of("TERM", type))) {
            terminal.await("tokens/s");
            terminal.type(PseudoTerminal.CTRL_C);
            assertThat(terminal.exitCode()).as(terminal.shown()).isEqualTo(130);
            assertThat(terminal.shown()).doesNotContain("\u001b").contains("step 1 of 1,000,000,000: loss");
        }
        assertSaved();
    }

    /// Runs in a shell that leads one stream into a file.
    private PseudoTerminal redirected(String stream, Path file, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" " + stream + "'" + file + "'", "sh"));
        command.addAll(Cli.process(PseudoTerminal.QUICK_START, "gradus.train.cli.Main", arguments)
                .command());
        return PseudoTerminal.start(command, Map.of("TERM", "xterm"));
    }

    @Test
    void u1_resultsInAFileAndTheBarOnTheTerminal() throws Exception {
        Path out = folder.resolve("out.txt");
        try (PseudoTerminal terminal = redirected(">", out, endlessTraining())) {
            terminal.await(BAR);
            terminal.type(PseudoTerminal.CTRL_C);
            assertThat(terminal.exitCode()).as(terminal.shown()).isEqualTo(130);
            assertThat(terminal.shown()).contains("\u001b[K");
        }
        assertSaved();
        assertThat(Files.readString(out)).isNotEmpty().doesNotContain("\u001b", "tokens/s");
    }

    @Test
    void u1_messagesInAFileAndResultsOnTheTerminal() throws Exception {
        Path err = folder.resolve("err.txt");
        try (PseudoTerminal terminal = redirected("2>", err, endlessTraining())) {
            while (!Files.exists(err) || !Files.readString(err).contains("tokens/s")) {
                Thread.sleep(20);
            }
            terminal.type(PseudoTerminal.CTRL_C);
            assertThat(terminal.exitCode()).as(terminal.shown()).isEqualTo(130);
        }
        assertSaved();
        assertThat(Files.readString(err)).doesNotContain("\u001b").contains("step 1 of 1,000,000,000: loss");
    }

    private Path trained() throws Exception {
        assertThat(Cli.train(Cli.text(folder), run()).code()).isZero();
        return run();
    }

    @Test
    void u1_ctrlCEndsSampling() throws Exception {
        String run = trained().toString();
        try (PseudoTerminal terminal = PseudoTerminal.gradus("sample", "--run", run, "--tokens", WITHOUT_END)) {
            terminal.await("the");
            terminal.type(PseudoTerminal.CTRL_C);
            assertThat(terminal.exitCode()).as(terminal.shown()).isEqualTo(130);
        }
        assertSaved();
    }

    @Test
    void u1_ctrlCEndsEvaluation() throws Exception {
        String run = trained().toString();
        Path large = Files.write(
                folder.resolve("large.txt"),
                "the quick brown fox\n".repeat(2_000_000).getBytes(StandardCharsets.UTF_8));
        try (PseudoTerminal terminal =
                PseudoTerminal.gradus("eval", "--run", run, "--all", "--data", large.toString())) {
            Thread.sleep(2000);
            terminal.type(PseudoTerminal.CTRL_C);
            assertThat(terminal.exitCode()).as(terminal.shown()).isEqualTo(130);
        }
    }

    @Test
    void u1_ctrlCEndsTheTrainingOfATokenizerAndLeavesNothingHalf() throws Exception {
        String[] command = {
            "tokenizer",
            "train",
            "--vocab",
            "60000",
            "--out",
            folder.resolve("bpe").toString()
        };
        try (PseudoTerminal terminal = PseudoTerminal.gradus(command)) {
            terminal.await("\u001b[K");
            terminal.type(PseudoTerminal.CTRL_C);
            assertThat(terminal.exitCode()).as(terminal.shown()).isEqualTo(130);
        }
        assertThat(folder.resolve("bpe").resolve("tokenizer.json")).doesNotExist();
    }
}
