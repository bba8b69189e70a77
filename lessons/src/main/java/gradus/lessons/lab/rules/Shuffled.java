package gradus.lessons.lab.rules;

import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.List;

/// Things in random order.
final class Shuffled {
    private Shuffled() {}

    /// The numbers from 0 to below n.
    static int[] upTo(int n, Rng rng) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = rng.index(i, i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    /// The elements of a list.
    static <T> List<T> of(List<T> list, Rng rng) {
        List<T> shuffled = new ArrayList<>();
        for (int i : upTo(list.size(), rng)) {
            shuffled.add(list.get(i));
        }
        return shuffled;
    }
}
