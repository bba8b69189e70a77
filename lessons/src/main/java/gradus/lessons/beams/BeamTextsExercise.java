package gradus.lessons.beams;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import gradus.tensor.random.Rng;
import java.util.Arrays;
import java.util.function.Function;

final class BeamTextsExercise {
    /// A model that knows only the last token: row 0 is for the empty text, row i + 1 for token i.
    private record Table(double[][] probabilities) implements Function<int[], double[]> {
        @Override
        public double[] apply(int[] tokens) {
            double[] p = probabilities[tokens.length == 0 ? 0 : tokens[tokens.length - 1] + 1];
            return Arrays.stream(p).map(Math::log).toArray();
        }

        @Override
        public String toString() {
            return "log of " + Arrays.deepToString(probabilities) + " (row 0 at the start, row i + 1 after token i)";
        }
    }

    /// A model that says something else after every text.
    private record Drawn(Rng rng, int vocabulary) implements Function<int[], double[]> {
        @Override
        public double[] apply(int[] tokens) {
            Rng here = rng.at(Arrays.toString(tokens));
            double[] x = new double[vocabulary];
            Arrays.setAll(x, i -> 1.5 * here.gaussian(i));
            double log = Math.log(Arrays.stream(x).map(Math::exp).sum());
            return Arrays.stream(x).map(each -> each - log).toArray();
        }

        @Override
        public String toString() {
            return "a model of " + vocabulary + " tokens";
        }
    }

    private static final Table GARDEN = new Table(new double[][] {
        {0.6, 0.4, 0.0}, {0.3, 0.36, 0.34}, {0.05, 0.9, 0.05}, {0.4, 0.3, 0.3},
    });
    private static final Table SHORT = new Table(new double[][] {
        {0.51, 0.49}, {0.1, 0.9}, {0.8, 0.2},
    });

    private BeamTextsExercise() {}

