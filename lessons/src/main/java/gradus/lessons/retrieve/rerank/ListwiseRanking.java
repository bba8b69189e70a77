package gradus.lessons.retrieve.rerank;

import static gradus.error.ConfigException.require;

import gradus.error.DataException;
import gradus.layers.Layer;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.train.task.Task;
import java.util.ArrayList;
import java.util.List;

/// The task of scoring the right passage of a list above the others:
///
/// `L = mean over questions of −ln( e^{s_right} / Σ_j e^{s_j} )`
///
/// Cao et al. 2007, *Learning to Rank: From Pairwise Approach to Listwise Approach*, with one right passage,
/// where it is the cross-entropy. All lists of a task are equally long.
final class ListwiseRanking implements Task {
    private final CrossEncoder encoder;
    private final List<RankingExample> examples;
    private final int batch;
    private final int length;
    private final Rng rng;

    /// @param batch how many questions a step has
    /// @param rng   random numbers for the order
    /// @throws DataException if there is no example, or lists are not equally long
    ListwiseRanking(CrossEncoder encoder, List<RankingExample> examples, int batch, Rng rng) {
        require(batch >= 1, "a step must have at least 1 question; got %d", batch);
        if (examples.isEmpty()) {
            throw new DataException("there are no questions to learn from");
        }
        this.encoder = encoder;
        this.examples = List.copyOf(examples);
        this.batch = batch;
        this.length = 1 + examples.getFirst().wrong().size();
        this.rng = rng;
        if (examples.stream().anyMatch(each -> each.wrong().size() != length - 1)) {
            throw new DataException("all questions must have equally many passages");
        }
    }

    @Override
    public Layer model() {
        return encoder.model();
    }

    /// Questions drawn by the step's number.
    @Override
    public List<Lists> parts(int step) {
        Rng draw = rng.at(step);
        List<RankingExample> some = new ArrayList<>();
        for (int i = 0; i < batch; i++) {
            some.add(examples.get(draw.index(i, examples.size())));
        }
        return List.of(new Lists(some));
    }

    /// Some questions with their passages, the right one first.
    final class Lists implements Part {
        private final List<RankingExample> some;

        Lists(List<RankingExample> some) {
            this.some = some;
        }

        @Override
        public long counted() {
            return some.size();
        }

        /// How many pairs are read.
        @Override
        public long tokens() {
            return (long) some.size() * length;
        }

        @Override
        public Tensor loss() {
            List<String> queries = new ArrayList<>();
            List<String> passages = new ArrayList<>();
            for (RankingExample each : some) {
                passages.add(each.positive());
                passages.addAll(each.wrong());
                for (int i = 0; i < length; i++) {
                    queries.add(each.query());
                }
            }
            Tensor scores = encoder.forward(queries, passages).reshape(some.size(), length); // (B, L)
            return scores.crossEntropy(Indices.of(new int[some.size()])); // ()
        }
    }

    /// Nothing is resumed here: it tells examples apart, no more.
    @Override
    public String fingerprint() {
        return Integer.toHexString(examples.hashCode());
    }
}
