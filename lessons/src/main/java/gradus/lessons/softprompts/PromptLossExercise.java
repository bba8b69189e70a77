package gradus.lessons.softprompts;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;

final class PromptLossExercise {
    private PromptLossExercise() {}

    static Exercise exercise() {
        return Exercise.of(PromptLoss.class, "The loss behind a prompt")
                .probe(
                        "one slot, one token",
                        "the slot's logits ln 3 and 0 make 3/4 and 1/4; token 0 follows it: -ln 3/4 = 0.28768. What"
                                + " the token's own place says does not matter",
                        t -> t.call(t.tensor(new double[] {Math.log(3), 0, 5, -5}, 1, 2, 2), ids(1, 1, 0), 1))
                .probe(
                        "no slots, two tokens",
                        "place 0 predicts token 1 with 1/4: -ln 1/4 = 1.38629. Nothing predicts the first token",
                        t -> t.call(t.tensor(new double[] {Math.log(3), 0, 5, -5}, 1, 2, 2), ids(1, 2, 0, 1), 0))
                .probe(
                        "two slots, one token",
                        "the first slot predicts a slot, which does not count; the second predicts token 1: -ln 1/4",
                        t -> t.call(t.tensor(new double[] {9, -9, Math.log(3), 0, 5, -5}, 1, 3, 2), ids(1, 1, 1), 2))
                .probe(
                        "a token that does not count",
                        "the second token is padding: the slot's prediction of the first alone is left, -ln 1/4",
                        t -> t.call(
                                t.tensor(new double[] {Math.log(3), 0, 7, -7, 5, -5}, 1, 3, 2), ids(1, 2, 1, -100), 1))
                .probe(
                        "texts of unequal length",
                        "two tokens count in the first text and one in the second: the mean goes over three",
                        t -> t.call(
                                t.tensor(new double[] {Math.log(3), 0, 0, 0, 8, 8, 0, 0, 3, 1, 2, 2}, 2, 3, 2),
                                ids(2, 2, 1, 0, 1, -100),
                                1))
                .probe("a batch, with gradients", "", t -> of(t, 3, 5, 2, 7))
                .probe("one token behind many slots", "", t -> of(t, 2, 1, 6, 4))
                .probe("no slots", "", t -> of(t, 2, 6, 0, 5))
                .probe("large logits", "", t -> {
                    Tensor logits = t.normal(2, 7, 5).mul(100);
                    return t.callWithGradients(logits, t.indices(5, 2, 4), 3);
                })
                .bug(
                        "The slots are counted: they predict token 0 where they should predict nothing",
                        "token < 0 ? -100",
                        "token < 0 ? 0")
                .bug(
                        "The first token is not predicted: the last slot does it",
                        "token < 0 ? -100",
                        "token < Math.min(slots, 1) ? -100")
                .bug(Bug.of("Nothing is shifted: each place predicts its own token, which it has seen")
                        .replacing("int places = slots + time - 1;", "int places = slots + time;")
                        .replacing("i % places + 1 - slots", "i % places - slots"))
                .bug(
                        "Shifted twice: each place predicts the token after the next",
                        "token < 0 ? -100 : labels.get(i / places * time + token)",
                        "token + 1 < 0 ? -100 : token + 1 >= time ? -100 : labels.get(i / places * time + token + 1)")
                .bug(
                        "Shifted the wrong way: each place predicts the token before it",
                        "i % places + 1 - slots",
                        "i % places - 1 - slots")
                .bug(
                        "The mean is taken over all places, the slots and padding included",
                        "crossEntropy(Indices.of(targets).reshape(batch, places), -100, 0)",
                        "crossEntropy(Indices.of(targets).reshape(batch, places), -100, 0).mul("
                                + "java.util.Arrays.stream(targets).filter(x -> x >= 0).count() / (double)"
                                + " targets.length)")
                .bug(
                        "The sum is given, not the mean",
                        "crossEntropy(Indices.of(targets).reshape(batch, places), -100, 0)",
                        "crossEntropy(Indices.of(targets).reshape(batch, places), -100, 0).mul("
                                + "java.util.Arrays.stream(targets).filter(x -> x >= 0).count())")
                .bug(
                        "Padding is counted as token 0",
                        ": labels.get(i / places * time + token);",
                        ": Math.max(0, labels.get(i / places * time + token));")
                .bug(
                        "The logits of the slots are cut off before the shift: the last slot must predict the first"
                                + " token",
                        "return predictions.crossEntropy(",
                        "if (slots > 0 && time > 1) { int[] rest = new int[batch * (time - 1)]; for (int i = 0; i <"
                                + " rest.length; i++) { rest[i] = labels.get(i / (time - 1) * time + i % (time - 1));"
                                + " } return logits.slice(1, slots, slots + time - 1)"
                                + ".crossEntropy(Indices.of(rest).reshape(batch, time - 1), -100, 0); }"
                                + " return predictions.crossEntropy(")
                .bug("The labels of the first text are taken for all", "i / places * time + token", "0 * time + token")
                .variant("one prediction after the other", """
                        Tensor logs = logits.logSoftmax(); // (B, P+T, V)
                        Tensor sum = Tensor.zeros(1);
                        int counted = 0;
                        for (int text = 0; text < batch; text++) {
                            for (int token = slots == 0 ? 1 : 0; token < time; token++) {
                                int label = labels.get(text * time + token);
                                if (label != -100) {
                                    Tensor place = logs.select(0, text).select(0, slots + token - 1); // (V)
                                    sum = sum.sub(place.slice(0, label, label + 1));
                                    counted++;
                                }
                            }
                        }
                        return sum.sum().div(counted);
                        """)
                .variant("only the places before tokens", """
                        int first = Math.max(0, slots - 1);
                        int skipped = slots == 0 ? 1 : 0;
                        int each = time - skipped;
                        int[] targets = new int[batch * each];
                        for (int i = 0; i < targets.length; i++) {
                            targets[i] = labels.get(i / each * time + i % each + skipped);
                        }
                        Tensor places = logits.slice(1, first, first + each); // (B, each, V)
                        return places.reshape(batch * each, logits.dim(2))
                                .crossEntropy(Indices.of(targets), -100, 0.0);
                        """)
                .hints(
                        "With two slots and three tokens: which of the five places predict a token, and which one?",
                        "The token behind place p has the number p + 1 - P in the text; if that is negative, a slot is"
                                + " behind it.",
                        "Make targets for the first P + T - 1 places, -100 where the token's number is negative, and"
                                + " give them to crossEntropy(targets, -100, 0).")
                .reading("The section \"The labels\" of this lesson");
    }

    private static Indices ids(int batch, int time, int... values) {
        return Indices.of(Shape.of(batch, time), values);
    }

    private static Object of(Trial t, int batch, int time, int slots, int vocabulary) {
        int[] labels = t.ints(vocabulary, batch * time);
        for (int i = time; i < labels.length; i += 4) {
            labels[i] = -100;
        }
        return t.callWithGradients(t.normal(batch, slots + time, vocabulary), ids(batch, time, labels), slots);
    }
}