    static Exercise exercise() {
        return Exercise.of(BeamTexts.class, "Beam search with an end token and a length penalty")
                .tolerance(1e-9)
                .probe(
                        "one beam is greedy",
                        "0.6 is the largest, then 0.36: tokens 0 and 1, together 0.216",
                        t -> t.call(GARDEN, 1, 2, -1, 0.0))
                .probe(
                        "two beams find what greedy does not",
                        "0.4·0.9 = 0.36 is more than 0.6·0.36: tokens 1 and 1",
                        t -> t.call(GARDEN, 2, 2, -1, 0.0))
                .probe(
                        "a text that ends at once",
                        "token 1 ends: 0.49 alone is more than 0.51·0.9, and α = 0 compares the sums",
                        t -> t.call(SHORT, 2, 2, 1, 0.0))
                .probe(
                        "the same with α = 1",
                        "ln 0.49 = -0.713 for one token; (ln 0.51 + ln 0.9)/2 = -0.389 for two: the longer one wins",
                        t -> t.call(SHORT, 2, 2, 1, 1.0))
                .probe(
                        "the only beam ends",
                        "0.95 is the end: nothing is left to grow, and the search is over after one token",
                        t -> t.call(new Table(new double[][] {{0.05, 0.95}, {0.5, 0.5}, {0.5, 0.5}}), 1, 5, 1, 0.5))
                .probe("one token at most", "the likeliest token", t -> t.call(GARDEN, 3, 1, 2, 1.0))
                .probe("all texts of three tokens", "a width of 4³ tries them all", t -> many(t, 4, 64, 3, -1, 0, 4))
                .probe("three beams without an end", "", t -> many(t, 5, 3, 6, -1, 1, 6))
                .probe("three beams with an end", "", t -> many(t, 5, 3, 6, 2, 0.7, 12))
                .probe("two beams with an end, α = 0", "", t -> many(t, 4, 2, 5, 0, 0, 12))
                .probe("four beams with an end, α = 2", "", t -> many(t, 3, 4, 6, 1, 2, 12))
                .probe("one beam with an end", "", t -> many(t, 4, 1, 6, 3, 1, 6))
                .bug(
                        "The length is not taken into account at the end",
                        "text.sum() / Math.pow(text.tokens().length, alpha)",
                        "text.sum()")
                .bug(
                        "The sum is multiplied by nᵅ, not divided: long texts are punished",
                        "text.sum() / Math.pow(text.tokens().length, alpha)",
                        "text.sum() * Math.pow(text.tokens().length, alpha)")
                .bug(
                        "The division is by α·n, not by nᵅ",
                        "Math.pow(text.tokens().length, alpha)",
                        "(alpha == 0 ? 1 : 1 + alpha * (text.tokens().length - 1))")
                .bug(
                        "The end token is not counted in the length",
                        "Math.pow(text.tokens().length, alpha)",
                        "Math.pow(Math.max(0.5, Arrays.stream(text.tokens()).filter(token -> token != end).count()),"
                                + " alpha)")
                .bug(
                        "Finished texts go on growing",
                        "boolean ends = text.tokens()[n - 1] == end;",
                        "boolean ends = false;")
                .bug(
                        "The search is over as soon as one text is finished",
                        "n <= limit && !growing.isEmpty()",
                        "n <= limit && finished.isEmpty()")
                .bug(
                        "Only finished texts can win, if there are any",
                        "finished.addAll(growing);",
                        "if (finished.isEmpty()) {\nfinished.addAll(growing);\n}")
                .bug(
                        "Texts that still grow win over finished ones",
                        "finished.addAll(growing);",
                        "if (!growing.isEmpty()) {\nfinished = growing;\n}")
                .bug(
                        "Only the last token's log-probability is compared, not the sum",
                        "text.sum() + logProbabilities[token]",
                        "logProbabilities[token]")
                .bug(Bug.of("Every text keeps its own best continuation, and they do not compete")
                        .replacing(
                                "all.sort(",
                                "java.util.Map<String, Text> once = new java.util.LinkedHashMap<>();\n"
                                        + "int last = n - 1;\nif (growing.size() == width) {\nfor (Text text : all) {"
                                        + " once.merge("
                                        + "Arrays.toString(Arrays.copyOf(text.tokens(), last)), text, (a, b) ->"
                                        + " a.sum() > b.sum() ? a : b); }\n"
                                        + "all = new ArrayList<>(once.values());\n}\nall.sort("))
                .bug(
                        "The worst continuations are kept",
                        "Comparator.comparingDouble(Text::sum).reversed()",
                        "Comparator.comparingDouble(Text::sum)")
                .bug("One token more than the limit is added", "n <= limit", "n <= limit + 1")
                .variant("lists of tokens, and a score kept beside", """
                        List<List<Integer>> texts = new ArrayList<>(List.of(List.of()));
                        List<Double> sums = new ArrayList<>(List.of(0.0));
                        int[] best = null;
                        double top = Double.NEGATIVE_INFINITY;
                        for (int n = 0; n < limit; n++) {
                            List<List<Integer>> longer = new ArrayList<>();
                            List<Double> scores = new ArrayList<>();
                            for (int i = 0; i < texts.size(); i++) {
                                double[] next =
                                        model.apply(texts.get(i).stream().mapToInt(x -> x).toArray());
                                for (int token = 0; token < next.length; token++) {
                                    List<Integer> text = new ArrayList<>(texts.get(i));
                                    text.add(token);
                                    longer.add(text);
                                    scores.add(sums.get(i) + next[token]);
                                }
                            }
                            Integer[] order = new Integer[scores.size()];
                            Arrays.setAll(order, i -> i);
                            Arrays.sort(order, (a, b) -> Double.compare(scores.get(b), scores.get(a)));
                            texts = new ArrayList<>();
                            sums = new ArrayList<>();
                            for (int rank = 0; rank < Math.min(width, order.length); rank++) {
                                List<Integer> text = longer.get(order[rank]);
                                double sum = scores.get(order[rank]);
                                boolean over = text.getLast() == end || n == limit - 1;
                                if (over && sum / Math.pow(n + 1, alpha) > top) {
                                    top = sum / Math.pow(n + 1, alpha);
                                    best = text.stream().mapToInt(x -> x).toArray();
                                }
                                if (!over) {
                                    texts.add(text);
                                    sums.add(sum);
                                }
                            }
                        }
                        return best;
                        """)
                .variant("a heap in every round", """
                        List<Text> done = new ArrayList<>();
                        var beams = new ArrayList<>(List.of(new Text(new int[0], 0)));
                        for (int round = 0; round < limit; round++) {
                            var heap = new java.util.PriorityQueue<Text>((a, b) -> Double.compare(b.sum(), a.sum()));
                            for (Text beam : beams) {
                                double[] next = model.apply(beam.tokens().clone());
                                for (int token = 0; token < next.length; token++) {
                                    int[] tokens = new int[beam.tokens().length + 1];
                                    System.arraycopy(beam.tokens(), 0, tokens, 0, beam.tokens().length);
                                    tokens[tokens.length - 1] = token;
                                    heap.add(new Text(tokens, beam.sum() + next[token]));
                                }
                            }
                            beams.clear();
                            for (int k = 0; k < width && !heap.isEmpty(); k++) {
                                Text text = heap.poll();
                                if (text.tokens()[text.tokens().length - 1] == end) {
                                    done.add(text);
                                } else {
                                    beams.add(text);
                                }
                            }
                        }
                        done.addAll(beams);
                        done.sort(Comparator.comparingDouble(
                                text -> -text.sum() * Math.pow(text.tokens().length, -alpha)));
                        return done.getFirst().tokens();
                        """)
                .hints(
                        "Which texts are compared during the search, and which at the end? Where does the length"
                                + " count?",
                        "Each round: a list of all continuations, sorted by the sum; from the first width, those that"
                                + " end"
                                + " go to one list and the others to the next round.",
                        "At the end: add what still grows to the finished ones and take the maximum of sum() /"
                                + " Math.pow(tokens().length, alpha).")
                .reading("The section \"Texts that end\" of this lesson");
    }

    private static Object many(Trial t, int vocabulary, int width, int limit, int end, double alpha, int times) {
        for (int i = 0; i < times; i++) {
            t.see("text " + (i + 1), t.call(new Drawn(t.next(), vocabulary), width, limit, end, alpha));
        }
        return null;
    }
}
