package gradus.lessons.lab.moe;

import gradus.layers.feedforward.MixtureOfExperts;
import gradus.layers.feedforward.Utilisation;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.task.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How the tokens of a text are spread over the experts of each layer.
///
/// @param tokens  of each layer and expert
/// @param dropped of each layer
record ExpertLoad(List<long[]> tokens, long[] dropped) {
    private static final double UNUSED = 0.1; // of the even share

    /// Of a model's mixtures; empty for a model without.
    ///
    /// @param rows    of a batch
    /// @param most    batches of rows as long as the context, from the beginning; fewer where the text is shorter
    static ExpertLoad of(LanguageModel model, Tokens text, int rows, int most) {
        List<MixtureOfExperts> mixtures =
                List.copyOf(model.namedLayers(MixtureOfExperts.class).values());
        List<long[]> tokens = new ArrayList<>();
        long[] dropped = new long[mixtures.size()];
        int size = rows * model.context();
        int batches = (int) Math.min(most, text.size() / size);
        boolean training = model.training();
        model.eval();
        for (int i = 0; i < batches && !mixtures.isEmpty(); i++) {
            int[] ids = new int[size];
            text.copy((long) i * size, ids, 0, size);
            try (var pause = Autograd.noGrad();
                    var scope = Scope.open()) {
                model.forward(Indices.of(Shape.of(rows, model.context()), ids));
            }
            for (int layer = 0; layer < mixtures.size(); layer++) {
                Utilisation now = mixtures.get(layer).utilisation();
                if (i == 0) {
                    tokens.add(new long[now.tokens().length]);
                }
                for (int e = 0; e < now.tokens().length; e++) {
                    tokens.get(layer)[e] += now.tokens()[e];
                }
                dropped[layer] += now.dropped();
            }
        }
        if (training) {
            model.train();
        }
        return new ExpertLoad(tokens, dropped);
    }

    int layers() {
        return dropped.length;
    }

    /// The deviation of the experts' loads over their mean: 0 in balance, `√(E - 1)` where one does everything.
    double variation(int layer) {
        long[] loads = tokens.get(layer);
        double mean = Arrays.stream(loads).average().orElseThrow();
        double squares = Arrays.stream(loads)
                .mapToDouble(each -> (each - mean) * (each - mean))
                .sum();
        return Math.sqrt(squares / loads.length) / mean;
    }

    /// The share of experts that have less than a tenth of the even share.
    double unused(int layer) {
        long[] loads = tokens.get(layer);
        double least = UNUSED * Arrays.stream(loads).average().orElseThrow();
        return Arrays.stream(loads).filter(each -> each < least).count() / (double) loads.length;
    }

    /// The part of all wishes that found its expert full.
    double droppedShare(int layer) {
        return dropped[layer]
                / (double) (dropped[layer] + Arrays.stream(tokens.get(layer)).sum());
    }
}
