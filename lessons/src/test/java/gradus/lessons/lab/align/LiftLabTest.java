package gradus.lessons.lab.align;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.error.UsageException;
import gradus.lessons.lab.LabRun;
import gradus.train.rl.RolloutConfig;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        LabRun run = LabRun.of("lift", "--out", folder.resolve("lab").toString(), option);
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.failure()).isInstanceOf(UsageException.class).hasMessage(message);
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
