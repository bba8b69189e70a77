package gradus.train.task;

import static gradus.error.ConfigException.require;

import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.List;

/// Which examples share a row. In each epoch they come in a random order, and each goes into the open row that
/// it fills best; at most 64 rows are open at a time, so that an epoch's order stays random. Rows are numbered
/// through all epochs, and row i depends only on the seed and on i, so a resumed training goes on with the
/// same rows.
///
/// Best-fit leaves few places empty: Johnson 1974; for language models Ding et al. 2024, "Fewer truncations
/// improve language modeling", arXiv:2404.10830.
public final class Packing {
    private static final int OPEN = 64;

    private final int[] sizes;
    private final int places;
    private final boolean together;
    private final Rng rng; // or null for the order of the examples
    private final List<Long> firsts = new ArrayList<>(List.of(0L)); // the first row of each epoch that is known
    private int[][] rows; // of the epoch last asked for
    private long epoch = -1;

    /// @param sizes    places that each example takes
    /// @param places   places of a row
    /// @param together whether examples share rows; else each has one of its own
    /// @param rng      random numbers for the order; null keeps the order of the examples
    /// @throws gradus.error.ConfigException if there is no example, or one has no room in a row
    public Packing(int[] sizes, int places, boolean together, Rng rng) {
        require(sizes.length > 0, "packing: at least one example must be given");
        for (int size : sizes) {
            require(size >= 1 && size <= places, "packing: an example must take 1 to %d places; got %d", places, size);
        }
        this.sizes = sizes.clone();
        this.places = places;
        this.together = together;
        this.rng = rng;
    }

    /// The examples of the rows numbered first, first + 1, …
    public int[][] rows(long first, int count) {
        int[][] found = new int[count][];
        for (int i = 0; i < count; i++) {
            found[i] = row(first + i);
        }
        return found;
    }

    private int[] row(long number) {
        while (firsts.getLast() <= number) { // one epoch further
            firsts.add(firsts.getLast() + epoch(firsts.size() - 1).length);
        }
        int of = firsts.size() - 2;
        while (firsts.get(of) > number) {
            of--;
        }
        return epoch(of)[(int) (number - firsts.get(of))];
    }

    /// The rows of an epoch: each example is in one of them.
    public int[][] epoch(long number) {
        if (number != epoch) {
            rows = pack(order(number));
            epoch = number;
        }
        return rows;
    }

    /// Fisher and Yates's shuffle.
    private int[] order(long number) {
        int[] order = new int[sizes.length];
        Rng picks = rng == null ? null : rng.at(number).at("order");
        for (int i = 0; i < order.length; i++) {
            int j = picks == null ? i : picks.index(i, i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private int[][] pack(int[] order) {
        List<int[]> full = new ArrayList<>();
        List<Row> open = new ArrayList<>();
        for (int example : order) {
            Row best = null;
            for (Row row : open) {
                boolean fits = row.room >= sizes[example];
                best = fits && (best == null || row.room < best.room) ? row : best;
            }
            if (best == null) {
                if (open.size() == OPEN) {
                    Row fullest = open.getFirst();
                    for (Row row : open) {
                        fullest = row.room < fullest.room ? row : fullest;
                    }
                    close(fullest, open, full);
                }
                best = new Row(places);
                open.add(best);
            }
            best.add(example, sizes[example]);
            if (best.room == 0 || !together) {
                close(best, open, full);
            }
        }
        open.forEach(row -> full.add(row.examples()));
        return full.toArray(int[][]::new);
    }

    private static void close(Row row, List<Row> open, List<int[]> full) {
        open.remove(row);
        full.add(row.examples());
    }

    private static final class Row {
        private final List<Integer> examples = new ArrayList<>();
        private int room;

        Row(int room) {
            this.room = room;
        }

        void add(int example, int size) {
            examples.add(example);
            room -= size;
        }

        int[] examples() {
            return examples.stream().mapToInt(Integer::intValue).toArray();
        }
    }
}
