package gradus.lessons.cloze;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;

final class ClozeProbabilitiesExercise {
    private ClozeProbabilitiesExercise() {}

    static Exercise exercise() {
        return Exercise.of(ClozeProbabilities.class, "A verbalizer")
                .probe(
                        "one place, two labels",
                        "the words 0 and 2 have the logits ln 3 and 0: 3/4 and 1/4. The 9 of word 1 does not matter",
                        t -> t.call(t.tensor(new double[] {Math.log(3), 9, 0}, 1, 1, 3), new int[] {0}, new int[][] {
                            {0}, {2}
                        }))
                .probe(
                        "labels in the other order",
                        "exchanged words exchange the probabilities: 1/4 and 3/4",
                        t -> t.call(t.tensor(new double[] {Math.log(3), 9, 0}, 1, 1, 3), new int[] {0}, new int[][] {
                            {2}, {0}
                        }))
                .probe(
                        "a label with two words",
                        "the first label has the mean of 2·ln 3 and 0, ln 3; the second 0: 3/4 and 1/4",
                        t -> t.call(
                                t.tensor(new double[] {2 * Math.log(3), 0, 0}, 1, 1, 3),
                                new int[] {0},
                                new int[][] {{0, 1}, {2}}))
                .probe(
                        "the gap in the middle",
                        "place 1 counts, 0 and ln 3, and not the places beside it",
                        t -> t.call(
                                t.tensor(new double[] {9, 1, 0, Math.log(3), 4, -4}, 1, 3, 2),
                                new int[] {1},
                                new int[][] {{0}, {1}}))
                .probe(
                        "two texts with gaps at unequal places",
                        "place 0 of the first and place 1 of the second",
                        t -> t.call(
                                t.tensor(new double[] {0, Math.log(3), 5, 5, 6, 7, Math.log(9), 0}, 2, 2, 2),
                                new int[] {0, 1},
                                new int[][] {{0}, {1}}))
                .probe("gradients", "words of no label get none", t -> {
                    return t.callWithGradients(
                            t.normal(3, 4, 9), new int[] {2, 0, 3}, new int[][] {{1}, {4, 5, 8}, {0, 7}});
                })
                .probe(
                        "large logits",
                        "the softmax of 1000 and 998",
                        t -> t.call(
                                t.tensor(new double[] {1000, 998, 0}, 1, 1, 3), new int[] {0}, new int[][] {{0}, {1}}))
                .probe(
                        "one text, four labels",
                        "",
                        t -> t.callWithGradients(
                                t.normal(1, 5, 12).mul(3), new int[] {4}, new int[][] {{3}, {11}, {0}, {6, 2}}))
                .probe(
                        "a word of two labels",
                        "",
                        t -> t.callWithGradients(t.normal(2, 3, 6), new int[] {1, 2}, new int[][] {{1, 2}, {2, 5}}))
                .bug(
                        "The softmax goes over the whole vocabulary: other words take their share",
                        "return Tensor.stack(0, scores).softmax();",
                        "for (int b = 0; b < gaps.length; b++) { Tensor p ="
                                + " logits.select(0, b).select(0, gaps[b]).softmax(); Tensor[] m = new"
                                + " Tensor[words.length]; for (int l = 0; l < m.length; l++) { m[l] = p.indexSelect(0,"
                                + " Indices.of(words[l])).mean(); } scores[b] = Tensor.stack(0, m); } return"
                                + " Tensor.stack(0, scores);")
                .bug(
                        "The probabilities of a label's words are averaged, not their logits",
                        "gap.indexSelect(0, Indices.of(words[label])).mean()",
                        "gap.indexSelect(0, Indices.of(words[label])).exp().mean().log()")
                .bug(
                        "The logits of a label's words are added: labels with more words win or lose by that",
                        ".mean()",
                        ".sum()")
                .bug("The best word of a label counts alone", ".mean()", ".max()")
                .bug("Only the first word of each label counts", ".mean()", ".slice(0, 0, 1).mean()")
                .bug("All texts have their gap where the first one has", "gaps[text]", "gaps[0]")
                .bug("All texts get the result of the first", "logits.select(0, text)", "logits.select(0, 0)")
                .bug(
                        "The logits of the place before the gap are read, as of a model that predicts the next token",
                        "gaps[text]",
                        "Math.max(0, gaps[text] - 1)")
                .bug("The softmax is missing", ".softmax()", "")
                .bug("The softmax goes over the texts", ".softmax()", ".softmax(0)")
                .bug("Logarithms are given, not probabilities", ".softmax()", ".logSoftmax()")
                .bug(
                        "The logits are averaged over all places of the text",
                        "logits.select(0, text).select(0, gaps[text])",
                        "logits.select(0, text).mean(0)")
                .bug(Bug.of("The gradients are lost: the model could not learn from this")
                        .replacing("logits.select(0, text)", "logits.detach().select(0, text)"))
                .variant("a matrix of weights", """
                        int vocabulary = logits.dim(2);
                        float[] weights = new float[words.length * vocabulary];
                        for (int label = 0; label < words.length; label++) {
                            for (int word : words[label]) {
                                weights[label * vocabulary + word] += 1.0f / words[label].length;
                            }
                        }
                        int[] places = new int[gaps.length];
                        java.util.Arrays.setAll(places, text -> text * logits.dim(1) + gaps[text]);
                        Tensor rows = logits.reshape(logits.dim(0) * logits.dim(1), vocabulary);
                        rows = rows.indexSelect(0, Indices.of(places)); // (B, V)
                        return rows.matmul(Tensor.of(weights, words.length, vocabulary), false, true).softmax(1);
                        """)
                .variant("sums divided, over log-probabilities", """
                        Tensor logs = logits.logSoftmax(); // (B, T, V)
                        Tensor[] columns = new Tensor[words.length];
                        for (int label = 0; label < words.length; label++) {
                            Tensor[] rows = new Tensor[gaps.length];
                            for (int text = 0; text < gaps.length; text++) {
                                Tensor sum = Tensor.zeros(1);
                                for (int word : words[label]) {
                                    sum = sum.add(logs.select(0, text).select(0, gaps[text]).slice(0, word, word + 1));
                                }
                                rows[text] = sum.div(words[label].length);
                            }
                            columns[label] = Tensor.concat(0, rows).unsqueeze(1); // (B, 1)
                        }
                        Tensor scores = Tensor.concat(1, columns); // (B, labels)
                        Tensor powers = scores.sub(scores.detach().amax(-1, true)).exp();
                        return powers.div(powers.sum(-1, true));
                        """)
                .hints(
                        "How many scores does a text have, as many as there are tokens or as there are labels?",
                        "logits.select(0, text).select(0, gaps[text]) is the row of V logits that counts.",
                        "Of that row take each label's words with indexSelect, their mean(), and the softmax over the"
                                + " labels.")
                .reading("The section \"Pattern and verbalizer\" of this lesson; Schick & Schütze 2020, section 3.1");
    }
}
