package gradus.lessons.lab.inference;

import gradus.layers.adapter.Quantization;
import gradus.layers.attention.ScaledDotProductAttention;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.AttentionChoice;
import gradus.layers.model.config.Attentions;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.quant.QuantConfig;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/// Everything that is measured, by name.
final class Rows {
    /// Groups of rows.
    static final String READ = "read at once, no cache";

    static final String WRITE = "one token, cache";
    static final String BATCH = "one token of each text, cache";
    static final String HEADS = "heads and window";
    static final String FEW = "a few tokens, cache";
    static final String QUANTISED = "quantised weights";
    static final String ATTENTION = "attention alone";

    /// Texts at once where the cache is the larger part.
    static final int TEXTS = 8;

    /// What a speculative pass reads.
    static final int CHECKED = 5;

    static final int WINDOW = 64;

    private static final Products NONE = new Products(Products.FLOATS, 0);

    private final InferencePlan plan;
    private final Gpt model;
    private final SequencedMap<String, Measured> rows = new LinkedHashMap<>();

    /// All of a plan. The model has random weights: what it says does not change what it costs.
    Rows(InferencePlan plan, Gpt model, Gpt draft) {
        this.plan = plan;
        this.model = model;
        int longest = plan.longest();
        for (int time : List.of(plan.part(16), plan.part(4), plan.part(2), longest)) {
            add(
                    READ,
                    read(time),
                    PassCost.of(model, 1, 0, time, false),
                    new Products(Products.FLOATS, time),
                    Passes.read(model, time));
        }
        for (int past : List.of(plan.part(16), plan.part(4), longest)) {
            behind(WRITE, write(past), model, 1, past, 1);
        }
        for (int batch : List.of(2, 4, TEXTS)) {
            behind(BATCH, texts(batch), model, batch, plan.part(4), 1);
        }
        for (int fresh : List.of(2, CHECKED)) {
            behind(FEW, few(fresh), model, 1, plan.part(16), fresh);
        }
        behind(FEW, "draft", draft, 1, plan.part(16), 1);
        heads();
        for (QuantConfig format : List.of(QuantConfig.Q8_0, QuantConfig.NF4)) {
            Gpt quantised = new Gpt(plan.config(), Rng.of(1)).eval();
            Quantization.quantize(quantised, format, List.of());
            behind(QUANTISED, format.name(), quantised, 1, plan.part(16), 1);
            int time = plan.part(4);
            add(
                    QUANTISED,
                    format.name() + ", " + read(time),
                    PassCost.of(quantised, 1, 0, time, false),
                    new Products(format.name(), time),
                    Passes.read(quantised, time));
        }
        for (int time : List.of(plan.part(4), plan.part(2), longest)) {
            attention(time);
        }
    }

    static String read(int time) {
        return "read " + time;
    }

    static String write(int past) {
        return "behind " + past;
    }

    static String texts(int batch) {
        return batch + " texts";
    }

    static String few(int fresh) {
        return fresh + " tokens";
    }

    static String fused(int time) {
        return "fused, " + time;
    }

    static String plain(int time) {
        return "step by step, " + time;
    }

    private void heads() {
        SequencedMap<String, AttentionChoice> kinds = new LinkedHashMap<>();
        kinds.put("mha", new Attentions.MultiHead());
        kinds.put("gqa", new Attentions.GroupedQuery(plan.heads() / 4));
        kinds.put("mqa", new Attentions.MultiQuery());
        kinds.put("window", new Attentions.SlidingWindow(WINDOW, 0));
        kinds.forEach((name, kind) -> {
            Gpt other = name.equals("mha") ? model : new Gpt(plan.config().withAttention(kind), Rng.of(1)).eval();
            behind(HEADS, name, other, TEXTS, plan.longest(), 1);
        });
    }

    private void behind(String group, String name, Gpt of, int batch, int past, int fresh) {
        String format = group.equals(QUANTISED) ? name : Products.FLOATS;
        boolean all = fresh > 1;
        add(
                group,
                name,
                PassCost.of(of, batch, past, fresh, all),
                new Products(format, batch * fresh),
                Passes.behind(of, batch, past, fresh, all));
    }

    private void attention(int time) {
        int heads = plan.heads();
        Tensor q = Tensor.randn(Rng.of(1), 1, time, plan.dim()).keep(); // (1, T, C)
        Tensor k = Tensor.randn(Rng.of(2), 1, time, plan.dim()).keep();
        Tensor v = Tensor.randn(Rng.of(3), 1, time, plan.dim()).keep();
        add(
                ATTENTION,
                fused(time),
                PassCost.fused(time, plan.dim()),
                NONE,
                inScope(() -> q.attention(k, v, heads, KeyMask.causal())));
        ScaledDotProductAttention steps = new ScaledDotProductAttention(heads, KeyMask.causal());
        add(ATTENTION, plain(time), PassCost.plain(time, plan.dim(), heads), NONE, inScope(() -> steps.apply(q, k, v)));
    }

    private static Runnable inScope(Runnable work) {
        return () -> {
            try (var pause = Autograd.noGrad();
                    var scope = Scope.open()) {
                work.run();
            }
        };
    }

    private void add(String group, String name, PassCost cost, Products products, Runnable pass) {
        rows.put(name, new Measured(group, name, cost, products, pass));
    }

    /// In their order.
    List<Measured> all() {
        return new ArrayList<>(rows.values());
    }

    Measured get(String name) {
        return rows.get(name);
    }

    /// What was measured of everything, beside what the roof says of it.
    String table(Roof roof) {
        StringBuilder table = new StringBuilder("""
                | what | pass | MFLOP | MB | FLOP/byte | bound by | measured ms | roof ms | measured/roof | lowered roof ms | measured/lowered |
                |---|---|---|---|---|---|---|---|---|---|---|
                """);
        for (Measured each : rows.values()) {
            double seconds = each.seconds();
            double classical = roof.seconds(each.cost());
            double lowered = roof.lowered(each.cost(), each.products());
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %.2f | %.2f | %.2f | %s | %.3f | %.3f | %.2f | %.3f | %.2f |\n",
                    each.group(),
                    each.name(),
                    each.cost().flops() * 1e-6,
                    each.cost().bytes() * 1e-6,
                    each.cost().intensity(),
                    roof.byMemory(each.cost()) ? "memory" : "arithmetic",
                    1e3 * seconds,
                    1e3 * classical,
                    seconds / classical,
                    1e3 * lowered,
                    seconds / lowered));
        }
        return table.toString();
    }
}
