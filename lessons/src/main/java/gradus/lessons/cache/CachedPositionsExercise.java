package gradus.lessons.cache;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;

final class CachedPositionsExercise {
    private CachedPositionsExercise() {}

    static Exercise exercise() {
        return Exercise.of(CachedPositions.class, "Positions under a cache")
                .tolerance(1e-9)
                .probe("a prompt of three", "0 1 2", t -> t.call(new int[] {0}, 0, 3))
                .probe("one token after three", "three came before: 3", t -> t.call(new int[] {0}, 3, 1))
                .probe("two tokens after three", "3 4", t -> t.call(new int[] {0}, 3, 2))
                .probe(
                        "a prompt with two places of padding",
                        "columns 0 and 1 are padding, column 2 is the first token: 0 0 0 1 2",
                        t -> t.call(new int[] {2}, 0, 5))
                .probe(
                        "one token after a padded prompt",
                        "column 5, less two of padding: 3",
                        t -> t.call(new int[] {2}, 5, 1))
                .probe(
                        "two texts",
                        "0 1 2 3 without padding, 0 0 0 1 with two places of it",
                        t -> t.call(new int[] {0, 2}, 0, 4))
                .probe(
                        "padding that is longer than the cache",
                        "columns 2, 3, 4, 5; the first token stands in column 4: 0 0 0 1",
                        t -> t.call(new int[] {4}, 2, 4))
                .probe("as many texts as new tokens", "", t -> t.call(new int[] {1, 0, 3}, 4, 3))
                .probe("five texts", "", t -> t.call(t.ints(6, 5), 9, 4))
                .bug("Left padding is counted as positions", "cached + i - padding[b]", "cached + i")
                .bug(
                        "Every step begins at position 0 again: the cache is not counted",
                        "cached + i - padding[b]",
                        "i - padding[b]")
                .bug(
                        "Several new tokens all get the position of the first",
                        "cached + i - padding[b]",
                        "cached - padding[b]")
                .bug("Positions begin with 1", "cached + i - padding[b])", "cached + i - padding[b] + 1)")
                .bug("What is cached is counted twice", "cached + i", "2 * cached + i")
                .bug(
                        "Padding gets negative positions",
                        "Math.max(0, cached + i - padding[b])",
                        "cached + i - padding[b]")
                .bug(
                        "Padding gets position 1",
                        "Math.max(0, cached + i - padding[b])",
                        "cached + i < padding[b] ? 1 : cached + i - padding[b]")
                .bug("All texts get the padding of the first", "padding[b])", "padding[0])")
                .bug(Bug.of("The padding is subtracted from new columns alone, and what is cached counts in full")
                        .replacing("Math.max(0, cached + i - padding[b])", "cached + Math.max(0, i - padding[b])"))
                .variant("counting along the row", """
                        int[][] positions = new int[padding.length][fresh];
                        for (int b = 0; b < padding.length; b++) {
                            int next = 0;
                            for (int column = 0; column < cached + fresh; column++) {
                                if (column >= cached) {
                                    positions[b][column - cached] = next;
                                }
                                next += column >= padding[b] ? 1 : 0;
                            }
                        }
                        return positions;
                        """)
                .variant("streams", """
                        return java.util.Arrays.stream(padding)
                                .mapToObj(p -> java.util.stream.IntStream.range(cached, cached + fresh)
                                        .map(column -> column < p ? 0 : column - p)
                                        .toArray())
                                .toArray(int[][]::new);
                        """)
                .hints(
                        "In which column does text b's first token stand?",
                        "New column i is column cached + i of the row.",
                        "Math.max(0, cached + i - padding[b]).")
                .reading("The section \"Positions\" of this lesson");
    }
}
