package gradus.train.report;

import gradus.layers.feedforward.MixtureOfExperts;
import gradus.layers.inspect.Activations;
import gradus.layers.inspect.AttentionWeights;
import gradus.layers.inspect.Blocks;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tokenizer.StreamingDecoder;
import gradus.tokenizer.Tokenizer;
import gradus.train.checkpoint.CheckpointJson;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a report shows of a model's inside, for one text that it did not learn from.
record Inside(Subject subject, int[] ids) {
    private static final int SCORED = 512; // tokens that are coloured by their loss
    private static final int ATTENDING = 48; // tokens of the attention maps
    private static final int LENS = 24; // tokens of the lens
    private static final int BYTE = 255;
    private static final List<String> HIDDEN = List.of("c_fc", "gate_proj", "intermediate.dense");

    /// @return nothing if the text is too short to say anything
    static Optional<ObjectNode> of(Subject subject, String text) {
        int[] ids = subject.encode(text);
        return ids.length < 2
                ? Optional.empty()
                : Optional.of(new Inside(subject, Arrays.copyOf(ids, Math.min(ids.length, SCORED))).json());
    }

    private ObjectNode json() {
        ObjectNode all = CheckpointJson.object();
        int[] shown = Arrays.copyOf(ids, Math.min(ids.length, Math.min(ATTENDING, subject.context())));
        all.put("causal", subject.causal());
        all.set("tokens", pieces(subject.tokenizer(), ids));
        all.set("losses", numbers(subject.losses(ids)));
        all.set("attention", attention(shown));
        all.set("activations", activations(shown));
        all.set("flops", Work.of(subject, shown).json());
        lens(Arrays.copyOf(ids, Math.min(shown.length, LENS))).ifPresent(lens -> all.set("lens", lens));
        experts(shown).ifPresent(load -> all.set("experts", load));
        EmbeddingMap.of(subject, ids).ifPresent(map -> all.set("embedding", map));
        all.set("memory", StepMemory.of(subject.task(ids), subject.training()).json()); // last: it trains
        return all;
    }

    /// The text of each token; one that ends in the middle of a character shows nothing, and the next the
    /// whole.
    static ArrayNode pieces(Tokenizer tokenizer, int... ids) {
        StreamingDecoder decoder = tokenizer.decoder();
        ArrayNode pieces = CheckpointJson.object().putArray("pieces");
        for (int id : ids) {
            String piece = decoder.accept(id);
            pieces.add(piece.isEmpty() ? name(tokenizer, id) : piece);
        }
        return pieces;
    }

    private static String name(Tokenizer tokenizer, int id) {
        String token = tokenizer.idToToken(id);
        return tokenizer.specialTokens().contains(token) ? token : "";
    }

    /// Numbers with four places; null for one that is not finite.
    static ArrayNode numbers(double... values) {
        ArrayNode numbers = CheckpointJson.object().putArray("numbers");
        for (double value : values) {
            if (Double.isFinite(value)) {
                numbers.add(Math.round(value * 1e4) / 1e4);
            } else {
                numbers.addNull();
            }
        }
        return numbers;
    }

    /// The weights as bytes, 255 for 1, and how many bits each head's rows spread over on the average.
    private ObjectNode attention(int... shown) {
        ObjectNode json = CheckpointJson.object();
        int time = shown.length;
        json.put("count", time);
        ArrayNode layers = json.putArray("layers");
        AttentionWeights.of(subject.model(), subject.heads(), () -> subject.read(shown))
                .forEach((name, heads) -> {
                    ObjectNode layer = layers.addObject().put("name", name);
                    ArrayNode entropies = layer.putArray("entropy");
                    byte[] bytes = new byte[heads.length * time * time];
                    int at = 0;
                    for (float[][] head : heads) {
                        double entropy = 0;
                        for (float[] row : head) {
                            for (float p : row) {
                                bytes[at++] = (byte) Math.round(Math.clamp(p, 0, 1) * BYTE);
                                entropy -= p > 0 ? p * Math.log(p) / Math.log(2) : 0;
                            }
                        }
                        entropies.add(Math.round(entropy / time * 1e4) / 1e4);
                    }
                    layer.put("weights", Base64.getEncoder().encodeToString(bytes));
                });
        return json;
    }

    /// Of each block's result and of what goes into its activation function.
    private ArrayNode activations(int... shown) {
        List<String> names = new ArrayList<>();
        for (String block : Blocks.of(subject.model())) {
            names.add(block);
            subject.model().namedLayers().sequencedKeySet().stream()
                    .filter(name -> name.startsWith(block + "."))
                    .filter(name -> HIDDEN.stream().anyMatch(end -> name.endsWith("." + end)))
                    .forEach(names::add);
        }
        ArrayNode rows = CheckpointJson.object().putArray("rows");
        try (var scope = Scope.open()) {
            Activations.of(subject.model(), names, () -> subject.read(shown)).forEach((name, of) -> {
                ObjectNode row = rows.addObject().put("name", name);
                row.set("values", numbers(of.mean(), of.rms(), of.largest()));
                if (HIDDEN.stream().anyMatch(name::endsWith)) {
                    row.put("silent", Math.round(of.silent() * 1e4) / 1e4);
                }
            });
        }
        return rows;
    }

    /// The likeliest next token behind each block, and its probability.
    private Optional<ObjectNode> lens(int... shown) {
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            Optional<List<Tensor>> lens = subject.lens(shown);
            if (lens.isEmpty()) {
                return Optional.empty();
            }
            ObjectNode json = CheckpointJson.object();
            ArrayNode rows = json.putArray("rows");
            for (Tensor logits : lens.get()) {
                int vocabulary = logits.dim(2);
                float[] p = logits.softmax().toFloatArray(); // (1, T, V)
                ObjectNode row = rows.addObject();
                int[] best = new int[shown.length];
                double[] probability = new double[shown.length];
                for (int t = 0; t < shown.length; t++) {
                    for (int v = 0; v < vocabulary; v++) {
                        best[t] = p[t * vocabulary + v] > p[t * vocabulary + best[t]] ? v : best[t];
                    }
                    probability[t] = p[t * vocabulary + best[t]];
                }
                ArrayNode tokens = row.putArray("tokens");
                for (int id : best) {
                    tokens.add(
                            subject.tokenizer().hasToken(id)
                                    ? subject.tokenizer().decode(id)
                                    : "");
                }
                row.set("probabilities", numbers(probability));
            }
            return Optional.of(json);
        }
    }

    /// How many tokens each expert of each mixture saw.
    private Optional<ArrayNode> experts(int... shown) {
        var mixtures = subject.model().namedLayers(MixtureOfExperts.class);
        if (mixtures.isEmpty()) {
            return Optional.empty();
        }
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            subject.read(shown);
        }
        ArrayNode rows = CheckpointJson.object().putArray("rows");
        mixtures.forEach((name, mixture) -> {
            ObjectNode row = rows.addObject().put("name", name);
            ArrayNode tokens = row.putArray("tokens");
            for (int count : mixture.utilisation().tokens()) {
                tokens.add(count);
            }
        });
        return Optional.of(rows);
    }
}
