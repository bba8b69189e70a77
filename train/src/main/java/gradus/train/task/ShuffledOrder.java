package gradus.train.task;

import gradus.tensor.random.Rng;

/// The order in which a task takes its examples: all of them, in an order drawn anew in each epoch from the
/// epoch's number, so that a resumed training draws the same.
final class ShuffledOrder {
    private final Rng rng;
    private final int[] order; // of the epoch last asked for
    private long epoch = -1;

    /// @param count how many examples there are, at least 1
    ShuffledOrder(int count, Rng rng) {
        this.order = new int[count];
        this.rng = rng;
    }

    /// Which example has this turn, counted from 0 over all epochs.
    int at(long turn) {
        int count = order.length;
        if (turn / count != epoch) {
            epoch = turn / count;
            Rng picks = rng.at("order").at(epoch);
            for (int i = 0; i < count; i++) { // Fisher and Yates
                int j = picks.index(i, i + 1);
                order[i] = order[j];
                order[j] = i;
            }
        }
        return order[(int) (turn % count)];
    }
}
