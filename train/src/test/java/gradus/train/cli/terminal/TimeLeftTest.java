package gradus.train.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimeLeftTest {
    private static final long SECOND = 1_000_000_000L;

    private long now = 77 * SECOND;
    private final TimeLeft left = new TimeLeft(1000, () -> now);

    private void step(int step, double seconds) {
        now += (long) (seconds * SECOND);
        left.onStep(step);
    }

    @Test
    void u5_slowFirstStepsDoNotCount() {
        step(1, 30);
        assertThat(left.left()).isEmpty();
        for (int i = 2; i <= 10; i++) {
            step(i, 0.4);
            assertThat(left.left()).isEmpty();
        }
        for (int i = 11; i <= 500; i++) {
            step(i, 0.25);
        }
        assertThat(left.left()).contains(Duration.ofSeconds(125)); // 500 steps more, of 0.25 s
    }

    @Test
    void u5_slowStepsAreToldOfSoon() {
        step(1, 0);
        step(2, 6);
        assertThat(left.left()).isEmpty();
        step(3, 6);
        assertThat(left.left()).contains(Duration.ofSeconds(6 * 997));
    }

    @Test
    void u5_stepsOfATrainingThatIsGoneOnWithDoNotCount() {
        for (int i = 901; i <= 950; i++) {
            step(i, 2);
        }
        assertThat(left.left()).contains(Duration.ofSeconds(100));
    }

    @Test
    void nothingIsLeftAtTheEnd() {
        for (int i = 1; i <= 1000; i++) {
            step(i, 1);
        }
        assertThat(left.left()).isEmpty();
    }
}
