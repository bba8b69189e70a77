package gradus.lessons.masks;

import gradus.lessons.learn.exercise.Exercise;

final class SlidingMaskExercise {
    private SlidingMaskExercise() {}

    static Exercise exercise() {
        return Exercise.of(SlidingMask.class, "A sliding window")
                .probe("a window of one", "each of three tokens sees itself: the identity", t -> t.call(3, 1))
                .probe(
                        "four tokens, a window of two",
                        "token 2 sees tokens 1 and 2: 0 1 1 0; token 0 has nothing before it: 1 0 0 0",
                        t -> t.call(4, 2))
                .probe("six tokens, a window of three", "token 5 sees 3, 4 and 5", t -> t.call(6, 3))
                .probe("a window as long as the text", "the same as the causal mask", t -> t.call(5, 5))
                .probe("a window longer than the text", "the same as the causal mask", t -> t.call(4, 9))
                .probe("one token", "it sees itself", t -> t.call(1, 3))
                .bug(
                        "The window is one too long: `window` tokens before, and the token itself too",
                        "i - window + 1",
                        "i - window")
                .bug("The window is one too short", "i - window + 1", "Math.min(i, i - window + 2)")
                .bug("A token does not see itself", "j <= i", "j < i")
                .bug(
                        "The window reaches to both sides: a token sees what follows",
                        "j <= i;",
                        "j <= Math.min(time - 1, i + window - 1);")
                .bug("There is no window: a token sees all that came before", "Math.max(0, i - window + 1)", "0")
                .bug(
                        "Tokens are cut into blocks: the window must move with each token",
                        "Math.max(0, i - window + 1)",
                        "i / window * window")
                .bug("Rows are keys and columns are queries", "seen[i * time + j]", "seen[j * time + i]")
                .bug(
                        "What lies in the window is hidden, and the rest of the past seen",
                        "seen[i * time + j] = 1;",
                        "seen[i * time + j] = 0; } for (int j = 0; j < i - window + 1; j++) { seen[i * time + j] = 1;")
                .variant("a triangle less a smaller one", """
                        return Tensor.ones(time, time).tril().sub(Tensor.ones(time, time).tril(-window));
                        """)
                .variant("by the distance", """
                        Tensor distance = Tensor.arange(time).reshape(time, 1).sub(Tensor.arange(time)); // (T, T)
                        return distance.ge(0).mul(distance.lt(window));
                        """)
                .hints(
                        "Which is the oldest key that a window of 3 shows to token 5?",
                        "The distance i - j of a seen key lies between 0 and window - 1.",
                        "seen where i - window < j && j <= i.")
                .reading("The section \"Sliding window\" of this lesson; Beltagy, Peters & Cohan 2020, section 3.1");
    }
}
