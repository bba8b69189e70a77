package gradus.lessons.chunks;

import gradus.lessons.learn.exercise.Exercise;

final class ChunkDistancesExercise {
    private ChunkDistancesExercise() {}

    static Exercise exercise() {
        return Exercise.of(ChunkDistances.class, "The distance of each pair")
                .tolerance(1e-9)
                .forbid("parts", "place")
                .probe("one position", "itself: 0", t -> t.call(1, 2, 3))
                .probe("one chunk", "the true distances: 0; 1, 0; 2, 1, 0", t -> t.call(3, 4, 6))
                .probe(
                        "two chunks of two, trained on four",
                        "Query 2 has place 0. Keys 0 and 1 are in the chunk before: min(2 + 0, 3) - 0 = 2 and - 1"
                                + " = 1, the"
                                + " true distances. Query 3: min(2 + 1, 3) = 3, so 3 and 2",
                        t -> t.call(4, 2, 4))
                .probe(
                        "two chunks of three, trained on four",
                        "Query 5: min(3 + 2, 3) = 3, so 3, 2, 1 for the keys 0, 1, 2: less than the true 5, 4, 3",
                        t -> t.call(6, 3, 4))
                .probe(
                        "three chunks of two",
                        "Query 4 looks at keys 0 and 1 from c - 1 = 4: 4 and 3",
                        t -> t.call(6, 2, 5))
                .probe("chunks of one", "", t -> t.call(5, 1, 3))
                .probe("a last chunk that is not full", "", t -> t.call(13, 5, 8))
                .probe("many chunks", "", t -> t.call(23, 4, 6))
                .probe("trained on more than two chunks", "", t -> t.call(17, 3, 11))
                .bug(
                        "The chunk before is not held at c - 1: distances grow beyond those of training",
                        "Math.min(size + i % size, trained - 1)",
                        "size + i % size")
                .bug(
                        "The chunk before is looked at from c - 1, like all earlier ones: neighbours across the"
                                + " border are far",
                        "Math.min(size + i % size, trained - 1)",
                        "trained - 1")
                .bug(
                        "The chunk before is looked at from the place in the query's own chunk: distances become"
                                + " negative",
                        "Math.min(size + i % size, trained - 1)",
                        "i % size")
                .bug(
                        "It is held at c, and should be held at c - 1",
                        "Math.min(size + i % size, trained - 1)",
                        "Math.min(size + i % size, trained)")
                .bug("Earlier chunks are looked at from c, and should be from c - 1", ": trained - 1;", ": trained;")
                .bug("Earlier chunks are treated as the one just before", "back == 1 ?", "back >= 1 ?")
                .bug("Two chunks back still counts as the one just before", "back == 1 ?", "back == 1 || back == 2 ?")
                .bug(
                        "The key's place in its chunk does not count for earlier chunks: all its keys stand"
                                + " equally far",
                        "place - j % size",
                        "place - (back > 1 ? 0 : j % size)")
                .bug(
                        "Keys stand at their true positions, and should stand at their places within the chunk",
                        "place - j % size",
                        "place - j")
                .bug("These are the true distances: nothing is cut into chunks", "place - j % size", "i - j")
                .bug("The true distance is cut off at c - 1", "place - j % size", "Math.min(i - j, trained - 1)")
                .bug("Keys behind the query are not marked", "j > i ? -1 : place - j % size", "place - j % size")
                .bug("The query itself is marked as unseen", "j > i ?", "j >= i ?")
                .variant("chunk by chunk", """
                        int[][] result = new int[length][length];
                        for (int[] row : result) {
                            java.util.Arrays.fill(row, -1);
                        }
                        for (int i = 0; i < length; i++) {
                            int begin = i - i % size;
                            for (int j = begin; j <= i; j++) {
                                result[i][j] = i - j;
                            }
                            for (int j = Math.max(begin - size, 0); j < begin; j++) {
                                result[i][j] = Math.min(i - j, trained - 1 - (j - begin + size));
                            }
                            for (int j = 0; j < begin - size; j++) {
                                result[i][j] = trained - 1 - j % size;
                            }
                        }
                        return result;
                        """)
                .variant("places of queries first", """
                        int[][] result = new int[length][length];
                        for (int i = length - 1; i >= 0; i--) {
                            int own = i % size;
                            int[] places = {own, own + size < trained ? own + size : trained - 1, trained - 1};
                            for (int j = 0; j < length; j++) {
                                if (j <= i) {
                                    int chunks = Math.min(i / size - j / size, 2);
                                    result[i][j] = places[chunks] - (j - j / size * size);
                                } else {
                                    result[i][j] = -1;
                                }
                            }
                        }
                        return result;
                        """)
                .hints(
                        "How many chunks lie between query and key? There are three cases.",
                        "The key's place is always j % s. The query's place is i % s, min(s + i % s, c - 1) or c - 1.",
                        "back = i / s - j / s decides: 0, 1 or more; the distance is place - j % s, and -1 where"
                                + " j > i.")
                .reading("The section \"Three places for a query\" of this lesson");
    }
}
