package gradus.lessons.lab.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.layers.adapter.QLoraCost;
import gradus.layers.model.Llama;
import gradus.layers.model.config.LlamaConfig;
import gradus.tensor.Autograd;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.task.Task;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The tables of `lab finetune`, by hand.
class FinetuneTablesTest {
    private static final LlamaConfig SIZE = LlamaConfig.of(8, 2, 1)
            .withVocabSize(11)
            .withContext(LabPlan.CONTEXT)
            .withHidden(12);

    private static Finding finding(String method, double rate, long seed, double changed, double old, double speed) {
        return new Finding(method, rate, seed, changed, old, 12_345, 2 << 20, 1536, 3 << 20, 0, speed, 1023);
    }

    /// The best rate's seeds only, of which the first is the least of the three; a training that failed is the
    /// worst.
    @Test
    void aRowIsOfTheBestRate() {
        LabTable table = new LabTable(new LabTable.Losses(5, 3), new LabTable.Losses(5.5, 3.25));
        table.add(List.of(
                finding("lora", 3e-3, 1, 2.5, 3.5, 900),
                finding("lora", 1e-2, 1, 2, 3.75, 1000),
                finding("lora", 3e-2, 1, Double.NaN, 9, 5000),
                finding("lora", 1e-2, 2, 4, 4.25, 1100)));
        assertThat(table).hasToString("""
                The base: 5.0000 on the new text, 3.0000 on the old one; quantised to nf4-double 5.5000 and 3.2500.

                | method |    lr | trained |  weights | gradients | optimiser | resident | tokens/s |         new loss |        old loss | forgotten |   saved |
                |---|---|---|---|---|---|---|---|---|---|---|---|
                | lora   | 1e-02 |  12,345 | 2.00 MiB |   1.5 KiB |  3.00 MiB |  unknown |    1,100 | 3.0000 ± 12.7062 | 4.0000 ± 3.1766 |    +1.000 | 1.0 KiB |
                """);
    }

    /// Trained, weights and gradients are the first finding's, and so is the peak of memory.
    @Test
    void memoryIsTheFirstOnes() {
        LabTable table = new LabTable(new LabTable.Losses(5, 3), new LabTable.Losses(5, 3));
        table.add(List.of(new Finding("ia3", 1, 1, 2, 2.5, 7, 1 << 19, 100, 200, 5 << 20, 1234.4, 1 << 20)));
        assertThat(table.toString().lines().toList().getLast())
                .isEqualTo(
                        "| ia3    | 1e+00 |       7 | 512.0 KiB |   0.1 KiB |   0.2 KiB | 5.00 MiB |    1,234 |   2.0000 |   2.5000 |    -0.500 | 1.00 MiB |");
    }

    /// 6,738,415,616 numbers: 2 bytes each of weight and gradient and 8 of Adam; or the weights alone in 2
    /// bytes, or the linear ones in 4.127 bits.
    @Test
    void publishedModelsByFormula() {
        Llama base = new Llama(SIZE, Rng.of(1));
        String table = new CostTable(base, Map.of()).toString();
        List<String> lines = table.lines().toList();
        assertThat(lines.get(0)).isEqualTo("| r = 8 on all linear layers | full | LoRA | QLoRA, nf4-double |");
        assertThat(lines).hasSize(7);
        double numbers = 6_738_415_616.0;
        double linear = 32.0 * (4 * 4096.0 * 4096 + 3 * 4096.0 * 11_008);
        double adapter = 32.0 * 8 * (4 * 2 * 4096.0 + 3 * (4096.0 + 11_008));
        double[] seven = numbers(lines.get(2));
        assertThat(lines.get(2)).startsWith("| Llama 2 7B, 16 bits and Adam in 32 |");
        assertThat(seven[0]).isCloseTo(12 * numbers / 1e9, within(0.06));
        assertThat(seven[1]).isCloseTo((2 * numbers + 12 * adapter) / 1e9, within(0.06));
        assertThat(seven[2])
                .isCloseTo((4.127 / 8 * linear + 2 * (numbers - linear) + 12 * adapter) / 1e9, within(0.06));
        assertThat(numbers(lines.get(3))[0]).isCloseTo(12 * 13.016, within(0.06));
        assertThat(numbers(lines.get(4))[0]).isCloseTo(12 * 68.977, within(0.06));
        assertThat(lines.get(6)).isEqualTo("| measured | | | |");
    }

    private static double[] numbers(String line) {
        return Arrays.stream(line.split("\\|"))
                .map(String::strip)
                .filter(cell -> cell.endsWith(" GB"))
                .mapToDouble(cell -> Double.parseDouble(cell.substring(0, cell.length() - 3)))
                .toArray();
    }

