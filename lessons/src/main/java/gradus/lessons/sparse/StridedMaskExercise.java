package gradus.lessons.sparse;

import gradus.lessons.learn.exercise.Exercise;

final class StridedMaskExercise {
    private StridedMaskExercise() {}

    static Exercise exercise() {
        return Exercise.of(StridedMask.class, "The strided pattern")
                .probe("one token", "it sees itself", t -> t.call(1, 2))
                .probe(
                        "seven tokens, a stride of three",
                        "token 6 sees 4, 5 and 6 (the last three), and 3 and 0 (distances 3 and 6): 1 0 0 1 1 1 1",
                        t -> t.call(7, 3))
                .probe("a stride of one", "every distance is a multiple of 1: the causal mask", t -> t.call(4, 1))
                .probe("a stride as long as the text", "the causal mask", t -> t.call(5, 5))
                .probe("a stride longer than the text", "the causal mask", t -> t.call(4, 7))
                .probe("twelve tokens, a stride of four", "", t -> t.call(12, 4))
                .probe("eleven tokens, a stride of two", "", t -> t.call(11, 2))
                .bug("The last tokens are missing: only multiples of the stride are seen", "distance < stride || ", "")
                .bug("The far tokens are missing: only the last ones are seen", " || distance % stride == 0", "")
                .bug(
                        "Every stride-th key of the text is seen, wherever the query stands: that is the fixed pattern",
                        "distance % stride == 0",
                        "j % stride == 0")
                .bug(
                        "The local part is one too long",
                        "distance < stride",
                        "distance <= stride + 1 && distance != stride")
                .bug("The far tokens lie one further off", "distance % stride == 0", "distance % stride == 1 % stride")
                .bug("A token sees what follows", "j <= i;", "j < time;")
                .bug("A token does not see itself", "j <= i;", "j < i;")
                .bug(
                        "Both conditions must hold at once",
                        "distance < stride || distance",
                        "distance < stride && distance")
                .bug(
                        "The local part is the query's block, not the last tokens",
                        "distance < stride",
                        "i / stride == j / stride")
                .bug("Rows are keys and columns are queries", "seen[i * time + j]", "seen[j * time + i]")
                .variant("walking back from each token", """
                        float[] seen = new float[time * time];
                        for (int i = 0; i < time; i++) {
                            for (int j = i; j >= 0 && j > i - stride; j--) {
                                seen[i * time + j] = 1;
                            }
                            for (int j = i; j >= 0; j -= stride) {
                                seen[i * time + j] = 1;
                            }
                        }
                        return Tensor.of(seen, time, time);
                        """)
                .variant("diagonals added", """
                        Tensor mask = Tensor.zeros(time, time);
                        for (int distance = 0; distance < time; distance++) {
                            if (distance < stride || distance / stride * stride == distance) {
                                Tensor diagonal = Tensor.ones(time, time).tril(-distance).triu(-distance);
                                mask = mask.add(diagonal);
                            }
                        }
                        return mask;
                        """)
                .hints(
                        "Which distances i - j does a token see?",
                        "Two conditions, either is enough: near (less than the stride), or a multiple of the stride.",
                        "j <= i && (i - j < stride || (i - j) % stride == 0).")
                .reading("The section \"Strided\" of this lesson; Child et al. 2019, section 4.2");
    }
}
