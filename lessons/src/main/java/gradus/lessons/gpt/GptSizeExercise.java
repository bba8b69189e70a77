package gradus.lessons.gpt;

import gradus.lessons.learn.exercise.Exercise;

final class GptSizeExercise {
    private GptSizeExercise() {}

    static Exercise exercise() {
        return Exercise.of(GptSize.class, "Counting parameters")
                .forbid("gpt2ParameterCount", "parameterCount")
                .tolerance(1e-12)
                .probe(
                        "no layers",
                        "3·2 tokens, 5·2 positions, and the last norm's 2 + 2: 20",
                        t -> t.call(3, 5, 0, 2, true))
                .probe(
                        "one layer, one channel",
                        "1 + 1 + 2 around it; in it 4 for the norms, 8 for attention, 4 + 4 + 4 + 1 = 13: 29",
                        t -> t.call(1, 1, 1, 1, true))
                .probe("a head of its own", "3·2 more: 26", t -> t.call(3, 5, 0, 2, false))
                .probe("the smallest GPT-2", "124,439,808", t -> t.call(50257, 1024, 12, 768, true))
                .probe("several layers of odd sizes", "", t -> t.call(101, 37, 5, 13, false))
                .probe("GPT-3", "more than an int can hold, 2,147,483,647", t -> t.call(50257, 2048, 96, 12288, true))
                .probe("a large table", "V·C alone is above an int", t -> t.call(1_000_000, 10, 2, 4096, false))
                .bug(
                        "int overflows: the products are taken before they become long",
                        "long dim = channels;",
                        "int dim = channels;")
                .bug("The tied head is counted twice", "tied ? 0 : vocabulary", "vocabulary")
                .bug("A head of its own is not counted", "tied ? 0 : vocabulary", "0")
                .bug("The biases of attention are forgotten", "4 * (dim * dim + dim)", "4 * dim * dim")
                .bug("The output matrix of attention is forgotten", "4 * (dim * dim + dim)", "3 * (dim * dim + dim)")
                .bug("The biases of the feed-forward network are forgotten", "8 * dim * dim + 5 * dim", "8 * dim * dim")
                .bug(
                        "Only one of the two matrices of the feed-forward network is counted",
                        "8 * dim * dim + 5 * dim",
                        "4 * dim * dim + 4 * dim")
                .bug("The norms have a gain and no bias", "2 * dim;", "dim;")
                .bug("The last norm is forgotten", "feedForward) + norm", "feedForward)")
                .bug("The positions are forgotten", " + positions * dim", "")
                .bug("Only one norm of each layer is counted", "2 * norm + attention", "norm + attention")
                .variant("the closed form", """
                        long c = channels;
                        long one = 12 * c * c + 13 * c;
                        return c * vocabulary * (tied ? 1 : 2) + c * positions + one * layers + 2 * c;
                        """)
                .variant("one tensor after another", """
                        long sum = (long) vocabulary * channels + (long) positions * channels;
                        for (int i = 0; i < layers; i++) {
                            for (int norm = 0; norm < 2; norm++) {
                                sum += channels;
                                sum += channels;
                            }
                            for (int matrix = 0; matrix < 4; matrix++) {
                                sum += Math.multiplyFull(channels, channels) + channels;
                            }
                            sum += Math.multiplyFull(4 * channels, channels) + 4 * channels;
                            sum += Math.multiplyFull(channels, 4 * channels) + channels;
                        }
                        sum += channels + channels;
                        return tied ? sum : sum + Math.multiplyFull(vocabulary, channels);
                        """)
                .hints(
                        "Write down every tensor of the list with its shape. How many numbers has a layer in all?",
                        "A layer has 4·C for its norms, 4·C² + 4·C for attention, 8·C² + 5·C for the network.",
                        "V·C (twice if not tied) + N·C + L·(12·C² + 13·C) + 2·C, in long.")
                .reading("The section \"How large it is\" of this lesson");
    }
}
