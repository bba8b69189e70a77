package gradus.lessons.lab.inference;

import gradus.train.cli.machine.MemoryBandwidth;
import gradus.train.cli.machine.SgemmPeak;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What this machine can do, measured in every round beside the passes, the best of several runs as theirs: how
/// fast memory is read, how fast matrices are multiplied, and what a pass costs in which there is nothing to
/// compute.
final class Machine implements AutoCloseable {
    private static final double GIGA = 1e9;

    private static final int FLOATS = 1 << 26; // 256 MiB

    private final MemoryBandwidth memory = new MemoryBandwidth(FLOATS);
    private final int dim;
    private final int longest;
    private final Measured empty;
    private final List<Double> bytes = new ArrayList<>();
    private final List<Double> peaks = new ArrayList<>();
    private final SortedMap<Products, List<Double>> speeds = new TreeMap<>();

    /// @param products whose speeds are measured
    /// @param dim      C
    /// @param longest  rows of the products that give the peak
    /// @param empty    a pass without work
    Machine(Set<Products> products, int dim, int longest, Measured empty) {
        this.dim = dim;
        this.longest = longest;
        this.empty = empty;
        products.forEach(each -> speeds.put(each, new ArrayList<>()));
    }

    /// Measures everything once more.
    void round() {
        double best = 0;
        for (int reading = 0; reading < Stopwatch.RUNS; reading++) {
            best = Math.max(best, memory.reading() * GIGA);
        }
        bytes.add(best);
        peaks.add(SgemmPeak.product(longest, 4 * dim, dim, false, true) * GIGA);
        speeds.forEach((products, all) -> all.add(products.speed(dim)));
        empty.round();
    }

    /// As it was measured.
    Roof roof() {
        SortedMap<Products, Double> reached = new TreeMap<>();
        speeds.forEach((products, all) -> reached.put(products, Measured.median(all)));
        return new Roof(Measured.median(bytes), Measured.median(peaks), reached, empty.seconds());
    }

    @Override
    public void close() {
        memory.close();
    }
}
