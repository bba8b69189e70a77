package gradus.lessons.lab.inference;

import gradus.train.cli.machine.MemoryBandwidth;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What this machine can do, measured in every round beside the passes, the best of several runs as theirs: how
/// fast memory is read, how fast matrices are multiplied, and what a pass costs in which there is nothing to
/// compute.
final class Machine implements AutoCloseable {
    private static final int FLOATS = 1 << 26; // 256 MiB

    private final MemoryBandwidth memory = new MemoryBandwidth(FLOATS);
    private final int dim;
    private final Measured empty;
    private final List<Double> bytes = new ArrayList<>();
    private final SortedMap<Products, List<Double>> speeds = new TreeMap<>();

    /// @param products whose speeds are measured
    /// @param dim      C
    /// @param empty    a pass without work
    Machine(Set<Products> products, int dim, Measured empty) {
        this.dim = dim;
        this.empty = empty;
        products.forEach(each -> speeds.put(each, new ArrayList<>()));
    }

    /// Measures everything once more.
    void round() {
        bytes.add(memory.bytes() / Stopwatch.fastest(1, memory::reading));
        speeds.forEach((products, all) -> all.add(products.speed(dim)));
        empty.round();
    }

    /// As it was measured.
    Roof roof() {
        SortedMap<Products, Double> reached = new TreeMap<>();
        speeds.forEach((products, all) -> reached.put(products, Measured.median(all)));
        return new Roof(Measured.median(bytes), reached, empty.seconds());
    }

    @Override
    public void close() {
        memory.close();
    }
}
