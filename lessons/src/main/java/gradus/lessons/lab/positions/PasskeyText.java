package gradus.lessons.lab.positions;

import static gradus.error.ConfigException.require;

import gradus.tensor.op.CrossEntropy;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.task.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;

/// Texts with a key somewhere and a question at the end, as Mohtashami & Jaggi 2023, arXiv:2305.16300, have
/// them, in words:
/// ```
/// … The grass is green . The sky is blue . The pass key is 4 0 7 . Remember it . The sun is yellow . …
/// What is the pass key ? The pass key is 4 0 7
/// ```
/// A token is a word, a digit or a mark. The filler begins anywhere in its five sentences and goes round.
final class PasskeyText {
    /// Digits of a key.
    static final int DIGITS = 3;

    private static final List<String> FILLER =
            List.of("The grass is green . The sky is blue . The sun is yellow . Here we go . There and back again ."
                    .split(" "));
    private static final List<String> SAID = List.of("The pass key is".split(" "));
    private static final List<String> REMEMBER = List.of(". Remember it .".split(" "));
    private static final List<String> ASKED = List.of("What is the pass key ? The pass key is".split(" "));
    private static final int RADIX = 10;

    /// The shortest text, without filler.
    static final int SHORTEST = SAID.size() + DIGITS + REMEMBER.size() + ASKED.size() + DIGITS;

    private static final List<String> WORDS = words();

    private PasskeyText() {}

    private static List<String> words() {
        LinkedHashSet<String> words = new LinkedHashSet<>();
        for (int digit = 0; digit < RADIX; digit++) {
            words.add(Integer.toString(digit));
        }
        List.of(FILLER, SAID, REMEMBER, ASKED).forEach(words::addAll);
        return List.copyOf(words);
    }

    /// V
    static int vocabulary() {
        return WORDS.size();
    }

    /// A text of so many words, its answer included.
    ///
    /// @param depth where the key stands, from 0, before all of the filler, to 1, behind it
    /// @param rng   draws the key and where the filler begins
    /// @throws gradus.error.ConfigException if a text has no room for the key, or the depth is out of range
    static List<String> words(int length, double depth, Rng rng) {
        require(length >= SHORTEST, "a text with a passkey has at least %d words; got %d", SHORTEST, length);
        require(depth >= 0 && depth <= 1, "the depth of a passkey must be in [0, 1]; got %s", depth);
        List<String> key = new ArrayList<>();
        for (int i = 0; i < DIGITS; i++) {
            key.add(Integer.toString(rng.index(i, RADIX)));
        }
        int filler = length - SHORTEST;
        int before = (int) Math.round(depth * filler);
        int phase = rng.index(DIGITS, FILLER.size());
        List<String> words = new ArrayList<>();
        fill(words, phase, before);
        words.addAll(SAID);
        words.addAll(key);
        words.addAll(REMEMBER);
        fill(words, phase + before, filler - before);
        words.addAll(ASKED);
        words.addAll(key);
        return words;
    }

    private static void fill(List<String> words, int phase, int count) {
        for (int i = 0; i < count; i++) {
            words.add(FILLER.get((phase + i) % FILLER.size()));
        }
    }

    /// Texts of one length of which the digits of the answer are learned, or measured.
    ///
    /// @param depths of each text
    static Batch batch(int length, double[] depths, Rng rng) {
        int time = length - 1;
        int[] inputs = new int[depths.length * time];
        int[] targets = new int[inputs.length];
        Arrays.fill(targets, CrossEntropy.IGNORE_INDEX);
        for (int row = 0; row < depths.length; row++) {
            List<String> words = words(length, depths[row], rng.at(row));
            for (int t = 0; t < time; t++) {
                inputs[row * time + t] = WORDS.indexOf(words.get(t));
                if (t >= time - DIGITS) {
                    targets[row * time + t] = WORDS.indexOf(words.get(t + 1));
                }
            }
        }
        Shape shape = Shape.of(depths.length, time);
        return new Batch(Indices.of(shape, inputs), Indices.of(shape, targets)); // (N, T - 1)
    }

    /// The share of texts of which every digit of the answer is the likeliest.
    ///
    /// **Shapes** logits (N, T - 1, V)
    static double found(float[] logits, Batch batch) {
        int rows = batch.targets().shape().dim(0);
        int time = batch.targets().shape().dim(1);
        int[] targets = batch.targets().values();
        int found = 0;
        for (int row = 0; row < rows; row++) {
            boolean all = true;
            for (int t = time - DIGITS; t < time; t++) {
                int at = row * time + t;
                int best = 0;
                for (int v = 1; v < vocabulary(); v++) {
                    best = logits[at * vocabulary() + v] > logits[at * vocabulary() + best] ? v : best;
                }
                all &= best == targets[at];
            }
            found += all ? 1 : 0;
        }
        return (double) found / rows;
    }
}
