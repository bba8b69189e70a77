package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.random.Rng;
import gradus.train.StepReport;
import gradus.train.TrainConfig;
import gradus.train.align.AlignmentData;
import gradus.train.align.AlignmentMethod;
import gradus.train.align.PolicySettings;
import gradus.train.finetune.Finetuning;
import gradus.train.finetune.FullTuning;
import gradus.train.rl.GroupPolicyConfig;
import gradus.train.rl.PpoConfig;
import gradus.train.rl.RolloutConfig;
import gradus.train.rl.verifiable.Grade;
import gradus.train.rl.verifiable.Question;
import gradus.train.rl.verifiable.VerifiableTask;
import gradus.train.run.RunDisplay;
import gradus.train.run.RunFolder;
import gradus.train.run.RunLock;
import gradus.train.run.text.BitsPerByte;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A training that learns from its own completions, killed by SIGKILL: what it comes to in the end is what it
/// comes to without a pause.
@Timeout(300)
@DisabledOnOs(OS.WINDOWS) // which has no such signal
class AlignKilledTest {
    private static final int KILLED = 137; // 128 and the number of the signal
    private static final int STEPS = 14; // four learn from the same completions
    private static final TrainConfig TRAIN = Finetuning.DEFAULTS
            .withSteps(STEPS)
            .withCheckpointEvery(3)
            .withEvalEvery(0)
            .withLr(1e-2)
            .withSeed(5);

    @TempDir
    private Path folder;

    @BeforeEach
    void base() throws IOException {
        Files.writeString(folder.resolve("copies.txt"), "12>12\n90>90\n34>34\n56>56\n78>78\n".repeat(40));
        assertThat(Cli.train(folder.resolve("copies.txt"), folder.resolve("run"))
                        .code())
                .isZero();
    }

    /// When a process kills itself.
    ///
    /// @param grade after so many grades, of which each iteration gives eight; 0 for never
    /// @param step  after that step; 0 for never
    private record Death(int grade, int step) {
        static final Death NEVER = new Death(0, 0);

        static void now() {
            try {
                new ProcessBuilder(
                                "kill",
                                "-KILL",
                                Long.toString(ProcessHandle.current().pid()))
                        .start();
                Thread.sleep(60_000);
            } catch (IOException | InterruptedException unheard) {
                throw new AssertionError(unheard);
            }
        }
    }

    /// Two digits to be copied.
    private static final class Copying extends VerifiableTask {
        private final Death death;
        private int grades;

        Copying(Death death) {
            this.death = death;
        }

        @Override
        public String name() {
            return "copying";
        }

        @Override
        public String alphabet() {
            return "0123456789>";
        }

        @Override
        public int longestAnswer() {
            return 2;
        }

        @Override
        protected Question draw(Rng rng) {
            String digits = "" + rng.index(0, 10) + rng.index(1, 10);
            return new Question(digits + ">", digits);
        }

        /// A right digit earns the form's reward.
        @Override
        public Grade grade(Question question, String answer) {
            if (++grades == death.grade) {
                Death.now();
            }
            boolean like = !answer.isEmpty() && question.answer().contains(answer.substring(0, 1));
            return new Grade(like, like && answer.equals(question.answer()));
        }
    }

    /// Says nothing.
    private record Silent(Death death) implements RunDisplay {
        @Override
        public void say(String line) {}

        @Override
        public void show(String sample) {}

        @Override
        public Steps follow(int steps, BitsPerByte bits) {
            return new Steps() {
                @Override
                public void onStep(StepReport report) {
                    if (report.step() == death.step) {
                        Death.now();
                    }
                }

                @Override
                public void close() {}
            };
        }
    }

