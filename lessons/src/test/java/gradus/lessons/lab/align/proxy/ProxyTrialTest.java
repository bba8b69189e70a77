package gradus.lessons.lab.align.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.lessons.lab.option.LabFolder;
import gradus.tensor.random.Rng;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProxyTrialTest {
    private static final ProxyPlan SMALL = new ProxyPlan(2, 4, 800, 6400, 150, 8, 16);

    /// The law of part (c), in small: the best of very many by a reward model that has seen little has less of the gold
    /// reward than the best of fewer, though the model likes it better; by the gold reward itself it never has.
    @Test
    void theCurvesPart() {
        ProxyTrial trial = new ProxyTrial(SMALL, Rng.of(1));
        double[] few = trial.proxy(800);
        double[] many = trial.proxy(6400);
        assertThat(trial.correlation(many))
                .isGreaterThan(trial.correlation(few))
                .isGreaterThan(0.8);
        List<Point> way = trial.bestOfN(few);
        Point peak = Point.peak(way);
        assertThat(peak.gold()).isGreaterThan(0.2);
        assertThat(way.getLast().gold()).isLessThan(peak.gold() - 0.5);
        assertThat(way.getLast().proxy()).isGreaterThan(peak.proxy());
        List<Point> control = trial.bestOfN(trial.gold());
        for (int i = 1; i < control.size(); i++) {
            assertThat(control.get(i).gold()).isGreaterThan(control.get(i - 1).gold() - 1e-9);
            assertThat(control.get(i).kl()).isGreaterThan(control.get(i - 1).kl() - 1e-9);
        }
        // The order of words is worth nothing, so the best by gold alone leaves it open.
        assertThat(control.getLast().kl()).isLessThan(way.getLast().kl() - 0.1);
        // Of 400 draws, within four standard errors of a deviation below 1.5.
        assertThat(trial.drawnBestOfN(many, 4, 400))
                .isCloseTo(trial.bestOfN(many).get(2).gold(), within(0.3));
    }

    @Test
    void ppoClimbsWhatItIsPaid() {
        ProxyTrial trial = new ProxyTrial(SMALL, Rng.of(2));
        List<Point> way = trial.ppo(trial.gold());
        assertThat(way).hasSize(9);
        assertThat(way.getFirst()).isEqualTo(new Point(0, 0, 0));
        assertThat(way.getLast().gold())
                .isGreaterThan(0.3)
                .isEqualTo(way.getLast().proxy());
        assertThat(way.getLast().kl()).isGreaterThan(0.02);
        assertThat(trial.ppo(trial.gold())).isEqualTo(way);
    }

    @Test
    void flatteryIsWelcomeTwice() {
        AnswerSpace space = new AnswerSpace(Flattery.VOCABULARY, 5);
        double[] gold = Flattery.rewards(space, Rng.of(1));
        int f = Flattery.WORD;
        double[] worth = new double[6];
        for (int k = 0; k <= 5; k++) {
            int[] answer = new int[Math.min(5, k + 1)];
            Arrays.fill(answer, f);
            if (k < 5) {
                answer[k] = AnswerSpace.END;
            }
            worth[k] = gold[space.numberOf(answer)];
        }
        assertThat(worth).containsExactly(0, 1.5, 3, 0, -3, -6);
        double word = gold[space.numberOf(new int[] {2, AnswerSpace.END})];
        assertThat(gold[space.numberOf(new int[] {2, f, 0, 2, f})]).isCloseTo(2 * word + 3, within(1e-12));
    }

    @Test
    void thePartHasItsTablesAndFiles(@TempDir Path folder) throws Exception {
        ProxyPlan tiny = new ProxyPlan(2, 3, 8, 16, 4, 2, 3);
        String text = new OveroptimisationPart(tiny, Rng.of(1)).run(new LabFolder(folder), line -> {});
        assertThat(text)
                .contains(
                        "400 answers, 2 seeds", "| 8 | 1.20 |", "| KL | KL by gold |", "8 comparisons: proxy | gold |")
                .contains("Optimised by best of n, the reward model of 8 comparisons ");
        assertThat(folder.resolve("over-optimisation-best-of-n.png")).isNotEmptyFile();
        assertThat(folder.resolve("over-optimisation-ppo.png")).isNotEmptyFile();
        List<String> lines = Files.readAllLines(folder.resolve("over-optimisation.csv"));
        assertThat(lines).hasSize(1 + 3 * (4 + 11));
        // Each reward has its own best of 8, and that its own divergence.
        double[] kl = lines.stream()
                .filter(line -> line.startsWith("best of n,") && line.contains("\",8,"))
                .mapToDouble(line -> Double.parseDouble(line.split("\",8,")[1].split(",")[0]))
                .toArray();
        assertThat(kl).hasSize(3).doesNotHaveDuplicates();
    }
}
