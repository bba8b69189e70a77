package org.example;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.train.EndReason;
import gradus.train.StepReport;
import gradus.train.TrainingResult;
import gradus.train.corpus.Corpus;
import gradus.train.run.Preset;
import gradus.train.run.RunDisplay;
import gradus.train.run.RunFolder;
import gradus.train.run.RunLock;
import gradus.train.run.RunSetup;
import gradus.train.run.SavedModel;
import gradus.train.run.TrainingRun;
import gradus.train.run.text.BitsPerByte;
import gradus.train.run.text.TokenizerSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A training run that another program than the command line starts, shows and stops.
class OwnDisplayTest {
    @TempDir
    Path place;

    /// Remembers what it is to show, and stops the run after some step.
    private static final class Remembers implements RunDisplay {
        private final List<String> said = new ArrayList<>();
        private final List<String> samples = new ArrayList<>();
        private final int last;
        private TrainingRun run;
        private int steps;

        private Remembers(int last) {
            this.last = last;
        }

        @Override
        public void say(String line) {
            said.add(line);
        }

        @Override
        public void show(String sample) {
            samples.add(sample);
        }

        @Override
        public Steps follow(int total, BitsPerByte bits) {
            return new Steps() {
                @Override
                public void onStep(StepReport report) {
                    steps++;
                    if (report.step() == last) {
                        run.requestStop();
                    }
                }

                @Override
                public void close() {}
            };
        }
    }

    private RunSetup.Plan plan(RunFolder folder) throws Exception {
        Path text = place.resolve("text.txt");
        Files.writeString(text, "a rose is a rose is a rose\n".repeat(100));
        Corpus corpus = Corpus.load(List.of(text.toString()), false);
        return new RunSetup.Plan(
                folder,
                Preset.CHAR_TINY.name(),
                corpus,
                TokenizerSource.made(0, null),
                null,
                Preset.CHAR_TINY.train().withSteps(8).withWarmup(0).withEvalEvery(4));
    }

    @Test
    void isStoppedAndGoesOnUntilItIsDone() throws Exception {
        RunFolder folder = RunFolder.create(place.resolve("run"), false);
        folder.make();
        RunSetup setup = RunSetup.begin(plan(folder), Preset.CHAR_TINY.model(), false);
        try (RunLock lock = RunLock.take(folder.path())) {
            Remembers first = new Remembers(3);
            first.run = new TrainingRun(setup, first);
            first.run.begin();
            TrainingResult result = first.run.train(lock);
            assertThat(result.reason()).isEqualTo(EndReason.STOPPED);
            assertThat(first.steps).isEqualTo(3);
            assertThat(first.said.getLast()).startsWith("stopped early; what was learnt is in ");
            assertThat(first.samples).hasSize(10);

            Remembers second = new Remembers(-1);
            second.run = new TrainingRun(RunSetup.resume(plan(folder), setup.config()), second);
            assertThat(second.run.train(lock).reason()).isEqualTo(EndReason.COMPLETED);
            assertThat(second.steps).isEqualTo(5);
            assertThat(second.said).contains("going on after step 3");
            assertThat(second.said.getLast()).startsWith("everything is in ");
        }
        assertThat(SavedModel.open(folder.path()).linesAreEntries()).isFalse();
    }
}
