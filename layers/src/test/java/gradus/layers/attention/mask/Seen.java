package gradus.layers.attention.mask;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.mask.KeyMask;
import gradus.tensor.type.Shape;

/// Comparison of a mask with what its paper says of every query and key.
final class Seen {
    private Seen() {}

    /// Whether query i of a head sees key j.
    @FunctionalInterface
    interface Rule {
        boolean sees(int head, int i, int j);
    }

    /// Every query and key of so many heads and positions.
    static void assertSees(KeyMask mask, int heads, int time, Rule rule) {
        boolean[] seen = mask.dense(Shape.of(1, heads, time, time));
        for (int at = 0; at < seen.length; at++) {
            int head = at / time / time;
            int i = at / time % time;
            int j = at % time;
            assertThat(seen[at]).as("head %d, query %d, key %d", head, i, j).isEqualTo(rule.sees(head, i, j));
        }
    }
}
