package gradus.lessons.cloze;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;

final class MaskTokensExercise {
    private MaskTokensExercise() {}

    static Exercise exercise() {
        return Exercise.of(MaskTokens.class, "80, 10, 10")
                .tolerance(1e-9)
                .probe(
                        "one token, hidden",
                        "0.1 is below the rate 0.15, and 0.5 below 0.8: the mask 4 is seen, the label is 50",
                        t -> one(t, 50, 0.1, 0.5))
                .probe(
                        "not chosen",
                        "0.2 is not below 0.15: 50 is seen, and nothing predicted",
                        t -> one(t, 50, 0.2, 0.5))
                .probe(
                        "one token, replaced by another",
                        "0.85 lies between 0.8 and 0.9: 77 is seen, and 50 is to be predicted",
                        t -> one(t, 50, 0.1, 0.85))
                .probe("one token, left as it is", "0.95: 50 is seen, and to be predicted", t -> one(t, 50, 0.1, 0.95))
                .probe("a special token", "3 is below 5: it is never chosen", t -> one(t, 3, 0.01, 0.5))
                .probe("the first token that is not special", "5 is chosen", t -> one(t, 5, 0.01, 0.5))
                .probe(
                        "on the borders",
                        "chance 0.15 is not chosen; kind 0.8 is replaced; kind 0.9 stays",
                        t -> t.call(
                                new int[] {50, 51, 52, 53},
                                new double[] {0.15, 0.1, 0.1, 0.1},
                                new double[] {0.1, 0.8, 0.9, 0},
                                new int[] {70, 71, 72, 73},
                                0.15,
                                4,
                                5))
                .probe("all are chosen", "but not the special ones", t -> many(t, 40, 1.0))
                .probe("none is chosen", "the rate is 0", t -> many(t, 10, 0.0))
                .probe("many tokens", "", t -> many(t, 300, 0.15))
                .probe("many tokens, another rate", "", t -> many(t, 200, 0.4))
                .probe("no tokens", "two empty rows", t -> many(t, 0, 0.5))
                .bug(
                        "Special tokens are masked too: the model is to predict where a text ends",
                        "ids[i] < specials || chance[i] >= rate",
                        "chance[i] >= rate")
                .bug(
                        "Every token is predicted, also those that were not chosen and can be seen",
                        "for (int i = 0; i < ids.length; i++) {",
                        "for (int i = 0; i < ids.length; i++) { labels[i] = ids[i];")
                .bug(
                        "Chosen tokens that stay as they are are not predicted",
                        "labels[i] = ids[i];",
                        "labels[i] = kind[i] < 0.9 ? ids[i] : -100;")
                .bug(
                        "Only masked tokens are predicted",
                        "labels[i] = ids[i];",
                        "labels[i] = kind[i] < 0.8 ? ids[i] : -100;")
                .bug("Every chosen token is masked", "kind[i] < 0.8", "kind[i] < 2")
                .bug("No chosen token stays as it is: a fifth is replaced", "kind[i] < 0.9", "kind[i] < 2")
                .bug("No token is replaced by another: a fifth stays as it is", "kind[i] < 0.9", "kind[i] < 0.8")
                .bug(Bug.of("A tenth is masked, and eight tenths are replaced")
                        .replacing("kind[i] < 0.8", "kind[i] < 0.1"))
                .bug(
                        "The label is what the model sees, not what the token was",
                        "labels[i] = ids[i];",
                        "labels[i] = kind[i] < 0.8 ? mask : kind[i] < 0.9 ? random[i] : ids[i];")
                .bug(
                        "The label of a replaced token is its replacement",
                        "seen[i] = random[i];",
                        "seen[i] = random[i]; labels[i] = random[i];")
                .bug("The rate is that of the tokens that stay", "chance[i] >= rate", "chance[i] < rate")
                .bug("The last special token is taken for a common one", "ids[i] < specials", "ids[i] < specials - 2")
                .variant("one choice after the other", """
                        for (int i = ids.length - 1; i >= 0; i--) {
                            boolean chosen = chance[i] < rate && ids[i] >= specials;
                            labels[i] = chosen ? ids[i] : -100;
                            seen[i] = !chosen || kind[i] >= 0.9 ? ids[i] : kind[i] >= 0.8 ? random[i] : mask;
                        }
                        return new int[][] {seen, labels};
                        """)
                .variant("streams of places", """
                        int[] chosen = java.util.stream.IntStream.range(0, ids.length)
                                .filter(i -> chance[i] < rate)
                                .filter(i -> ids[i] >= specials)
                                .toArray();
                        for (int i : chosen) {
                            labels[i] = ids[i];
                            seen[i] = kind[i] < 0.8 ? mask : seen[i];
                            seen[i] = kind[i] >= 0.8 && kind[i] < 0.9 ? random[i] : seen[i];
                        }
                        return new int[][] {seen, labels};
                        """)
                .hints(
                        "Three things can happen to a chosen token. In which of them is it predicted?",
                        "First the two reasons why a token is not chosen; then its label; then what is seen.",
                        "if (ids[i] >= specials && chance[i] < rate) { labels[i] = ids[i]; mask below 0.8, random[i]"
                                + " below 0.9 }")
                .reading("The section \"Hidden tokens\" of this lesson; Devlin et al. 2018, section 3.1");
    }

    private static Object one(Trial t, int id, double chance, double kind) {
        return t.call(new int[] {id}, new double[] {chance}, new double[] {kind}, new int[] {77}, 0.15, 4, 5);
    }

    private static Object many(Trial t, int count, double rate) {
        return t.call(
                t.ints(60, count),
                t.uniform(count + 1).toArray(),
                t.uniform(count + 1).toArray(),
                t.ints(60, count),
                rate,
                4,
                5);
    }
}
