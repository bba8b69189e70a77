package gradus.lessons.prompt.data;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.error.DataException;
import gradus.error.UsageException;
import gradus.lessons.prompt.ScriptedModel;
import gradus.lessons.prompt.data.cli.LoopsCommand;
import gradus.train.cli.terminal.Console;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What models of chat, and of other scripts, make of the prompts of the loops.
class ChatAnswersTest {
    private static final int TOKENS = 512;

    /// The prompt ends with `9.`; ⏎ stands for a new line.
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "9. Name three colours.⏎10. Count to four.;Name three colours.|Count to four.",
                "' Name three colours.⏎10) Count to four.';Name three colours.|Count to four.",
                "Here are some more tasks:⏎9. Name three colours.⏎10. Count.;Name three colours.|Count.",
                "9. Go on with this line:⏎10. Count.;Go on with this line:|Count.",
                "9. 3.5 is more than 3: why?⏎10. 1. Count.;3.5 is more than 3: why?|Count.",
                "3.5 is more than 3: why?;3.5 is more than 3: why?",
            })
    void numbersAndPreamblesAreNoPartOfAnInstruction(String answer, String instructions) {
        assertThat(SelfInstructPrompts.lines(9, answer.replace("⏎", "\n"), TOKENS))
                .isEqualTo(List.of(instructions.split("\\|")));
    }

    /// An answer of 512 bytes may have 512 tokens; a shorter one has not.
    @Test
    void aLineThatMayBeCutIsLeftOut() {
        String first = "Name " + "x".repeat(TOKENS) + ".";
        assertThat(SelfInstructPrompts.lines(9, first + "\n10. Name the longest ri", TOKENS))
                .containsExactly(first);
        assertThat(SelfInstructPrompts.lines(9, first + "\n10. Name the longest (here).\"", TOKENS))
                .hasSize(2);
        assertThat(SelfInstructPrompts.lines(9, "Name it.\n10. Name the longest ri", TOKENS))
                .containsExactly("Name it.", "Name the longest ri");
    }

    @Test
    void theNameOfThePartIsNoPart() {
        assertThat(SelfInstructPrompts.task("t", false, "Input: none\nOutput: yes"))
                .isEqualTo(new InstructionTask("t", "", "yes", false));
        assertThat(SelfInstructPrompts.task("t", true, "Output: good\nInput: a day"))
                .isEqualTo(new InstructionTask("t", "a day", "good", true));
    }

    /// A model that says nothing.
    @Test
    void nothingThatCouldBeKept(@TempDir Path folder) throws Exception {
        Path script = Files.writeString(folder.resolve("s.json"), "{\"answers\": [\"…\", \"…\"]}");
        Path out = folder.resolve("x.jsonl");
        AtomicReference<Exception> said = new AtomicReference<>();
        LoopsCommand.commandLine(Console.of(OutputStream.nullOutputStream(), OutputStream.nullOutputStream()))
                .setExecutionExceptionHandler((wrong, command, parsed) -> {
                    said.set(wrong);
                    return 1;
                })
                .execute("self-instruct", "--rounds", "2", "--script", script.toString(), "--out", out.toString());
        assertThat(said.get())
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(
                        "no task of the model could be kept in 2 rounds, so " + out + " is not written");
        assertThat(out).doesNotExist();
    }

    /// Before the model is opened, let alone asked.
    @ParameterizedTest
    @ValueSource(strings = {"self-instruct", "evolve"})
    void aFolderThatIsNotThere(String loop, @TempDir Path folder) {
        Console console = Console.of(OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
        AtomicReference<Exception> said = new AtomicReference<>();
        LoopsCommand.commandLine(console)
                .setExecutionExceptionHandler((wrong, command, parsed) -> {
                    said.set(wrong);
                    return 2;
                })
                .execute(
                        loop,
                        "--model",
                        "none",
                        "--out",
                        folder.resolve("no/x.jsonl").toString());
        assertThat(said.get())
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("x.jsonl cannot be written: there is no folder")
                .hasMessageEndingWith(folder.resolve("no").toString());
    }

    /// Two tasks without a letter of ASCII differ, and π is an answer.
    @Test
    void otherScriptsSaySomething() {
        List<InstructionTask> tasks =
                List.of(new InstructionTask("a", "", "b", false), new InstructionTask("c", "", "d", false));
        ScriptedModel model = ScriptedModel.inOrder("写3首关于春天的诗", "春天来了", "Not equal", "画3座山", "π", "Not equal");
        EvolInstruct.Result result = new EvolInstruct(model, new EvolInstruct.Settings(1, 1)).run(tasks, task -> {});
        assertThat(result.eliminated()).isEmpty();
        assertThat(result.tasks()).extracting(InstructionTask::output).containsExactly("b", "d", "春天来了", "π");
        ScriptedModel silent = ScriptedModel.inOrder("写诗", "…!");
        assertThat(new EvolInstruct(silent, new EvolInstruct.Settings(1, 1))
                        .run(tasks.subList(0, 1), task -> {})
                        .eliminated())
                .containsEntry("says nothing", 1);
    }
}
