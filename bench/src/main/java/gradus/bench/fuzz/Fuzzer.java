package gradus.bench.fuzz;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// Lets every reader read damaged files, one after the other, and notes what a reader must not do. File number i
/// follows from the seed and i alone, so that a fault can be had again.
final class Fuzzer {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final List<Target> targets;
    private final long seed;
    private final Path folder;
    private final Map<String, Fault> faults = new TreeMap<>();
    private final Map<Path, byte[]> written = new LinkedHashMap<>();
    private final Map<String, int[]> counts = new LinkedHashMap<>(); // by target: files, of them refused

    /// A kind of fault.
    ///
    /// @param number the first file that showed it
    /// @param times  how often it showed
    /// @param said   the first one's message
    record Fault(long number, int times, String said) {}

    /// @param folder an empty folder for the damaged files; what they refer to lies beside it
    Fuzzer(List<Target> targets, long seed, Path folder) {
        this.targets = targets;
        this.seed = seed;
        this.folder = folder;
        targets.forEach(target -> counts.put(target.name(), new int[2]));
    }

    /// Every file as it is: a target whose own files are refused would test nothing.
    void readSound() throws Exception {
        for (Target target : targets) {
            Path own = write(target, target.files(), Map.of());
            target.reader().read(own);
        }
    }

    /// Reads damaged files number `from` to `from + count - 1`.
    void run(long from, long count) throws IOException {
        for (long number = from; number < from + count; number++) {
            one(number);
        }
    }

    private void one(long number) throws IOException {
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number);
        Target target = pick(random);
        List<String> names = new ArrayList<>(target.files().keySet());
        String name = names.get(random.nextInt(names.size()));
        byte[] damaged = new Mutator(random)
                .damage(target.files().get(name), target.texts().contains(name));
        Path own = write(target, target.files(), Map.of(name, damaged));
        long before = THREADS.getCurrentThreadCpuTime();
        Throwable thrown = null;
        try {
            target.reader().read(own);
        } catch (Throwable any) { // a StackOverflowError or OutOfMemoryError is what we look for
            thrown = any;
        }
        double seconds = (THREADS.getCurrentThreadCpuTime() - before) / 1e9;
        counts.get(target.name())[0]++;
        counts.get(target.name())[1] += thrown == null ? 0 : 1;
        String said = thrown == null ? "nothing" : String.valueOf(thrown.getMessage());
        Optional<String> fault = Verdict.of(thrown, seconds, folder.getParent()); // the text of a run lies beside
        fault.ifPresent(what -> faults.merge(
                target.name() + " " + what,
                new Fault(number, 1, said),
                (first, again) -> new Fault(first.number, first.times + 1, first.said)));
    }

    /// A command takes a thousand times as long as a reader, and its turn comes more seldom.
    private Target pick(SplittableRandom random) {
        Target target = targets.get(random.nextInt(targets.size()));
        return target.seldom() && random.nextInt(20) > 0 && targets.size() > 1 ? pick(random) : target;
    }

    /// Writes the files that changed since the last time; what the reader may have left is taken away.
    private Path write(Target target, Map<String, byte[]> sound, Map<String, byte[]> damaged) throws IOException {
        Path own = folder.resolve(target.name());
        Files.createDirectories(own);
        for (Map.Entry<String, byte[]> file : sound.entrySet()) {
            Path path = own.resolve(file.getKey());
            byte[] bytes = damaged.getOrDefault(file.getKey(), file.getValue());
            Files.createDirectories(path.getParent());
            boolean mayHaveChanged = target.seldom(); // a command writes to its folder
            if (bytes != file.getValue() || written.get(path) != file.getValue() || mayHaveChanged) {
                Files.write(path, bytes);
                written.put(path, bytes);
            }
        }
        return own;
    }

    /// What was found, by kind.
    Map<String, Fault> faults() {
        return faults;
    }

    /// How many files of each target were read, and how many of them refused.
    Map<String, int[]> counts() {
        return counts;
    }
}
