package gradus.lessons.lab.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.model.Gpt;
import gradus.lessons.lab.LabRun;
import gradus.tensor.op.CrossEntropy;
import gradus.tensor.random.Rng;
import gradus.train.task.Batch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.DoubleStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CapacityLabTest {
    @TempDir
    private Path folder;

    /// Every round through the facts gives each once, whatever the size of a step; keys are all different.
    @Property(tries = 200)
    void everyRoundGivesEveryFactOnce(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 30) int count,
            @ForAll @IntRange(min = 1, max = 40) int size) {
        Facts facts = Facts.draw(8, count, Rng.of(seed));
        Set<List<Integer>> keys = new HashSet<>();
        for (int[] key : facts.keys()) {
            assertThat(keys.add(List.of(key[0], key[1]))).isTrue();
        }
        int[] seen = new int[count];
        for (int step = 0; step < count; step++) { // count · size rows: each fact size times
            Batch batch = facts.batch(step, size, Rng.of(seed).at("order"));
            assertThat(batch.counted()).isEqualTo(3 * size);
            for (int row = 0; row < size; row++) {
                int fact = indexOf(
                        facts, batch.inputs().get(4 * row), batch.inputs().get(4 * row + 1));
                seen[fact]++;
                assertThat(batch.targets().get(4 * row)).isEqualTo(CrossEntropy.IGNORE_INDEX);
                for (int place = 0; place < 3; place++) {
                    assertThat(batch.targets().get(4 * row + 1 + place)).isEqualTo(facts.values()[fact][place]);
                }
                assertThat(batch.inputs().get(4 * row + 3)).isEqualTo(facts.values()[fact][1]);
            }
        }
        assertThat(seen).containsOnly(size);
    }

    private static int indexOf(Facts facts, int first, int second) {
        for (int i = 0; i < facts.count(); i++) {
            if (facts.keys()[i][0] == first && facts.keys()[i][1] == second) {
                return i;
            }
        }
        throw new AssertionError("no such key");
    }

    @Test
    void shuffledValuesAreAllThereAtOtherKeys() {
        Facts facts = Facts.draw(16, 100, Rng.of(1));
        Facts shuffled = facts.shuffled();
        assertThat(List.of(shuffled.values())).containsExactlyInAnyOrder(facts.values());
        assertThat(shuffled.keys()).isEqualTo(facts.keys());
        for (int i = 0; i < 100; i++) {
            assertThat(shuffled.values()[i]).isNotSameAs(facts.values()[i]);
        }
    }

    /// Against `log₂ p` token by token, and with more facts than one pass takes.
    @Test
    void theCostIsThatOfAllTokens() {
        Facts facts = Facts.draw(64, 600, Rng.of(2));
        Gpt model = new CapacityRecipe(64, 8, 1, 10, 8, 1e-2).model(1).eval();
        double sum = 0;
        for (int i = 0; i < 600; i++) {
            Facts one = new Facts(64, new int[][] {facts.keys()[i]}, new int[][] {facts.values()[i]});
            double[] logs = model.forward(one.batch(0, 1, Rng.of(0)).inputs())
                    .logSoftmax(-1)
                    .toArray(); // (1, 4, 64)
            for (int place = 0; place < 3; place++) {
                sum -= logs[(1 + place) * 64 + facts.values()[i][place]] / Math.log(2);
            }
        }
        double cost = facts.cost(model);
        assertThat(cost).isCloseTo(sum / 600, within(1e-4));
        assertThat(Facts.bits(64)).isCloseTo(18, within(1e-12));
        assertThat(facts.known(18)).isZero();
        assertThat(facts.known(25)).isZero();
        assertThat(facts.known(3)).isCloseTo(600 * 15, within(1e-9));
    }

    private static SequencedMap<Integer, List<Learned>> models(double ratio, double entropy, double shuffled) {
        SequencedMap<Integer, List<Learned>> models = new LinkedHashMap<>();
        double[] noise = {1, 1.002, 0.999, 1.001, 1, 0.998};
        for (int size = 0; size < 3; size++) {
            long p = 10_000L << size;
            int from = 2 * size;
            models.put(
                    8 << size,
                    DoubleStream.of(noise[from], noise[from + 1])
                            .mapToObj(each -> new Learned(p, 100, entropy * p, ratio * each * p, shuffled * p))
                            .toList());
        }
        return models;
    }

    @Test
    void verdictsFollowFromTheModels() {
        List<Integer> counts = List.of(1000, 100);
        List<Double> loads = List.of(3.0, 0.5);
        String good = new CapacityPart(models(2.1, 3, 0), models(1.1, 3, 0), models(0.499, 0.5, 0), counts, loads)
                .section(folder)
                .toString();
        assertThat(good).doesNotContain("Does not hold", "Nothing is decided");
        assertThat(folder.resolve("capacity.png")).isNotEmptyFile();
        String bad = new CapacityPart(models(0.5, 3, 0.1), models(0.6, 3, 0), models(0.2, 0.5, 0), counts, loads)
                .section(folder)
                .toString();
        assertThat(bad.split("\\*\\*Does not hold here\\.\\*\\* ", -1)).hasSize(1 + 5);
        assertThat(new CapacityPart(models(2.1, 3, 0), models(0, 3, 0), models(0.499, 0.5, 0), counts, loads)
                        .section(folder)
                        .toString())
                .contains("**Nothing is decided** of the growth after 100 exposures");
        SequencedMap<Integer, List<Learned>> bent = models(2.1, 3, 0);
        bent.replaceAll((dim, seeds) -> seeds.stream()
                .map(each -> new Learned(each.parameters(), 100, each.entropy(), Math.pow(each.known(), 1.2) / 8, 0))
                .toList());
        assertThat(new CapacityPart(bent, models(1, 3, 0), models(0.499, 0.5, 0), counts, loads)
                        .section(folder)
                        .toString())
                .contains("**Does not hold here.** After 1000 exposures the bits grow like P^1");
    }

    @Test
    void fewFactsAreLearnedInFullAndNoneOfTheirShuffledValues() {
        CapacityRecipe recipe = new CapacityRecipe(32, 16, 0.1, 150, 16, 1e-2);
        Map<String, ?> measured = recipe.train(folder, 1, line -> {});
        double entropy = (double) measured.get("entropy");
        assertThat((double) measured.get("known")).isBetween(0.9 * entropy, entropy);
        assertThat((double) measured.get("shuffled")).isZero();
    }

    @Test
    void settingsThatCannotBeAreRefused() {
        assertThatThrownBy(() -> Facts.draw(8, 33, Rng.of(1))).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new CapacityRecipe(8, 8, 0, 10, 8, 1e-2)).isInstanceOf(ConfigException.class);
        String out = "--out=" + folder.resolve("lab");
        for (String wrong : List.of("8", "8,9", "8,8", "0,8", "8,300")) {
            assertThat(LabRun.of("capacity", out, "--channels=" + wrong).failure())
                    .hasMessageContaining("--channels must be two or more even numbers of at most 256");
        }
        assertThat(LabRun.of("capacity", out, "--vocabulary=7").failure()).hasMessageContaining("--vocabulary must be");
        assertThat(LabRun.of("capacity", out, "--exposures=9").failure())
                .hasMessage("--exposures must be at least 10; got 9");
        assertThat(folder.resolve("lab")).doesNotExist();
    }

    @Test
    void theCommandPrintsItsTablesAndGoesOn() throws Exception {
        String[] arguments = {
            "capacity", "--out=" + folder, "--channels=4,8", "--vocabulary=64", "--exposures=20", "--seeds=1"
        };
        LabRun run = LabRun.of(arguments);
        assertThat(run.code()).as(String.valueOf(run.failure())).isZero();
        assertThat(run.printed()).contains("## Bits a parameter", "| 4, 20 of 3.0 bits |", "| 8, 20 of 0.5 bits |");
        assertThat(Files.readString(folder.resolve("table.md"))).isEqualTo(run.printed());
        LabRun again = LabRun.of(arguments);
        assertThat(again.printed()).isEqualTo(run.printed());
        assertThat(again.told()).doesNotContain("is trained");
        arguments[4] = "--exposures=30";
        assertThat(LabRun.of(arguments).failure()).hasMessageContaining("other settings");
    }
}
