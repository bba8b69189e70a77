package gradus.layers.adapter;

import static gradus.error.ConfigException.require;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// Makes one LoRA of several on the same layer.
final class CombinedLora {
    private CombinedLora() {}

    /// @param weights by adapter; those that have nothing on this layer do not matter
    /// @return nothing if none of them has
    static Optional<Part> of(String layer, Adapted slot, SequencedMap<String, Double> weights, Combination how) {
        List<LowRank> pairs = new ArrayList<>();
        List<Double> factors = new ArrayList<>();
        boolean embedding = false;
        for (Map.Entry<String, Double> each : weights.entrySet()) {
            Part part = slot.parts().get(each.getKey());
            switch (part) {
                case null -> {}
                case Lora lora -> {
                    pairs.add(new LowRank(lora.a().detach(), lora.b().detach()));
                    factors.add(each.getValue() * lora.scale());
                }
                case LoraEmbedding lora -> {
                    embedding = true;
                    pairs.add(new LowRank(lora.a().detach(), lora.b().detach()));
                    factors.add(each.getValue() * lora.scale());
                }
                default ->
                    require(
                            false,
                            "adapters: %s is a %s on %s; only LoRA can be combined",
                            each.getKey(),
                            part.getClass().getSimpleName(),
                            layer);
            }
        }
        if (pairs.isEmpty()) {
            return Optional.empty();
        }
        LowRank one = how.of(
                layer, pairs, factors.stream().mapToDouble(Double::doubleValue).toArray());
        return Optional.of(embedding ? new LoraEmbedding(one, 1) : new Lora(one, 1, 0));
    }

    /// Settings that give these parts: α = r everywhere, so that the scale is 1.
    static LoraConfig config(SequencedMap<String, Part> parts) {
        SequencedMap<String, Integer> ranks = new LinkedHashMap<>();
        SequencedMap<String, Double> alphas = new LinkedHashMap<>();
        parts.forEach((name, part) -> {
            int r = part instanceof Lora lora
                    ? lora.a().dim(0)
                    : ((LoraEmbedding) part).a().dim(0);
            String exactly = "^" + name.replace(".", "\\.");
            ranks.put(exactly, r);
            alphas.put(exactly, (double) r);
        });
        int first = ranks.firstEntry().getValue();
        return LoraConfig.of(Targets.named(List.copyOf(parts.keySet())))
                .withR(first)
                .withAlpha(first)
                .withRankPattern(ranks)
                .withAlphaPattern(alphas);
    }
}
