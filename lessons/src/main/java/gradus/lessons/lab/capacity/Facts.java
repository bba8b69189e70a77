package gradus.lessons.lab.capacity;

import static gradus.error.ConfigException.require;

import gradus.layers.model.LanguageModel;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.op.CrossEntropy;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.task.Batch;
import gradus.train.task.Loss;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;

/// Facts that can only be learned by heart: to each key of two tokens a value of three, drawn independently and
/// equally likely, so that a fact has `3·log₂ V` bits and nothing follows from another.
///
/// @param vocabulary V
/// @param keys       (N, 2), all different
/// @param values     (N, 3)
record Facts(int vocabulary, int[][] keys, int[][] values) {
    static final int KEY = 2;
    static final int VALUE = 3;
    private static final int AT_ONCE = 512; // facts of a pass when they are measured

    /// Draws facts.
    ///
    /// @throws gradus.error.ConfigException if there are not enough keys
    static Facts draw(int vocabulary, int count, Rng rng) {
        long pairs = (long) vocabulary * vocabulary;
        require(
                count >= 1 && count <= pairs / 2,
                "facts must be at least 1, and at most half of the %d keys; got %d",
                pairs,
                count);
        Rng drawn = rng.at("keys");
        Set<Integer> used = new HashSet<>();
        int[][] keys = new int[count][];
        long number = 0;
        for (int i = 0; i < count; number++) {
            int key = drawn.index(number, (int) pairs);
            if (used.add(key)) {
                keys[i++] = new int[] {key / vocabulary, key % vocabulary};
            }
        }
        int[][] values = new int[count][VALUE];
        for (int i = 0; i < count; i++) {
            for (int place = 0; place < VALUE; place++) {
                values[i][place] = rng.at("values").index((long) i * VALUE + place, vocabulary);
            }
        }
        return new Facts(vocabulary, keys, values);
    }

    /// N.
    int count() {
        return keys.length;
    }

    /// The entropy of one.
    static double bits(int vocabulary) {
        return VALUE * Math.log(vocabulary) / Math.log(2);
    }

    /// The same keys with each other's values: value i goes to key i + 1.
    Facts shuffled() {
        int[][] moved = new int[count()][];
        for (int i = 0; i < moved.length; i++) {
            moved[(i + 1) % moved.length] = values[i];
        }
        return new Facts(vocabulary, keys, moved);
    }

    /// The facts of one step, in an order that is drawn anew for every round through all of them. What follows within
    /// the key does not count.
    ///
    /// @param step counted from 0
    Batch batch(int step, int size, Rng rng) {
        int[] chosen = new int[size];
        long at = (long) step * size;
        long round = -1;
        int[] order = {};
        for (int i = 0; i < size; i++, at++) {
            if (at / count() != round) {
                round = at / count();
                order = order(rng.at(round));
            }
            chosen[i] = order[(int) (at % count())];
        }
        return batch(chosen);
    }

    private int[] order(Rng rng) {
        return IntStream.range(0, count())
                .boxed()
                .sorted(Comparator.<Integer>comparingLong(i -> rng.bits(i)))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private Batch batch(int... chosen) {
        int time = KEY + VALUE - 1;
        int[] inputs = new int[chosen.length * time];
        int[] targets = new int[inputs.length];
        for (int row = 0; row < chosen.length; row++) {
            int[] fact = Arrays.copyOf(keys[chosen[row]], KEY + VALUE);
            System.arraycopy(values[chosen[row]], 0, fact, KEY, VALUE);
            for (int t = 0; t < time; t++) {
                inputs[row * time + t] = fact[t];
                targets[row * time + t] = t + 1 < KEY ? CrossEntropy.IGNORE_INDEX : fact[t + 1];
            }
        }
        Shape shape = Shape.of(chosen.length, time);
        return new Batch(Indices.of(shape, inputs), Indices.of(shape, targets));
    }

    /// What a model says a value costs, in bits: the mean over all facts of `Σ −log₂ p` of its three tokens.
    double cost(LanguageModel model) {
        double sum = 0;
        for (int from = 0; from < count(); from += AT_ONCE) {
            int first = from;
            int[] chosen = new int[Math.min(AT_ONCE, count() - from)];
            Arrays.setAll(chosen, i -> first + i);
            try (var pause = Autograd.noGrad();
                    var scope = Scope.open()) {
                Batch batch = batch(chosen);
                Tensor mean = Loss.crossEntropy().of(model.forward(batch.inputs()), batch); // ()
                sum += mean.item() * chosen.length;
            }
        }
        return VALUE * sum / count() / Math.log(2);
    }

    /// How many bits of the values a model knows: `N·(3·log₂ V − cost)`, the entropy that its loss takes away, which
    /// is at most what it holds. **Formula** Allen-Zhu & Li 2024, arXiv:2404.05405, theorem 3.2, of which only the
    /// values are left, as the keys are given. A model that does worse than one who knows nothing knows 0 bits.
    double known(double cost) {
        return Math.max(0, count() * (bits(vocabulary) - cost));
    }
}
