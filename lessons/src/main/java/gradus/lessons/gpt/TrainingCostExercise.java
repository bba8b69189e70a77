package gradus.lessons.gpt;

import gradus.lessons.learn.exercise.Exercise;

final class TrainingCostExercise {
    private TrainingCostExercise() {}

    static Exercise exercise() {
        return Exercise.of(TrainingCost.class, "Operations per token")
                .tolerance(1e-9)
                .probe("no layers", "6·(20 - 5·2) = 60", t -> t.call(20L, 5, 0, 2, 3))
                .probe("attention alone", "12·1·2·3 = 72, beside 6·(10 - 10) = 0", t -> t.call(10L, 5, 1, 2, 3))
                .probe(
                        "the smallest GPT-2",
                        "6·(124,439,808 - 786,432) + 12·12·768·1024 = 741,920,256 + 113,246,208",
                        t -> t.call(124_439_808L, 1024, 12, 768, 1024))
                .probe("a short sequence", "T is not N", t -> t.call(124_439_808L, 1024, 12, 768, 128))
                .probe("GPT-3", "", t -> t.call(174_604_259_328L, 2048, 96, 12288, 2048))
                .probe(
                        "a very long sequence",
                        "12·L·C·T is above an int",
                        t -> t.call(7_000_000_000L, 1_000_000, 80, 8192, 1_000_000))
                .bug(
                        "The table of positions is counted, though it is not multiplied",
                        "parameters - (double) positions * channels",
                        "parameters")
                .bug("The backward pass is left out", "3 * (2 * multiplied + attention)", "2 * multiplied + attention")
                .bug(
                        "The backward pass is counted like the forward pass, not twice as much",
                        "3 * (2 * multiplied + attention)",
                        "2 * (2 * multiplied + attention)")
                .bug(
                        "A multiplication and an addition are counted as one",
                        "3 * (2 * multiplied + attention)",
                        "3 * (multiplied + attention / 2)")
                .bug("Attention's products are left out", "2 * multiplied + attention", "2 * multiplied")
                .bug("The weighted sum of values is left out", "2.0 * 2 * layers", "2.0 * layers")
                .bug(
                        "Attention costs T² per token; that is what a whole sequence costs",
                        "channels * time;",
                        "channels * time * time;")
                .bug(
                        "Attention counts all positions, not those of the sequence",
                        "channels * time;",
                        "channels * positions;")
                .bug(
                        "int overflows in attention's product",
                        "2.0 * 2 * layers * channels * time",
                        "2 * 2 * layers * channels * time")
                .variant("six and twelve", """
                        long tables = (long) positions * channels;
                        return 6.0 * (parameters - tables) + 12.0 * layers * channels * time;
                        """)
                .variant("forward, then backward", """
                        long forward = (parameters - Math.multiplyFull(positions, channels)) * 2;
                        for (int layer = 0; layer < layers; layer++) {
                            long scores = Math.multiplyFull(channels, time) * 2;
                            long values = Math.multiplyFull(time, channels) * 2;
                            forward += scores + values;
                        }
                        long backward = 2 * forward;
                        return (double) forward + backward;
                        """)
                .hints(
                        "Which parameters are multiplied with something, and which are only looked up?",
                        "Forward: 2·(parameters - N·C) + 4·L·C·T. And the backward pass?",
                        "Three times the forward pass, in double: int is too small for 12·L·C·T.")
                .reading("The section \"What a token costs\" of this lesson");
    }
}
