package gradus.lessons.perplexity;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import java.util.Arrays;

final class CorpusPerplexityExercise {
    private CorpusPerplexityExercise() {}

    static Exercise exercise() {
        return Exercise.of(CorpusPerplexity.class, "Perplexity over batches")
                .tolerance(1e-9)
                .probe(
                        "one batch",
                        "a loss of ln 4 is the choice among 4 equally likely tokens",
                        t -> t.call(new double[] {Math.log(4)}, new int[] {7}))
                .probe(
                        "two batches alike",
                        "the mean of ln 2 and ln 8 is ln 4; the mean of 2 and 8 would be 5",
                        t -> t.call(new double[] {Math.log(2), Math.log(8)}, new int[] {3, 3}))
                .probe(
                        "a small batch at the end",
                        "(3·ln 2 + 1·ln 32)/4 = 8·ln 2/4 = ln 4",
                        t -> t.call(new double[] {Math.log(2), Math.log(32)}, new int[] {3, 1}))
                .probe(
                        "a batch without tokens",
                        "it does not count: exp(ln 2) = 2",
                        t -> t.call(new double[] {Math.log(2), Double.NaN}, new int[] {5, 0}))
                .probe("a perfect model", "exp(0) = 1", t -> t.call(new double[] {0, 0}, new int[] {5, 2}))
                .probe(
                        "more tokens than an int counts",
                        "three times 10⁹ is 3·10⁹, above 2,147,483,647",
                        t -> t.call(new double[] {1, 2, 3}, new int[] {1_000_000_000, 1_000_000_000, 1_000_000_000}))
                .probe(
                        "five batches",
                        "",
                        t -> t.call(
                                Arrays.stream(t.normals(5)).map(Math::abs).toArray(), new int[] {64, 64, 64, 17, 3}))
                .bug(
                        "The mean of the batches' means is taken, so that a token of a small batch counts more",
                        "sum += meanLosses[i] * tokens[i];\n                count += tokens[i];",
                        "sum += meanLosses[i];\n                count++;")
                .bug(Bug.of("The perplexities of the batches are averaged, not their losses")
                        .replacing("meanLosses[i] * tokens[i]", "Math.exp(meanLosses[i]) * tokens[i]")
                        .replacing("Math.exp(sum / count)", "sum / count"))
                .bug("The loss is in nats, and the power is of 2", "Math.exp(sum / count)", "Math.pow(2, sum / count)")
                .bug("The loss itself is given, not its exponential", "Math.exp(sum / count)", "sum / count")
                .bug("The sum of losses is not divided by the tokens", "Math.exp(sum / count)", "Math.exp(sum)")
                .bug("A batch without tokens makes everything NaN", "if (tokens[i] > 0) {", "{")
                .bug("int overflows in the count of tokens", "long count = 0;", "int count = 0;")
                .bug(
                        "It is the inverse, the geometric mean of the probabilities",
                        "Math.exp(sum / count)",
                        "Math.exp(-sum / count)")
                .variant("shares of the whole", """
                        long all = java.util.Arrays.stream(tokens).asLongStream().sum();
                        double mean = 0;
                        for (int i = tokens.length - 1; i >= 0; i--) {
                            double share = (double) tokens[i] / all;
                            mean += share == 0 ? 0 : share * meanLosses[i];
                        }
                        return Math.pow(Math.E, mean);
                        """)
                .variant("a product of powers", """
                        double count = java.util.Arrays.stream(tokens).mapToDouble(n -> n).sum();
                        double product = 1;
                        for (int i = 0; i < tokens.length; i++) {
                            if (tokens[i] != 0) {
                                product *= Math.exp(meanLosses[i] * (tokens[i] / count));
                            }
                        }
                        return product;
                        """)
                .hints(
                        "What is the sum of the losses of all tokens of a batch whose mean you know?",
                        "Add mean times tokens, and the tokens, of all batches that have any.",
                        "Math.exp(sum / count), with sum in double and count in long.")
                .reading("The section \"Perplexity\" of this lesson");
    }
}
