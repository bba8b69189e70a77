package gradus.layers.adapter;

import gradus.layers.Adapter;
import gradus.layers.Embedding;
import gradus.layers.Linear;
import gradus.tensor.Tensor;
import gradus.tensor.op.product.LowRankLinear;
import gradus.tensor.op.product.LowRankUpdate;
import gradus.tensor.type.Indices;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// What is attached to an adapted layer: the [Part]s of several adapters by the adapters' names, of which
/// some are in use, each with a weight. [Adapters] makes these and switches them.
public final class Adapted extends Adapter {
    private final SequencedMap<String, Part> parts = new LinkedHashMap<>();
    private Map<String, Double> used = Map.of(); // weights
    private Tensor unmerged; // a table as it was before parts were merged into it, or null

    Adapted() {}

    private Adapted(Adapted other) {
        other.parts.forEach(this::put);
        this.used = other.used;
    }

    private void put(String adapter, Part part) {
        parts.put(adapter, child(adapter, part));
    }

    /// The same with one part more. A layer's parts never change, so this is another object.
    Adapted with(String adapter, Part part) {
        Adapted more = new Adapted(this);
        more.put(adapter, part);
        return more;
    }

    /// The same without the part of an adapter.
    Adapted without(String adapter) {
        Adapted fewer = new Adapted();
        parts.forEach((name, part) -> {
            if (!name.equals(adapter)) {
                fewer.put(name, part);
            }
        });
        return fewer;
    }

    /// The parts by the names of their adapters.
    public SequencedMap<String, Part> parts() {
        return Collections.unmodifiableSequencedMap(parts);
    }

    /// @param weights by adapter; those that have no part here do not matter
    void use(Map<String, Double> weights) {
        used = Map.copyOf(weights);
    }

    /// Says that the parts in use are in the layer's matrix now, or, with null, that they are not any more.
    ///
    /// @param before the matrix without them
    void merged(Tensor before) {
        unmerged = before;
    }

    @Override
    public Tensor forward(Linear base, Tensor x) {
        if (unmerged != null) {
            return base.base(x); // (..., out)
        }
        List<LowRankUpdate> updates = updates(base, x);
        if (!updates.isEmpty()) {
            return base.base(x, updates); // (..., out)
        }
        Tensor y = base.base(x); // (..., out)
        List<String> here = parts.keySet().stream().filter(used::containsKey).toList();
        if (here.size() == 1) { // so nothing else reads y
            return parts.get(here.getFirst()).addTo(y, base, x, used.get(here.getFirst())); // (..., out)
        }
        Tensor sum = y;
        for (Map.Entry<String, Part> each : parts.entrySet()) {
            Double weight = used.get(each.getKey());
            if (weight != null) {
                sum = each.getValue() instanceof TrainableTokens tokens
                        ? tokens.addTo(sum, base, x, weight)
                        : sum.add(times(each.getValue().added(base, x, y), weight)); // (..., out)
            }
        }
        return sum;
    }

    /// The parts in use as updates of the layer's matrix; none unless all of them are, and x has so many rows
    /// that it pays.
    private List<LowRankUpdate> updates(Linear base, Tensor x) {
        List<LowRankUpdate> updates = new ArrayList<>();
        if (x.rank() == 0 || !LowRankLinear.pays(x.size() / x.dim(-1), base.in(), base.out())) {
            return updates;
        }
        for (Map.Entry<String, Part> each : parts.entrySet()) {
            Double weight = used.get(each.getKey());
            LowRankUpdate update = weight == null ? null : each.getValue().update(weight);
            if (update != null) {
                updates.add(update);
            } else if (weight != null) {
                return List.of();
            }
        }
        return updates;
    }

    @Override
    public Tensor forward(Embedding base, Indices ids) {
        Tensor y = base.base(ids); // (..., C)
        if (unmerged != null) {
            return y;
        }
        Tensor sum = y;
        for (Map.Entry<String, Part> each : parts.entrySet()) {
            Double weight = used.get(each.getKey());
            if (weight == null) {
                continue;
            }
            sum = each.getValue() instanceof TrainableTokens tokens
                    ? tokens.replace(ids, sum)
                    : sum.add(times(each.getValue().added(base, ids, y), weight)); // (..., C)
        }
        return sum;
    }

    /// The table as a head uses it: with trained tokens, without LoRA.
    @Override
    public Tensor head(Embedding base) {
        Tensor table = base.weight(); // (V, C)
        if (unmerged != null) {
            return onlyTokens() ? table : unmerged;
        }
        for (Map.Entry<String, Part> each : parts.entrySet()) {
            if (used.containsKey(each.getKey()) && each.getValue() instanceof TrainableTokens tokens) {
                table = tokens.table(table); // (V, C)
            }
        }
        return table;
    }

    private boolean onlyTokens() {
        return parts.entrySet().stream()
                .noneMatch(each -> used.containsKey(each.getKey()) && !(each.getValue() instanceof TrainableTokens));
    }

    private static Tensor times(Tensor x, double weight) {
        return weight == 1 ? x : x.mul(weight);
    }

    /// Whether any part here is in use.
    boolean isUsed() {
        return parts.keySet().stream().anyMatch(used::containsKey);
    }

    /// The matrix with the parts in use added to it.
    ///
    /// **Shapes** weight (out, in) → (out, in)
    Tensor mergedWeight(Tensor weight) {
        Tensor sum = weight;
        for (Map.Entry<String, Part> each : parts.entrySet()) {
            Double factor = used.get(each.getKey());
            if (factor == null) {
                continue;
            }
            sum = each.getValue() instanceof TrainableTokens tokens
                    ? tokens.table(sum)
                    : sum.add(times(each.getValue().deltaWeight(weight), factor));
        }
        return sum;
    }

    /// **Shapes** bias (out) → (out)
    Tensor mergedBias(Tensor bias) {
        Tensor sum = bias;
        for (Map.Entry<String, Part> each : parts.entrySet()) {
            Double factor = used.get(each.getKey());
            Tensor delta = factor == null ? null : each.getValue().deltaBias(bias);
            if (delta != null) {
                sum = sum.add(times(delta, factor));
            }
        }
        return sum;
    }
}
