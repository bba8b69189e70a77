package gradus.lessons.lab.align;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.error.UsageException;
import gradus.lessons.lab.LabCommand;
import gradus.train.cli.terminal.Console;
import gradus.train.rl.RolloutConfig;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/// What the laboratory does is in VerifiableTrialTest; a whole run takes minutes.
class LiftLabTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "--task=division, --task: there is a recipe for addition and sorting; got division",
        "--method=kto, '--method must be one of grpo, dr_grpo, dapo, rloo, ppo, expert, dpo; got kto'",
        "--seeds=0, --seeds must be at least 1; got 0",
        "--lr=0, --lr must be a number above 0; got 0.0"
    })
    void whatIsNotThereIsRefused(String option, String message) {
        Exception[] failure = new Exception[1];
        CommandLine lab = LabCommand.commandLine(Console.of(new ByteArrayOutputStream(), new ByteArrayOutputStream()));
        lab.setExecutionExceptionHandler((thrown, line, parsed) -> {
            failure[0] = thrown;
            return 1;
        });
        assertThat(lab.execute("lift", "--out", folder.resolve("lab").toString(), option))
                .isEqualTo(1);
        assertThat(failure[0]).isInstanceOf(UsageException.class).hasMessage(message);
        assertThat(folder.resolve("lab")).doesNotExist();
    }

    @Test
    void everyMethodIsOne() {
        for (String method : VerifiableTrial.METHODS) {
            if (method.equals("dpo")) {
                continue; // whose task needs samples first
            }
            VerifiableTrial trial = new VerifiableTrial(Recipe.addition(), 1, line -> {});
            assertThat(trial.task(method, RolloutConfig.defaults())).as(method).isNotNull();
        }
    }
}
