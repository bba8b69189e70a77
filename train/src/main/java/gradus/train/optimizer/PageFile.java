package gradus.train.optimizer;

import static gradus.error.ConfigException.require;

import gradus.error.FileReason;
import gradus.error.ResourceException;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import gradus.tensor.type.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/// Numbers in a file, of which a few pages are in memory at a time. Asking for a page that is not there is a
/// fault: the page that has not been used for the longest time is written back and makes room (least recently
/// used, LRU).
///
/// This is what a GPU's unified memory does with an optimiser's state, page by page and only when memory is
/// short (Dettmers et al. 2023, "QLoRA", arXiv:2305.14314, section 3, "Paged Optimizers"); here the file
/// stands for the host's memory, and faults are counted. The file is temporary and goes with the program.
final class PageFile {
    private final DType dtype;
    private final int pageSize;
    private final int budget;
    private final MemorySegment file;
    private final LinkedHashMap<Integer, Tensor> resident = new LinkedHashMap<>(16, 0.75f, true); // least recent first
    private final Deque<Tensor> free = new ArrayDeque<>();
    private long faults;
    private long writes;

    /// Pages of zeros.
    ///
    /// @param pages    how many there are
    /// @param pageSize elements of one
    /// @param budget   how many may be in memory, from 1
    /// @throws ResourceException if the file cannot be made
    PageFile(DType dtype, int pages, int pageSize, int budget) {
        require(pages >= 1 && pageSize >= 1, "pages: there must be some; got %d of %d elements", pages, pageSize);
        require(budget >= 1, "pages: at least 1 must be resident; got %d", budget);
        this.dtype = dtype;
        this.pageSize = pageSize;
        this.budget = budget;
        this.file = map((long) pages * pageSize * dtype.bytes());
    }

    private static MemorySegment map(long bytes) {
        Path path = null;
        try {
            path = Files.createTempFile("gradus-pages", ".bin");
            path.toFile().deleteOnExit(); // where a mapped file cannot be deleted
            try (FileChannel channel = FileChannel.open(
                    path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
                return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, Arena.ofAuto());
            }
        } catch (IOException failure) {
            throw new ResourceException(
                    "%s: no file of %s bytes for the optimizer's pages can be made: %s"
                            .formatted(path == null ? "temporary folder" : path, bytes, FileReason.of(failure)),
                    failure);
        }
    }

    /// A page, valid until another is asked for that pushes it out. What is written to it stays.
    ///
    /// **Shapes** → (page size)
    Tensor page(int number) {
        Tensor page = resident.get(number);
        if (page == null) {
            faults++;
            page = room();
            read(number, page);
            resident.put(number, page);
        }
        return page;
    }

    private Tensor room() {
        if (resident.size() == budget) {
            Map.Entry<Integer, Tensor> oldest = resident.firstEntry();
            write(oldest.getKey(), oldest.getValue());
            resident.remove(oldest.getKey());
            free.push(oldest.getValue());
        }
        return free.isEmpty() ? Tensor.full(dtype, Shape.of(pageSize), 0).keep() : free.pop();
    }

    private void read(int number, Tensor page) {
        long at = (long) number * pageSize;
        if (dtype == DType.FLOAT32) {
            float[] values = new float[pageSize];
            MemorySegment.copy(file, ValueLayout.JAVA_FLOAT, at * Float.BYTES, values, 0, pageSize);
            page.buffer().set(values);
        } else {
            double[] values = new double[pageSize];
            MemorySegment.copy(file, ValueLayout.JAVA_DOUBLE, at * Double.BYTES, values, 0, pageSize);
            page.buffer().set(values);
        }
    }

    private void write(int number, Tensor page) {
        writes++;
        long at = (long) number * pageSize;
        if (dtype == DType.FLOAT32) {
            MemorySegment.copy(page.toFloatArray(), 0, file, ValueLayout.JAVA_FLOAT, at * Float.BYTES, pageSize);
        } else {
            MemorySegment.copy(page.toArray(), 0, file, ValueLayout.JAVA_DOUBLE, at * Double.BYTES, pageSize);
        }
    }

    /// How often a page was asked for that was not in memory.
    long faults() {
        return faults;
    }

    /// How often a page was written back.
    long writes() {
        return writes;
    }

    /// How many pages are in memory.
    int resident() {
        return resident.size();
    }
}