    @Test
    void whatWasMeasuredStandsUnderItsFormula() {
        Llama base = new Llama(SIZE, Rng.of(1));
        QLoraCost.Bytes wide = QLoraCost.Bytes.FLOAT32;
        long full = QLoraCost.full(base, wide).total();
        long lora = QLoraCost.lora(base, 8, wide).total();
        Map<String, Finding> measured = new LinkedHashMap<>();
        measured.put("full", new Finding("full", 1, 1, 1, 1, 1, full, 0, 0, 0, 1, 1));
        measured.put("lora", new Finding("lora", 1, 1, 1, 1, 1, lora, lora / 10, lora / 10, 0, 1, 1));
        List<String> lines = new CostTable(base, measured).toString().lines().toList();
        assertThat(full).isEqualTo(16L * base.parameterCount()); // weight, gradient and two moments
        assertThat(lines.get(5))
                .startsWith("| the base here, 32 bits, by formula | %s MB | %s MB |".formatted(mb(full), mb(lora)));
        assertThat(new CostTable(base, measured).deviations())
                .containsOnlyKeys("full", "lora")
                .containsEntry("full", 0.0)
                .hasEntrySatisfying("lora", off -> assertThat(off).isCloseTo(20, within(0.1)));
        assertThat(lines.get(6))
                .isEqualTo("| measured | %s MB (+0.0 %%) | %s MB (+20.0 %%) | |"
                        .formatted(mb(full), mb(lora + 2 * (lora / 10))));
    }

    private static String mb(long bytes) {
        return BigDecimal.valueOf(bytes)
                .movePointLeft(6)
                .setScale(3, RoundingMode.HALF_UP)
                .toPlainString();
    }

    /// The mean over whole batches, each token by its neighbours before it.
    @Test
    void theLossIsTheMeanOverWholeBatches() {
        Llama model = new Llama(SIZE, Rng.of(1));
        int each = LabPlan.BATCH * LabPlan.SEQUENCE;
        Rng rng = Rng.of(3);
        int[] tokens = new int[2 * each + 1];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = rng.index(i, 11);
        }
        double[] rows = new double[2 * LabPlan.BATCH];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = row(model, tokens, row * LabPlan.SEQUENCE);
        }
        double first = Arrays.stream(rows, 0, LabPlan.BATCH).average().orElseThrow();
        double both = Arrays.stream(rows).average().orElseThrow();
        assertThat(first).isNotEqualTo(both);
        assertThat(LabTask.loss(model, tokens, 1)).isCloseTo(first, within(1e-5)); // float32 over a thousand terms
        assertThat(LabTask.loss(model, tokens, 9)).isCloseTo(both, within(1e-5));
        assertThat(LabTask.loss(model, Arrays.copyOf(tokens, 2 * each), 9)).isCloseTo(first, within(1e-5));
        assertThat(model.training()).isFalse();
    }

    private static double row(Llama model, int[] tokens, int from) {
        try (var pause = Autograd.noGrad()) {
            int[] ids = Arrays.copyOfRange(tokens, from, from + LabPlan.SEQUENCE);
            double[] logits = model.eval()
                    .forward(Indices.of(Shape.of(1, LabPlan.SEQUENCE), ids))
                    .toArray();
            double sum = 0;
            for (int t = 0; t < LabPlan.SEQUENCE; t++) {
                double all = 0;
                for (int v = 0; v < 11; v++) {
                    all += Math.exp(logits[t * 11 + v]);
                }
                sum += Math.log(all) - logits[t * 11 + tokens[from + t + 1]];
            }
            return sum / LabPlan.SEQUENCE;
        }
    }

    @Test
    void stepsReadOtherSequences() {
        Llama model = new Llama(SIZE, Rng.of(1)).eval();
        int[] tokens = new int[5000];
        Rng rng = Rng.of(3);
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = rng.index(i, 11);
        }
        LabTask task = new LabTask(model, tokens, Rng.of(4));
        Task.Part part = task.parts(0).getFirst();
        assertThat(part.counted()).isEqualTo(1024);
        assertThat(part.tokens()).isEqualTo(1024);
        double loss = part.loss().item();
        assertThat(new LabTask(model, tokens, Rng.of(4))
                        .parts(0)
                        .getFirst()
                        .loss()
                        .item())
                .isEqualTo(loss);
        assertThat(Set.of(
                        loss,
                        task.parts(1).getFirst().loss().item(),
                        task.parts(2).getFirst().loss().item()))
                .hasSize(3);
    }

    @Test
    void whatTakesPartWithoutBeingNamed() {
        assertThat(Contender.ALL.stream().filter(Contender::usual).map(Contender::name))
                .containsExactly(
                        "full", "lora", "lora-attention", "dora", "qlora", "ia3", "prefix", "ptuning", "prompt");
        assertThat(Contender.ALL)
                .allMatch(each -> each.rates().size() == 3
                        && each.rates().stream().sorted().toList().equals(each.rates()));
    }
}
