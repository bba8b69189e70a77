package gradus.lessons.lab.incontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.lessons.lab.incontext.Associations.Kind;
import gradus.tensor.random.Rng;
import gradus.train.task.Batch;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class AssociationsTest {
    private static final Associations ALL = new Associations(12, 5, 4, 1);

    @Property(tries = 200)
    void theAnswerIsWhatStoodBehindTheKey(@ForAll long seed) {
        for (Kind kind : Kind.values()) {
            Batch batch = ALL.batch(2, kind, Rng.of(seed));
            int time = ALL.length() - 1;
            assertThat(batch.counted()).isEqualTo(2 * 4);
            for (int row = 0; row < 2; row++) {
                Map<Integer, Integer> shown = new HashMap<>();
                for (int p = 0; p < 5; p++) {
                    int value = batch.inputs().values()[row * time + 2 * p + 1];
                    assertThat(value).isBetween(12, 23);
                    shown.put(batch.inputs().values()[row * time + 2 * p], value);
                }
                assertThat(shown).hasSize(5);
                for (int q = 0; q < 4; q++) {
                    int at = row * time + 2 * (5 + q);
                    int key = batch.inputs().values()[at];
                    int answer = batch.targets().values()[at];
                    assertThat(key).isBetween(0, 11);
                    if (kind == Kind.PLAIN) {
                        assertThat(answer).isEqualTo(shown.get(key));
                    } else if (kind == Kind.ABSENT) {
                        assertThat(shown).doesNotContainKey(key);
                    }
                }
            }
        }
    }

    @Test
    void exchangedValuesAreMostlyWrong() {
        Batch batch = ALL.batch(200, Kind.EXCHANGED, Rng.of(1));
        int time = ALL.length() - 1;
        int same = 0;
        for (int row = 0; row < 200; row++) {
            for (int q = 0; q < 4; q++) {
                int at = row * time + 2 * (5 + q);
                for (int p = 0; p < 5; p++) {
                    boolean found = batch.inputs().values()[row * time + 2 * p]
                            == batch.inputs().values()[at];
                    same += found
                                    && batch.inputs().values()[row * time + 2 * p + 1]
                                            == batch.targets().values()[at]
                            ? 1
                            : 0;
                }
            }
        }
        assertThat(same / 800.0).isBetween(0.04, 0.14); // by chance, 1/12
    }

    @Property(tries = 200)
    void everyRoundAsksAgainAndTheAnswerStaysTheSame(@ForAll long seed) {
        Associations rounds = new Associations(12, 3, 3, 4);
        Batch batch = rounds.batch(1, Kind.PLAIN, Rng.of(seed));
        assertThat(batch.counted()).isEqualTo(12);
        Map<Integer, Integer> answers = new HashMap<>();
        for (int q = 0; q < 12; q++) {
            int at = 2 * (3 + q);
            Integer before =
                    answers.put(batch.inputs().values()[at], batch.targets().values()[at]);
            assertThat(before == null || before == batch.targets().values()[at]).isTrue();
        }
        assertThat(answers).hasSize(3);
    }

    @Test
    void moreQueriesThanPairsAreRefused() {
        assertThatThrownBy(() -> new Associations(9, 3, 4, 1)).hasMessageContaining("got 4, 3 and 9");
    }
}
