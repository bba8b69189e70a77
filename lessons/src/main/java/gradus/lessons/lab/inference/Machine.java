package gradus.lessons.lab.inference;

import gradus.train.cli.machine.MemoryBandwidth;
import gradus.train.cli.machine.SgemmPeak;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What this machine can do, measured in every round beside the passes: how fast memory is read, how fast
/// matrices are multiplied, and what a pass costs in which there is nothing to compute.
final class Machine implements AutoCloseable {
    private static final double GIGA = 1e9;

    private final MemoryBandwidth memory;
    private final int dim;
    private final Measured empty;
    private final List<Double> bytes = new ArrayList<>();
    private final SortedMap<Integer, List<Double>> flops = new TreeMap<>();

    /// @param rows  numbers of rows whose products are measured: what few rows reach is less than the peak
    /// @param dim   C: the products are those of the layer that makes 4·C of C channels
    /// @param empty a pass without work
    Machine(Set<Integer> rows, int dim, Measured empty) {
        this.memory = new MemoryBandwidth();
        this.dim = dim;
        this.empty = empty;
        rows.forEach(each -> flops.put(each, new ArrayList<>()));
    }

    /// Measures everything once more.
    void round() {
        bytes.add(memory.reading() * GIGA);
        for (Map.Entry<Integer, List<Double>> each : flops.entrySet()) {
            each.getValue().add(SgemmPeak.product(each.getKey(), 4 * dim, dim, false, true) * GIGA);
        }
        empty.round();
    }

    /// As it was measured.
    Roof roof() {
        SortedMap<Integer, Double> reached = new TreeMap<>();
        flops.forEach((rows, all) -> reached.put(rows, Measured.median(all)));
        return new Roof(Measured.median(bytes), reached, empty.seconds());
    }

    @Override
    public void close() {
        memory.close();
    }
}
