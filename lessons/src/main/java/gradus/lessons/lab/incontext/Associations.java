package gradus.lessons.lab.incontext;

import static gradus.error.ConfigException.require;

import gradus.tensor.op.CrossEntropy;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.task.Batch;
import java.util.Arrays;

/// Pairs of a key and a value, and then some of the keys again: what follows each is its value. *Multi-query
/// associative recall*, Arora et al. 2023, *Zoology: Measuring and Improving Recall in Efficient Language
/// Models*, arXiv:2312.04927: in miniature what a model does that answers from a text in its prompt.
/// ```text
/// k7 v2 k1 v9 k4 v4 k9 v1 | k4 ? k7 ?      ? is v4, then v2
/// ```
///
/// @param keys    how many there are; as many values
/// @param pairs   of a sequence, of different keys
/// @param queries of a round, of different keys
/// @param rounds  how often there are so many queries, each time in another order
public record Associations(int keys, int pairs, int queries, int rounds) {
    /// @throws gradus.error.ConfigException unless 1 ≤ queries ≤ pairs < keys and there is a round
    public Associations {
        require(
                1 <= queries && queries <= pairs && pairs < keys,
                "queries must be 1 to as many as pairs, and pairs fewer than keys; got %d, %d and %d",
                queries,
                pairs,
                keys);
        require(rounds >= 1, "rounds must be at least 1; got %d", rounds);
    }

    /// The same with other rounds.
    Associations withRounds(int other) {
        return new Associations(keys, pairs, queries, other);
    }

    /// How a sequence is made.
    enum Kind {
        /// Queries are keys of the sequence.
        PLAIN,
        /// Queries are keys that the sequence does not have: their values cannot be known.
        ABSENT,
        /// Values stand at the keys of other pairs, half the pairs farther on: the answer is the key's own.
        EXCHANGED
    }

    /// Tokens: keys, then values.
    int vocabulary() {
        return 2 * keys;
    }

    int length() {
        return 2 * (pairs + queries * rounds);
    }

    /// Sequences, whose targets are the values behind the queries.
    ///
    /// **Shapes** → inputs and targets (count, T - 1)
    Batch batch(int count, Kind kind, Rng rng) {
        int time = length() - 1;
        int[] inputs = new int[count * time];
        int[] targets = new int[inputs.length];
        Arrays.fill(targets, CrossEntropy.IGNORE_INDEX);
        for (int i = 0; i < count; i++) {
            int[] ids = sequence(kind, rng.at(i));
            System.arraycopy(ids, 0, inputs, i * time, time);
            for (int q = 0; q < queries * rounds; q++) {
                int key = 2 * (pairs + q);
                targets[i * time + key] = ids[key + 1];
            }
        }
        Shape shape = Shape.of(count, time);
        return new Batch(Indices.of(shape, inputs), Indices.of(shape, targets));
    }

    private int[] sequence(Kind kind, Rng rng) {
        int[] order = permutation(keys, rng.at("keys"));
        int[] values = new int[keys];
        for (int i = 0; i < keys; i++) {
            values[i] = keys + rng.at("values").index(i, keys);
        }
        int[] ids = new int[length()];
        for (int p = 0; p < pairs; p++) {
            ids[2 * p] = order[p];
            ids[2 * p + 1] = values[kind == Kind.EXCHANGED ? (p + pairs / 2) % pairs : p];
        }
        for (int q = 0; q < queries * rounds; q++) {
            int[] asked = permutation(pairs, rng.at("asked").at(q / queries));
            int p = kind == Kind.ABSENT ? pairs + q % (keys - pairs) : asked[q % queries];
            ids[2 * (pairs + q)] = order[p];
            ids[2 * (pairs + q) + 1] = values[p];
        }
        return ids;
    }

    private static int[] permutation(int n, Rng rng) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = rng.index(i, i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
