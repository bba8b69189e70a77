package gradus.lessons.lab.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.train.rl.verifiable.ReversedAddition;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerifiableTrialTest {
    /// So easy to please that both parts end at their first measurement.
    private static final Recipe TINY = new Recipe(new ReversedAddition(2), 1, 1, 8, 1000, 2e-3, 0, 20, 4, 1e-3, 0, 20);

    @Test
    void everyMethodRuns() {
        for (String method : List.of("grpo", "dr_grpo", "dapo", "rloo", "ppo", "expert")) {
            List<String> log = new ArrayList<>();
            VerifiableTrial trial = new VerifiableTrial(TINY, 1, log::add);
            assertThat(trial.supervise()).isEqualTo(20);
            int steps = trial.reinforce(method);
            assertThat(steps).isBetween(Recipe.EVERY, 4 * Recipe.EVERY);
            assertThat(log).hasSize(2).last().asString().contains("reward=");
            VerifiableTrial.Measured measured = trial.measure();
            assertThat(measured.greedy()).isBetween(0.0, 1.0);
            assertThat(measured.passK()).isBetween(measured.pass1(), 1.0);
        }
    }

    /// What is found of the digits by chance makes a few pairs.
    @Test
    void pairsOfItsOwnAnswersAreLearned() {
        List<String> log = new ArrayList<>();
        VerifiableTrial trial = new VerifiableTrial(
                new Recipe(new ReversedAddition(2), 1, 2, 32, 1000, 5e-3, 0.02, 20, 32, 1e-3, 0, 20), 1, log::add);
        trial.supervise();
        assertThat(trial.reinforce("dpo")).isBetween(1, 100);
        assertThat(log)
                .anyMatch(line -> line.matches("round 1: \\d+ pairs of right and wrong answers to 1024 questions"));
        assertThat(log).anyMatch(line -> line.contains("rewards/accuracies="));
    }

    @Test
    void theRecipesStayBelowAMillionParameters() {
        for (String name : List.of("addition", "sorting")) {
            assertThat(new VerifiableTrial(Recipe.of(name), 1, line -> {}).parameters())
                    .isLessThan(1_000_000);
        }
        assertThatThrownBy(() -> Recipe.of("poetry"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("poetry");
        VerifiableTrial trial = new VerifiableTrial(TINY, 1, line -> {});
        assertThatThrownBy(() -> trial.reinforce("luck"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("luck");
    }
}
