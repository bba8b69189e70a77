package gradus.layers.inspect;

import static gradus.error.ConfigException.require;

import gradus.layers.Layer;
import gradus.layers.Layer.Hook;
import gradus.layers.Linear;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// How much each position attends to each other one, in every head of every layer.
///
/// Attention never stores its weights P (see [gradus.tensor.op.Attention]), but `O = P·V` is linear in the
/// values V. With one-hot values the result is a part of P itself: if V has a 1 at position `s` in channel `d`,
/// then channel d of O is the column s of P. As many columns as a head has channels come out of one pass, so a
/// text of T tokens takes about `T/D` passes. Where a position adds a term of its own to the result, as Shaw's
/// does, a pass with V = 0 tells it, and it is taken away. After each attention the model goes on with the
/// true result, so that all layers are seen at once, as they are.
///
/// This works for every attention, sparse or not, whose values come out of a [Linear] and whose result goes
/// into one: for all of this library, with `c_attn` or `v_proj` or `value` before and `c_proj`, `o_proj` or
/// `dense` behind.
public final class AttentionWeights {
    private static final List<Pair> NAMES = List.of(
            new Pair("c_attn", "c_proj", true),
            new Pair("v_proj", "o_proj", false),
            new Pair("attention.self.value", "attention.output.dense", false),
            new Pair("value", "dense", false),
            new Pair("value_global", "dense", false));

    private AttentionWeights() {}

    /// @param joint whether queries, keys and values come out side by side
    private record Pair(String values, String output, boolean joint) {}

    /// Where values come from, and where the result goes.
    ///
    /// @param kvWidth K·D
    private record Site(List<Linear> values, boolean joint, Linear output, int kvWidth) {}

    /// The weights of one pass.
    ///
    /// @param model   in evaluation
    /// @param heads   H, the query heads of every layer
    /// @param forward lets the model read one sequence of T tokens, always the same, without a cache
    /// @return of each attention, by its layer's name, `P[head][query][key]`; rows sum to 1, or to 0 where a
    ///     query sees nothing
    /// @throws gradus.error.ConfigException if the model has no attention that can be looked into
    public static SequencedMap<String, float[][][]> of(Layer model, int heads, Runnable forward) {
        SequencedMap<String, Site> sites = sites(model);
        require(
                !sites.isEmpty(),
                "%s has no attention whose values and results pass a Linear",
                model.getClass().getSimpleName());
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            Map<Site, Tensor> results = new LinkedHashMap<>();
            List<Hook> recording = new ArrayList<>();
            for (Site site : sites.values()) {
                recording.add(site.output.hook(y -> {
                    results.put(site, y);
                    return y;
                }));
            }
            run(recording, forward);
            Map<Site, Tensor> constant = pass(sites, results, heads, -1, forward);
            int time = results.values().iterator().next().dim(1);
            SequencedMap<String, float[][][]> weights = new LinkedHashMap<>();
            sites.sequencedKeySet().forEach(name -> weights.put(name, new float[heads][time][time]));
            int step = sites.values().stream()
                    .mapToInt(site -> site.output.in() / heads)
                    .min()
                    .orElseThrow();
            for (int first = 0; first < time; first += step) {
                Map<Site, Tensor> mixed = pass(sites, results, heads, first, forward);
                int from = first;
                sites.forEach((name, site) -> {
                    float[] own = mixed.get(site).sub(constant.get(site)).toFloatArray(); // (1, T, H·D)
                    copy(own, weights.get(name), from, Math.min(step, time - from), site.output.in() / heads);
                });
            }
            return weights;
        }
    }

    private static SequencedMap<String, Site> sites(Layer model) {
        SequencedMap<String, Linear> all = model.namedLayers(Linear.class);
        SequencedMap<String, Site> sites = new LinkedHashMap<>();
        all.forEach((name, linear) -> {
            for (Pair pair : NAMES) {
                if (!name.equals(pair.values) && !name.endsWith("." + pair.values)) {
                    continue;
                }
                String layer = name.substring(0, name.length() - pair.values.length());
                Linear output = all.get(layer + pair.output);
                String title = layer.isEmpty() ? layer : layer.substring(0, layer.length() - 1);
                if (output != null && sites.containsKey(title)) {
                    sites.get(title).values.add(linear);
                } else if (output != null) {
                    List<Linear> values = new ArrayList<>(List.of(linear));
                    sites.put(title, new Site(values, pair.joint, output, linear.out() / (pair.joint ? 3 : 1)));
                }
                return;
            }
        });
        return sites;
    }

    /// One pass with one-hot values for some positions.
    ///
    /// @param first the position that channel 0 stands for; -1 for values that are all 0
    /// @return what went into each output projection
    private static Map<Site, Tensor> pass(
            SequencedMap<String, Site> sites, Map<Site, Tensor> results, int heads, int first, Runnable forward) {
        Map<Site, Tensor> mixed = new LinkedHashMap<>();
        List<Hook> hooks = new ArrayList<>();
        for (Site site : sites.values()) {
            int headDim = site.output.in() / heads;
            for (Linear values : site.values) {
                hooks.add(values.hook(v -> oneHot(v, site, headDim, first)));
            }
            hooks.add(site.output.hookInput(x -> {
                mixed.put(site, x);
                return x;
            }));
            hooks.add(site.output.hook(y -> results.get(site)));
        }
        run(hooks, forward);
        return mixed;
    }

    private static void run(List<Hook> hooks, Runnable forward) {
        try {
            forward.run();
        } finally {
            hooks.forEach(Hook::close);
        }
    }

    /// Values that are 0 but for a 1 in each of the positions that channels stand for; queries and keys stay.
    ///
    /// **Shapes** v (1, T, K·D), or (1, T, 3·H·D) with queries and keys → the same
    private static Tensor oneHot(Tensor v, Site site, int headDim, int first) {
        require(v.dim(0) == 1, "AttentionWeights: the model must read one sequence; got %d", v.dim(0));
        int time = v.dim(1);
        float[] values = new float[time * site.kvWidth];
        for (int d = 0; first >= 0 && d < headDim && first + d < time; d++) {
            for (int head = 0; head < site.kvWidth; head += headDim) {
                values[(first + d) * site.kvWidth + head + d] = 1;
            }
        }
        Tensor hot = Tensor.of(values, 1, time, site.kvWidth).to(v.dtype()); // (1, T, K·D)
        return site.joint ? Tensor.concat(2, v.slice(2, 0, 2 * site.kvWidth), hot) : hot;
    }

    private static void copy(float[] mixed, float[][][] weights, int first, int columns, int headDim) {
        int heads = weights.length;
        for (int h = 0; h < heads; h++) {
            for (int t = 0; t < weights[h].length; t++) {
                System.arraycopy(mixed, (t * heads + h) * headDim, weights[h][t], first, columns);
            }
        }
    }
}
