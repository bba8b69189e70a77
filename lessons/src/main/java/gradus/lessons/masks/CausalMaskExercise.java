package gradus.lessons.masks;

import gradus.lessons.learn.exercise.Exercise;

final class CausalMaskExercise {
    private CausalMaskExercise() {}

    static Exercise exercise() {
        return Exercise.of(CausalMask.class, "The causal mask")
                .probe("one token", "it sees itself: 1", t -> t.call(1, 1))
                .probe("three tokens", "token 0 sees 1 0 0, token 1 sees 1 1 0, token 2 sees 1 1 1", t -> t.call(3, 3))
                .probe(
                        "one new token after three",
                        "the query stands at position 3 and sees all four keys: 1 1 1 1",
                        t -> t.call(1, 4))
                .probe(
                        "two new tokens after three",
                        "the first stands at position 3 and sees 1 1 1 1 0, the second sees all five",
                        t -> t.call(2, 5))
                .probe("four new tokens after one", "", t -> t.call(4, 5))
                .probe("seven tokens", "", t -> t.call(7, 7))
                .bug(
                        "A token does not see itself: the first one then sees nothing at all",
                        "j <= keys - queries + i",
                        "j < keys - queries + i")
                .bug(
                        "A token sees the one that follows it: that is the very token it is to predict",
                        "j <= keys - queries + i",
                        "j <= keys - queries + i + 1")
                .bug(
                        "With fewer queries than keys the queries are taken for the first tokens, not for the last",
                        "j <= keys - queries + i",
                        "j <= i")
                .bug(
                        "A token sees what follows and not what came before",
                        "? 1 : 0",
                        "? (j == keys - queries + i ? 1 : 0) : 1")
                .bug("1 and 0 are exchanged: 1 must stand where a key may be seen", "? 1 : 0", "? 0 : 1")
                .bug("Every token sees every other: there is no mask", "? 1 : 0", "? 1 : 1")
                .bug("Rows are keys and columns are queries", "seen[i * keys + j]", "seen[j * queries + i]")
                .variant("a triangle of ones", """
                        return Tensor.ones(queries, keys).tril(keys - queries);
                        """)
                .variant("positions compared", """
                        Tensor positions = Tensor.arange(keys).slice(0, keys - queries).reshape(queries, 1);
                        return Tensor.arange(keys).le(positions);
                        """)
                .variant("the last rows of the square one", """
                        float[] square = new float[keys * keys];
                        for (int i = 0; i < keys; i++) {
                            java.util.Arrays.fill(square, i * keys, i * keys + i + 1, 1f);
                        }
                        return Tensor.of(square, keys, keys).slice(0, keys - queries, keys);
                        """)
                .hints(
                        "At which position of the whole sequence does query 0 stand?",
                        "Query i stands at position keys - queries + i; it sees every key up to and with that"
                                + " position.",
                        "seen where j <= keys - queries + i.")
                .reading("The section \"Causal\" of this lesson; Vaswani et al. 2017, section 3.2.3");
    }
}
