package gradus.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ResourceException;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.random.Rng;
import gradus.train.EndReason;
import gradus.train.StepReport;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.TrainingResult;
import gradus.train.checkpoint.Checkpoints;
import gradus.train.task.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A folder that goes away is noticed by the write that fails, too.
class FolderGuardTest {
    private static final int FAILS_AFTER = 3;

    @TempDir
    Path place;

    private Path run;
    private final AtomicInteger described = new AtomicInteger();

    private final Gpt gpt = new Gpt(new GptConfig(5, 4, 1, 1, 4, 0), Rng.of(1));
    private final Trainer trainer = Trainer.of(
            gpt,
            TrainConfig.defaults().withSteps(20).withWarmup(0).withBatchSize(2).withEvalEvery(0),
            Split.holdOut(new int[40], 0.2));

    @BeforeEach
    void folder() throws IOException {
        run = Files.createDirectory(place.resolve("run"));
        trainer.saveTo(new Checkpoints(run.resolve("checkpoints"), 2), () -> 0);
    }

    /// A listener whose write fails after a step, after something happened to the folder.
    private void failAfter(Runnable event) {
        trainer.listen(new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
                if (report.step() == FAILS_AFTER) {
                    event.run();
                    throw new ResourceException("not written");
                }
            }
        });
    }

    private void moveAway() {
        try {
            Files.move(run, place.resolve("moved"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void r11_aWriteThatFailsBecauseTheFolderIsGoneEndsTheTrainingWithACheckpointInANewOne() {
        failAfter(this::moveAway);
        try (RunLock lock = RunLock.take(run)) {
            FolderGuard guard = new FolderGuard(new RunFolder(run), lock, trainer, described::incrementAndGet);
            TrainingResult result = guard.run();
            assertThat(result.reason()).isEqualTo(EndReason.STOPPED);
            assertThat(result.steps()).isEqualTo(FAILS_AFTER);
            assertThat(run.resolve("checkpoints/step-" + FAILS_AFTER)).isDirectory();
            assertThat(described).hasValue(1);
            assertThatThrownBy(() -> guard.requireUntouched(result.steps(), "gradus train --resume " + run))
                    .isInstanceOf(ResourceException.class)
                    .hasMessageContaining("run was removed or moved")
                    .hasMessageContaining("--resume " + run + " goes on");
        }
    }

    @Test
    void r11_aWriteThatFailsForAnotherReasonIsToldAsItIs() {
        failAfter(() -> {});
        try (RunLock lock = RunLock.take(run)) {
            FolderGuard guard = new FolderGuard(new RunFolder(run), lock, trainer, described::incrementAndGet);
            assertThatThrownBy(guard::run).isInstanceOf(ResourceException.class).hasMessage("not written");
            assertThat(described).hasValue(0);
        }
    }
}
