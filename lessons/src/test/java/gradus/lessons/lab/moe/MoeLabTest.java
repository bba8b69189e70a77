package gradus.lessons.lab.moe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.Layer;
import gradus.layers.feedforward.MixtureOfExperts;
import gradus.layers.model.Gpt;
import gradus.lessons.lab.LabRun;
import gradus.lessons.lab.material.HeldOutText;
import gradus.lessons.lab.material.Material;
import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.measure.SeedTable;
import gradus.tensor.random.Rng;
import gradus.train.task.Evaluation;
import gradus.train.task.Loss;
import gradus.train.task.Tokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class MoeLabTest {
    private static final HeldOutText TEXT = HeldOutText.ofText("one two three four ".repeat(600), "the text", 4200);

    @TempDir
    private Path folder;

    private static Gpt model(Mixing mixing) {
        return new MoeRun("top", mixing, 8, 2, TEXT).model(3);
    }

    private static List<Mixing> mixtures() {
        return List.of(Mixing.free(), Mixing.balanced(), Mixing.biased(), Mixing.frozen(), Mixing.choosing());
    }

    /// Of weights of the feed-forward networks alone, without routers.
    private static long weights(Mixing mixing) {
        Layer layer = (Layer) mixing.choice().create(8, Rng.of(1));
        return layer.namedParameters().entrySet().stream()
                .filter(each -> !each.getKey().startsWith("gate."))
                .mapToLong(each -> each.getValue().size())
                .sum();
    }

    @Test
    void aTokenUsesAsManyWeightsEverywhere() {
        assertThat(weights(Mixing.whole())).isEqualTo(4 * weights(Mixing.dense()));
        for (Mixing mixing : mixtures()) {
            // two experts of eight
            assertThat(weights(mixing) * 2 / 8).as(mixing.name()).isEqualTo(weights(Mixing.dense()));
        }
        // one expert of eight
        assertThat(weights(Mixing.bounded(1)) / 8).isEqualTo(weights(Mixing.dense()));
        List<String> names = new ArrayList<>();
        mixtures().forEach(each -> names.add(new MoeRun("top", each, 8, 2, TEXT).name()));
        for (double factor : new double[] {0.5, 1, 1.25, 2, Double.POSITIVE_INFINITY}) {
            names.add(new MoeRun("one", Mixing.bounded(factor), 8, 2, TEXT).name());
        }
        assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.matches("[a-z0-9-]+"));
    }

    @Property(tries = 200)
    void theVariationIsTheDeviationOverTheMean(
            @ForAll @Size(min = 2, max = 9) List<@IntRange(min = 0, max = 50) Integer> loads) {
        long[] tokens = loads.stream().mapToLong(i -> i + 1).toArray();
        ExpertLoad load = new ExpertLoad(List.of(tokens), new long[] {3});
        double mean = Arrays.stream(tokens).sum() / (double) tokens.length;
        // E[x²] - E[x]², another way to the same
        double squares =
                Arrays.stream(tokens).mapToDouble(each -> (double) each * each).sum() / tokens.length;
        assertThat(load.variation(0)).isCloseTo(Math.sqrt(Math.max(0, squares - mean * mean)) / mean, within(1e-6));
        assertThat(load.droppedShare(0)).isCloseTo(3.0 / (3 + mean * tokens.length), within(1e-12));
        long few = loads.stream()
                .filter(i ->
                        (i + 1) * 10L * tokens.length < Arrays.stream(tokens).sum())
                .count();
        assertThat(load.unused(0)).isCloseTo((double) few / tokens.length, within(1e-12));
    }

    @Test
    void oneExpertThatDoesEverything() {
        ExpertLoad load = new ExpertLoad(List.of(new long[] {8, 0, 0, 0, 0, 0, 0, 0}), new long[1]);
        assertThat(load.variation(0)).isCloseTo(Math.sqrt(7), within(1e-12));
        assertThat(load.unused(0)).isEqualTo(7 / 8.0);
        assertThat(load.droppedShare(0)).isZero();
    }

    @Test
    void everyWishIsCountedOnce() {
        Tokens text = TEXT.split().validation();
        int tokens = 2 * 4 * MoeRun.CONTEXT;
        for (Mixing mixing : mixtures()) {
            Gpt gpt = model(mixing).train();
            ExpertLoad load = ExpertLoad.of(gpt, text, 4, 2);
            assertThat(load.layers()).isEqualTo(2);
            for (int layer = 0; layer < 2; layer++) {
                assertThat(Arrays.stream(load.tokens().get(layer)).sum())
                        .as(mixing.name())
                        .isEqualTo(2L * tokens);
                assertThat(load.dropped()[layer]).isZero();
            }
            assertThat(gpt.training()).isTrue();
        }
        assertThat(ExpertLoad.of(model(Mixing.free()), Tokens.of(new int[600]), 4, 8)
                        .tokens()
                        .getFirst())
                .satisfies(each -> assertThat(Arrays.stream(each).sum()).isEqualTo(2L * 2 * 4 * MoeRun.CONTEXT));
        ExpertLoad bounded = ExpertLoad.of(model(Mixing.bounded(0.5)), text, 4, 2);
        for (int layer = 0; layer < 2; layer++) {
            long taken = Arrays.stream(bounded.tokens().get(layer)).sum();
            assertThat(taken + bounded.dropped()[layer]).isEqualTo(tokens);
            assertThat(bounded.droppedShare(layer)).isGreaterThanOrEqualTo(0.5);
        }
        assertThat(ExpertLoad.of(model(Mixing.choosing()), text, 4, 2).variation(1))
                .isZero();
        assertThat(ExpertLoad.of(model(Mixing.dense()), text, 4, 2).layers()).isZero();
    }

    /// Against the evaluation of the library, row by row.
    @Test
    void onlyExpertsThatChooseSeeTheFuture() {
        Tokens text = TEXT.split().validation();
        int[] rows = new int[3 * MoeRun.CONTEXT + 1];
        text.copy(0, rows, 0, rows.length);
        for (Mixing mixing : List.of(Mixing.dense(), Mixing.free(), Mixing.biased(), Mixing.choosing())) {
            Gpt gpt = model(mixing).eval();
            FutureSight sight = new FutureSight(gpt, text);
            double whole = new Evaluation(gpt, Loss.crossEntropy(), 1).whole(rows);
            assertThat(sight.whole(3)).isCloseTo(whole, within(1e-6));
            boolean chooses = mixing.name().equals(Mixing.choosing().name());
            assertThat(sight.change() > 1e-5).as(mixing.name()).isEqualTo(chooses);
            assertThat(Math.abs(sight.generating(3) - whole) > 1e-6)
                    .as(mixing.name())
                    .isEqualTo(chooses);
        }
    }

    @Test
    void aFrozenRouterStaysAndOthersLearn() {
        for (Mixing mixing : List.of(Mixing.free(), Mixing.frozen())) {
            Layer gate = model(mixing)
                    .namedLayers(MixtureOfExperts.class)
                    .values()
                    .iterator()
                    .next();
            boolean trained = gate.namedParameters().get("gate.weight").requiresGrad();
            assertThat(trained).isEqualTo(mixing.name().equals(Mixing.free().name()));
        }
        Material material = new Material(folder, line -> {});
        MoeRuns runs = new MoeRuns(8, 4, 1, TEXT, material);
        JsonNode frozen = runs.measured("top", Mixing.frozen(), 1);
        JsonNode free = runs.measured("top", Mixing.free(), 1);
        assertThat(frozen.path("loss").asDouble())
                .isNotEqualTo(free.path("loss").asDouble());
        assertThat(free.path("variation").size()).isEqualTo(4);
        assertThat(free.path("unused").path(0).size()).isEqualTo(2);
        assertThat(free.path("loss").asDouble()).isBetween(1.0, Math.log(TEXT.vocabulary()) + 0.2);
        assertThatThrownBy(() -> new MoeRun("top", Mixing.free(), 8, 1, TEXT)).isInstanceOf(ConfigException.class);
    }

    private static void put(SeedTable table, String row, double... values) {
        table.put(row, values);
        table.put(row, Arrays.stream(values).map(each -> each + 0.01).toArray());
    }

    /// Columns: loss, weights, step, at the beginning, layer 1, layer 2, mean, unused, change, at once, alone.
    private static String balance(double free, double balanced, double bias, double dense, double leak, double alone) {
        SeedTable table = BalancePart.empty();
        put(table, Mixing.dense().name(), dense, 1, 1, 0, 0, 0, 0, 0, 0, 2, 2);
        put(table, Mixing.whole().name(), dense - 0.4, 4, 1, 0, 0, 0, 0, 0, 0, 2, 2);
        put(table, Mixing.free().name(), 2, 4, 1, 0.5, free, free, free, free / 4, 0, 2, 2);
        put(table, Mixing.balanced().name(), 2.01, 4, 1, 0.5, balanced, balanced, balanced, 0, 0, 2, 2);
        put(table, Mixing.biased().name(), bias, 4, 1, 0.5, balanced, balanced, balanced, 0, 0, 2, 2);
        table.put(Mixing.choosing().name(), 2, 4, 1, 0, 0, 0, 0, 0, leak, 2, alone);
        table.put(Mixing.choosing().name(), 2, 4, 1, 0, 0, 0, 0, 0, leak, 2, alone);
        put(table, Mixing.frozen().name(), 2.2, 4, 1, 0.5, free, free, free, 0, 0, 2, 2);
        return BalancePart.claims(new Section("s", "p"), table).toString();
    }

    @Test
    void whatIsSaidOfBalanceFollowsFromTheNumbers() {
        String good = balance(1.2, 0.2, 2, 2.3, 0.5, 2.1);
        // the change of the second seed has 0.01 more where tokens choose: more than exact
        assertThat(good.replace("**Does not hold here.** Control: where tokens choose", "**Holds.** Control"))
                .doesNotContain("Does not hold");
        assertThat(good).contains("(Shazeer et al. 2017), by: 0.700 ± 0.000.").contains("nats: 0.010 ± 0.000.");
        String bad = balance(0.3, 0.4, 2.05, 1.9, 0, 2);
        assertThat(bad)
                .contains("**Does not hold here.** Without balance the load concentrates")
                .contains("**Does not hold here.** The loss term lowers the variation")
                .contains("**Does not hold here.** The bias lowers the variation")
                .contains("**Does not hold here.** With the bias the loss is lower")
                .contains("**Does not hold here.** Where experts choose, a later token changes")
                .contains("**Does not hold here.** Where experts choose, the loss token by token")
                .contains("**Does not hold here.** Experts are better than a dense network of equal operations")
                .contains("**Holds.** A frozen random router loses");
    }

    private static String capacity(double half, double usual, double dropped) {
        SeedTable table = CapacityPart.empty();
        put(table, Mixing.bounded(0.5).name(), half, 50);
        put(table, Mixing.bounded(1.25).name(), usual, 5);
        table.put(Mixing.bounded(Double.POSITIVE_INFINITY).name(), 2, dropped);
        table.put(Mixing.bounded(Double.POSITIVE_INFINITY).name(), 2.01, dropped);
        return CapacityPart.claims(new Section("s", "p"), table).toString();
    }

    @Test
    void whatIsSaidOfCapacityFollowsFromTheNumbers() {
        assertThat(capacity(2.3, 2.02, 0)).doesNotContain("Does not hold");
        assertThat(capacity(1.9, 2.1, 1))
                .contains("**Does not hold here.** Its loss exceeds that without a bound, by: -0.100")
                .contains("**Does not hold here.** At 1.25 the loss")
                .contains("**Does not hold here.** Control: without a bound nothing is dropped: 1.0.");
    }

    @Test
    void theCommandNamesEveryMixtureAndGoesOn() throws Exception {
        Path text = folder.resolve("text.txt");
        Files.writeString(text, "one two three four ".repeat(600));
        Path lab = folder.resolve("lab");
        String[] arguments = {
            "moe", "--out=" + lab, "--data=" + text, "--steps=2", "--seeds=1", "--channels=4", "--held-out=600"
        };
        LabRun run = LabRun.of(arguments);
        assertThat(run.code()).as(String.valueOf(run.failure())).isZero();
        for (Mixing each : mixtures()) {
            assertThat(run.printed()).contains("| " + each.name() + " |");
        }
        assertThat(run.printed())
                .contains("**Holds.** Control: where tokens choose, no later token changes anything")
                .contains("| 0.5 |", "| unbounded |", "**Holds.** Control: without a bound nothing is dropped: 0.0.");
        assertThat(lab.resolve("table.md")).hasContent(run.printed());
        assertThat(lab.resolve("balance.png")).isNotEmptyFile();
        assertThat(lab.resolve("capacity.png")).isNotEmptyFile();
        LabRun again = LabRun.of(arguments);
        assertThat(again.printed()).isEqualTo(run.printed());
        assertThat(again.told()).doesNotContain("is trained");
    }

    @Test
    void settingsThatCannotBeAreRefused() {
        String out = "--out=" + folder.resolve("lab");
        assertThat(LabRun.of("moe", out, "--steps=1").failure()).hasMessageContaining("--steps must be at least 2");
        assertThat(LabRun.of("moe", out, "--seeds=0").failure()).hasMessageContaining("--seeds must be at least 1");
        assertThat(LabRun.of("moe", out, "--channels=3").failure())
                .hasMessageContaining("--channels must be an even number above 0; got 3");
        assertThat(LabRun.of("moe", out, "--held-out=512").failure())
                .hasMessageContaining("--held-out must be at least 513, one batch; got 512");
        assertThat(folder.resolve("lab")).doesNotExist();
    }
}
