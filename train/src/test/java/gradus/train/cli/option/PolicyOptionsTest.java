package gradus.train.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.UsageException;
import gradus.layers.loss.alignment.KlEstimator;
import gradus.train.align.AlignmentMethod;
import gradus.train.align.PolicySettings;
import gradus.train.rl.KlControl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class PolicyOptionsTest {
    @Command
    private static final class Given {
        @Mixin
        private PolicyOptions policy = new PolicyOptions();
    }

    private static PolicySettings settings(AlignmentMethod method, Double beta, String... options) {
        Given given = new Given();
        new CommandLine(given).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(options);
        return given.policy.settings(method, beta, 7);
    }

    /// K_β = 0.1 of Ziegler et al.: at twice the target, whose error is clipped at 0.2, β grows by 2 % an
    /// iteration, however many completions it has.
    @ParameterizedTest
    @CsvSource({"16, 1", "4, 8", "3, 2"})
    void betaFollowsTheTargetByATenthAnIteration(int prompts, int generations) {
        PolicySettings ppo = settings(
                AlignmentMethod.PPO, 0.5, "--kl-target=2", "--prompts=" + prompts, "--num-generations=" + generations);
        KlControl control = ppo.ppo().kl();
        assertThat(control.start()).isEqualTo(0.5);
        assertThat(control.next(0.5, 4, ppo.rollouts().completions())).isCloseTo(0.51, within(1e-12));
    }

    @Test
    void theClipIsTheMethodsOwnUnlessItIsGiven() {
        assertThat(settings(AlignmentMethod.DAPO, null).groups().ratio().epsilonHigh())
                .isEqualTo(0.28);
        assertThat(settings(AlignmentMethod.DAPO, null, "--epsilon=0.1")
                        .groups()
                        .ratio()
                        .epsilonHigh())
                .isEqualTo(0.1);
        PolicySettings both = settings(AlignmentMethod.GRPO, null, "--epsilon=0.1", "--epsilon-high=0.4");
        assertThat(both.groups().ratio().epsilonLow()).isEqualTo(0.1);
        assertThat(both.groups().ratio().epsilonHigh()).isEqualTo(0.4);
        assertThat(settings(AlignmentMethod.PPO, null, "--epsilon=0.1").ppo().cliprange())
                .isEqualTo(0.1);
        PolicySettings charged = settings(AlignmentMethod.RLOO, 0.2, "--kl=k1", "--kl-in-reward");
        assertThat(charged.groups().kl().estimator()).isEqualTo(KlEstimator.K1);
        assertThat(charged.groups().kl().inReward()).isTrue();
    }

    /// No option is taken and then left out of account.
    @ParameterizedTest
    @CsvSource({
        "EXPERT, --kl-in-reward, --method expert learns by heart",
        "EXPERT, --epsilon-high=0.3, --method expert learns by heart",
        "PPO, --epsilon-high=0.3, leave out --epsilon-high",
        "GRPO, --kl=k2, give its price by --beta",
        "RLOO, --kl-in-reward, give its price by --beta",
        "GRPO, --kl-target=1, --kl-target is for --method ppo"
    })
    void whatTheMethodCannotHeedIsRefused(AlignmentMethod method, String option, String message) {
        assertThatThrownBy(() -> settings(method, null, option))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(message);
    }
}
