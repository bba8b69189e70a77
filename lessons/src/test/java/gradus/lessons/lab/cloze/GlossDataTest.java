package gradus.lessons.lab.cloze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.train.cloze.Example;
import gradus.train.corpus.LexicographerFiles.Entry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Examples drawn from glosses.
class GlossDataTest {
    /// 60 entries of each class and 60 of another file.
    private static List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        List<String> files = new ArrayList<>(GlossData.CLASSES.keySet());
        files.add("adv.all");
        for (String file : files) {
            for (int i = 0; i < 60; i++) {
                entries.add(new Entry(file, "lemma " + i, "gloss " + i + " of " + file));
            }
        }
        return entries;
    }

    @Test
    void whatIsHeldOutIsNeitherReadNorDrawn() {
        GlossData data = GlossData.of(entries());
        assertThat(data.test()).hasSize(400);
        assertThat(data.text()).hasSize(60 * 9 - 400);
        for (int label = 0; label < 8; label++) {
            int own = label;
            assertThat(data.test().stream().filter(each -> each.label() == own)).hasSize(50);
            assertThat(data.pool().get(label)).hasSize(10).allMatch(each -> each.label() == own);
            String file = List.copyOf(GlossData.CLASSES.keySet()).get(label);
            assertThat(data.pool().get(label))
                    .allMatch(each -> each.texts().getFirst().endsWith(" of " + file));
        }
        Set<String> held = new HashSet<>();
        data.test().forEach(each -> held.add(each.texts().getFirst()));
        assertThat(data.text()).noneMatch(line -> held.contains(line.substring(line.indexOf(": ") + 2)));
        assertThat(data.draw(10, 1))
                .noneMatch(each -> held.contains(each.texts().getFirst()));
    }

    @Test
    void seedsDrawOthersAndTheSameOnesTheSame() {
        GlossData data = GlossData.of(entries());
        assertThat(data.draw(4, 1)).hasSize(32).isEqualTo(data.draw(4, 1)).isNotEqualTo(data.draw(4, 2));
        for (int label = 0; label < 8; label++) {
            int own = label;
            assertThat(data.draw(4, 1).stream().filter(each -> each.label() == own))
                    .hasSize(4);
        }
    }

    @Test
    void whatJudgesIsNeitherLearntNorHeldOut() {
        GlossData data = GlossData.of(entries());
        for (int count : new int[] {1, 4, 100}) {
            GlossData.Choice choice = data.choice(count);
            assertThat(choice.judge()).hasSize(8 * 5); // half of the ten that are left
            assertThat(choice.train()).hasSize(8 * Math.min(count, 5));
            assertThat(choice.train()).doesNotContainAnyElementsOf(choice.judge());
            assertThat(data.test()).doesNotContainAnyElementsOf(choice.judge());
            for (int label = 0; label < 8; label++) {
                int own = label;
                assertThat(choice.judge().stream().filter(each -> each.label() == own))
                        .hasSize(5);
            }
            assertThat(data.choice(count)).isEqualTo(choice);
        }
    }

    @Test
    void shuffledLabelsAreTheSameLabelsElsewhere() {
        List<Example> drawn = GlossData.of(entries()).draw(8, 1);
        List<Example> shuffled = GlossData.shuffled(drawn, 1);
        assertThat(shuffled)
                .extracting(Example::texts)
                .isEqualTo(drawn.stream().map(Example::texts).toList());
        assertThat(shuffled)
                .extracting(Example::label)
                .containsExactlyInAnyOrderElementsOf(
                        drawn.stream().map(Example::label).toList());
        long same = 0;
        for (int i = 0; i < drawn.size(); i++) {
            same += drawn.get(i).label() == shuffled.get(i).label() ? 1 : 0;
        }
        assertThat(same).isLessThan(20); // of 64; an eighth is expected
    }

    @Test
    void badPlans() {
        assertThatThrownBy(() -> new ClozePlan(Path.of("x"), 0, 1, 1, List.of(4), List.of(1e-3)))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new ClozePlan(Path.of("x"), 1, 1, 1, List.of(4), List.of()))
                .isInstanceOf(ConfigException.class);
        for (double rate : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new ClozePlan(Path.of("x"), 1, 1, 1, List.of(4), List.of(1e-3, rate)))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("a learning rate must be above 0; got " + rate);
        }
        assertThatThrownBy(() -> new ClozePlan(Path.of("x"), 1, 1, 1, List.of(), List.of(1e-3)))
                .hasMessageContaining("must be given");
        assertThatThrownBy(() -> new ClozePlan(Path.of("x"), 1, 1, 1, List.of(5000), List.of(1e-3)))
                .hasMessageContaining("from 1 to 1300; got 5000");
        assertThatThrownBy(() -> new ClozePlan(Path.of("x"), 1, 1, -1, 1, List.of(4), List.of(1e-3), 0))
                .hasMessageContaining("at least 0; got -1");
    }

    /// 8 classes in batches of 16: with n examples of each, an epoch has n/2 steps.
    @Test
    void stepsAreTwentyEpochsWithinLimits() {
        ClozePlan plan = new ClozePlan(Path.of("x"), 1, 100, 1, List.of(4), List.of(1e-3));
        assertThat(plan.steps(4)).isEqualTo(100); // 40 would be 20 epochs
        assertThat(plan.steps(16)).isEqualTo(160);
        assertThat(plan.steps(64)).isEqualTo(500); // and not 640
        assertThat(plan.steps(256)).isEqualTo(500);
        assertThat(plan.steps(1024)).isEqualTo(3 * 512);
        assertThat(new ClozePlan(Path.of("x"), 1, 1, 1, List.of(64, 4, 64), List.of(1e-3)).examples())
                .containsExactly(4, 64);
    }
}
