package gradus.lessons.lab.incontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.lessons.lab.material.Training;
import gradus.tensor.random.Rng;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class MarkovTest {
    @Property(tries = 200)
    void rowsOfAChainAreDistributionsAndAllOneWhereTokensAreIndependent(@ForAll long seed) {
        double[][] chain = new MarkovSequences(4, 3, false).chain(Rng.of(seed));
        for (double[] row : chain) {
            assertThat(Arrays.stream(row).sum()).isCloseTo(1, within(1e-12));
            assertThat(Arrays.stream(row).min().orElseThrow()).isNotNegative();
        }
        assertThat(chain[0]).isNotEqualTo(chain[1]);
        double[][] independent = new MarkovSequences(4, 3, true).chain(Rng.of(seed));
        assertThat(independent[3]).isEqualTo(independent[0]);
    }

    /// The flat Dirichlet distribution of k parts has mean 1/k and variance (k − 1)/(k²(k + 1)): 1/18 for
    /// three.
    @Test
    void rowsAreDrawnFromTheFlatDirichletDistribution() {
        MarkovSequences sequences = new MarkovSequences(3, 3, false);
        int count = 4000;
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < count; i++) {
            double p = sequences.chain(Rng.of(7).at(i))[1][2];
            sum += p;
            squares += p * p;
        }
        double mean = sum / count;
        assertThat(mean).isCloseTo(1.0 / 3, within(5 * Math.sqrt(1.0 / 18 / count)));
        assertThat(squares / count - mean * mean).isCloseTo(1.0 / 18, within(0.005));
    }

    @Test
    void tokensFollowTheirChain() {
        MarkovSequences sequences = new MarkovSequences(3, 40_000, false);
        Rng rng = Rng.of(3);
        double[][] chain = sequences.chain(rng.at("chain"));
        int[] drawn = sequences.draw(rng);
        int[][] steps = new int[3][3];
        int[] from = new int[3];
        for (int t = 1; t < drawn.length; t++) {
            steps[drawn[t - 1]][drawn[t]]++;
            from[drawn[t - 1]]++;
        }
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                double error = 5 * Math.sqrt(chain[i][j] / from[i]) + 1e-3;
                assertThat(steps[i][j] / (double) from[i]).isCloseTo(chain[i][j], within(error));
            }
        }
        assertThat(sequences.draw(rng)).isEqualTo(drawn);
    }

    @Test
    void aModelThatSaysWhatARuleSaysIsAtNoDistanceFromIt() {
        int[][] tests = new MarkovSequences(3, 12, false).draw(20, Rng.of(1));
        double[] logs = new double[20 * 11 * 3];
        int at = 0;
        for (int[] test : tests) {
            for (int time = 1; time < 12; time++) {
                for (int next = 0; next < 3; next++) {
                    logs[at++] = Math.log(Strategy.UNIGRAM.probability(test, time, next, 3));
                }
            }
        }
        MarkovTrial.Point point = MarkovTrial.point(5, logs, tests, 3);
        assertThat(point.distance().get(Strategy.UNIGRAM)).isCloseTo(0, within(1e-12));
        assertThat(point.distance().get(Strategy.BIGRAM)).isPositive();
        assertThat(point.loss()).isCloseTo(MarkovTrial.loss(Strategy.UNIGRAM, tests, 3), within(1e-12));
    }

    @Test
    void noRuleLosesLessThanBayesOnManyChains() {
        int[][] tests = new MarkovSequences(3, 30, false).draw(500, Rng.of(2));
        double bayes = MarkovTrial.loss(Strategy.BIGRAM, tests, 3);
        assertThat(MarkovTrial.loss(Strategy.UNIGRAM, tests, 3)).isGreaterThan(bayes);
        assertThat(MarkovTrial.loss(Strategy.UNIFORM, tests, 3)).isCloseTo(Math.log(3), within(1e-12));
    }

    @Test
    void phasesAreInOrderOnlyIfEachComesOnceAndNoneIsMissing() {
        Strategy a = Strategy.UNIFORM;
        Strategy b = Strategy.UNIGRAM;
        Strategy c = Strategy.BIGRAM;
        assertThat(MarkovPart.isOrdered(List.of(a, a, b, c, c))).isTrue();
        assertThat(MarkovPart.isOrdered(List.of(a, c, b, c))).isFalse();
        assertThat(MarkovPart.isOrdered(List.of(a, c, c))).isFalse();
        assertThat(MarkovPart.isOrdered(List.of(a, b, b))).isFalse();
    }

    @Test
    void whatCannotBeDrawnIsRefused() {
        assertThatThrownBy(() -> new MarkovSequences(1, 9, false))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("at least 2 states and 3 tokens; got 1 and 9");
        assertThatThrownBy(() -> new Training(1, 1e-3)).hasMessageContaining("at least 2 steps; got 1");
        assertThatThrownBy(() -> new Training(9, 0)).hasMessageContaining("above 0; got 0");
    }
}