    private static void align(Path base, Path out, Death death, boolean resumed) {
        AlignmentData data = new AlignmentData(
                new Copying(death),
                new PolicySettings(
                        AlignmentMethod.PPO,
                        RolloutConfig.defaults()
                                .withPrompts(8)
                                .withNumGenerations(1)
                                .withMaxCompletionLength(3)
                                .withNumIterations(2)
                                .withMinibatches(2),
                        GroupPolicyConfig.grpo(),
                        PpoConfig.defaults()),
                new AlignmentData.Paid(1, 1, 0));
        new RunFolder(out).make();
        try (RunLock lock = RunLock.take(out)) {
            Finetuning tuning = new Finetuning(new Finetuning.Plan(base, data, new FullTuning(), TRAIN, out));
            if (!resumed) {
                tuning.begin();
            }
            tuning.run(lock, new Silent(death), resumed);
        }
    }

    /// A process that kills itself.
    static final class Killed {
        public static void main(String[] arguments) {
            align(
                    Path.of(arguments[0]),
                    Path.of(arguments[1]),
                    new Death(Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3])),
                    Boolean.parseBoolean(arguments[4]));
        }
    }

    private void killed(Path out, int grade, int step, boolean resumed) throws Exception {
        Process process = process(
                "gradus.train.cli.AlignKilledTest$Killed",
                folder.resolve("run").toString(),
                out.toString(),
                "" + grade,
                "" + step,
                "" + resumed);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(KILLED);
    }

    private static Process process(String main, String... arguments) throws IOException {
        return Cli.process(PseudoTerminal.QUICK_START, main, arguments)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static List<String> metrics(Path out) throws IOException {
        return Files.readAllLines(out.resolve("metrics.jsonl")).stream()
                .map(line -> line.replaceAll("\"(tokensPerSecond|time)\":[^,}]*,?", ""))
                .toList();
    }

    private static void assertSame(Path one, Path other) throws IOException {
        assertThat(one.resolve("model/model.safetensors"))
                .hasSameBinaryContentAs(other.resolve("model/model.safetensors"));
        assertThat(metrics(one)).isEqualTo(metrics(other));
    }

    @Test
    void inTheMiddleOfTheCompletionsOfAnIterationAndOfItsEpochs() throws Exception {
        Path straight = folder.resolve("straight");
        align(folder.resolve("run"), straight, Death.NEVER, false);
        assertThat(metrics(straight)).hasSize(STEPS);

        Path out = folder.resolve("killed");
        killed(out, 3, 0, false); // at the third completion of all
        assertThat(out.resolve("checkpoints/step-3")).doesNotExist();
        killed(out, 0, 6, true); // in the second epoch of the second iteration, whose checkpoint is of its first
        assertThat(out.resolve("checkpoints/step-6")).doesNotExist();
        killed(out, 13, 0, true); // at a completion of the third iteration
        assertThat(out.resolve("checkpoints/step-6")).exists();
        align(folder.resolve("run"), out, Death.NEVER, true);
        assertSame(out, straight);
    }

    /// Killed at random instants, of which most lie in a rollout, by the command line alone.
    @Test
    void atAnyTime() throws Exception {
        String base = folder.resolve("run").toString();
        Path out = folder.resolve("killed");
        String[] begin = begin(base, out);
        SplittableRandom random = new SplittableRandom(7);
        int kills = Integer.getInteger("gradus.test.kills", 5) / 2 + 1;
        for (int kill = 0; kill < kills; kill++) {
            Process process = kill == 0 ? start(begin) : start("align", "--resume", "--out", out.toString());
            ResumeCommandTest.waitForStep(process, out, ResumeCommandTest.newest(out) + 1 + random.nextInt(3));
            Thread.sleep(random.nextInt(30));
            process.destroyForcibly();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(KILLED);
        }
        assertThat(Cli.run("align", "--resume", "--out", out.toString()).code()).isZero();
        Path straight = folder.resolve("straight");
        assertThat(Cli.run(begin(base, straight)).code()).isZero();
        assertSame(out, straight);
    }

    private static String[] begin(String base, Path out) {
        return ("align --base %s --out %s --task sorting --size 2 --held-out 5 --prompts 32 --num-generations 8"
                        + " --num-iterations 2 --steps 60 --train.checkpointEvery 1")
                .formatted(base, out)
                .split(" ");
    }

    private static Process start(String... arguments) throws IOException {
        return process("gradus.train.cli.Main", arguments);
    }
}
