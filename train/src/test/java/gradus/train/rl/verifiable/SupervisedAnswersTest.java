package gradus.train.rl.verifiable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.rl.Environment;
import gradus.train.rl.HeldOut;
import gradus.train.task.InstructionTuning.Rows;
import gradus.train.task.LanguageModelling.Sizes;
import java.util.List;
import org.junit.jupiter.api.Test;

class SupervisedAnswersTest {
    private static final Answers ANSWERS = Answers.ofCharacters(
            new SortingDigits(2), Reward.exactMatch(), 5, Rng.of(1).at("questions"));
    private static final Sizes SIZES = new Sizes(8, 1);

    private static Gpt gpt() {
        return new Gpt(new GptConfig(ANSWERS.tokenizer().vocabularySize(), 6, 1, 2, 32, 0), Rng.of(2));
    }

    private static SupervisedAnswers task(Gpt gpt, int steps) {
        return new SupervisedAnswers(gpt, ANSWERS, SIZES, steps, 3, Rng.of(3));
    }

    /// The mean over the three last tokens of each text, the answer and its end: those of the question do not
    /// count.
    @Test
    void theLossIsThatOfTheAnswersAlone() {
        Gpt gpt = gpt();
        try (var scope = Scope.open()) {
            Rows rows = task(gpt, 4).parts(0).getFirst();
            int batch = rows.batch().inputs().shape().dim(0);
            Tensor logP = gpt.forward(rows.batch().inputs()).logSoftmax(-1); // (B, 5, V)
            double sum = 0;
            for (int b = 0; b < batch; b++) {
                for (int t = 0; t < 5; t++) {
                    int target = rows.batch().targets().get(b * 5 + t);
                    assertThat(target >= 0).isEqualTo(t >= 2); // 31>13 and the end of the line
                    sum -= t < 2 ? 0 : logP.get(b, t, target);
                }
            }
            assertThat(rows.loss().item()).isEqualTo(sum / (3 * batch), within(1e-5)); // float32, 24 terms near 2
        }
    }

    @Test
    void itIsMeasuredByTheShareOfRightAnswers() {
        Gpt gpt = gpt();
        SupervisedAnswers task = task(gpt, 300);
        assertThat(task.evaluate(0).orElseThrow()).isEqualTo(-new HeldOut(gpt, ANSWERS, 3).greedyReward(5));
        TrainConfig config = TrainConfig.defaults()
                .withSteps(300)
                .withLr(1e-2)
                .withWarmup(10)
                .withEvalEvery(0);
        Trainer.of(task, config).run();
        double right = 0;
        for (int n = 0; n < 40; n++) {
            right += new HeldOut(gpt, new Only(n), 3).greedyReward(1) / 40;
        }
        assertThat(right).isGreaterThan(0.9); // of questions that it has learned
    }

    /// One training question to be measured on.
    private record Only(long number) implements Environment {
        @Override
        public Answers.Asked problem(long other) {
            return ANSWERS.problem(number);
        }

        @Override
        public List<Answers.Asked> heldOut() {
            return List.of(ANSWERS.problem(number));
        }

        @Override
        public int end() {
            return ANSWERS.end();
        }

        @Override
        public String fingerprint() {
            return "one";
        }
    }

    @Test
    void otherQuestionsAreAnotherTask() {
        assertThat(task(gpt(), 4).fingerprint())
                .isEqualTo(task(gpt(), 4).fingerprint())
                .isNotEqualTo(task(gpt(), 5).fingerprint());
    }
}
