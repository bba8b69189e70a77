package gradus.bench.fuzz;

import gradus.error.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `gradus bench fuzz`
@Command(
        name = "fuzz",
        mixinStandardHelpOptions = true,
        description =
                "Lets every reader read damaged files: each must read them or refuse them, in two seconds, with an"
                        + " exception of Gradus's own and one short line that names the file.")
public final class FuzzCommand implements Callable<Integer> {
    private static final int AT_A_TIME = 1000;

    @Option(names = "--count", description = "how many files; default: ${DEFAULT-VALUE}")
    private long count = 20_000;

    @Option(names = "--seed", description = "another seed damages them otherwise; default: ${DEFAULT-VALUE}")
    private long seed = 1;

    @Option(names = "--from", description = "the number of the first, to have a fault again; default: ${DEFAULT-VALUE}")
    private long from;

    @Option(names = "--only", paramLabel = "<kind>", description = "one kind of file only")
    private String only;

    @Override
    public Integer call() throws Exception {
        Path folder = Files.createTempDirectory("gradus-fuzz");
        try {
            return run(folder);
        } finally {
            delete(folder);
        }
    }

    private int run(Path folder) throws Exception {
        var targets = Targets.all(folder).stream()
                .filter(target -> only == null || target.name().equals(only))
                .toList();
        Fuzzer fuzzer = new Fuzzer(targets, seed, Files.createDirectories(folder.resolve("damaged")));
        fuzzer.readSound();
        Watch watch = Watch.over(Thread.currentThread());
        for (long done = 0; done < count; done += AT_A_TIME) {
            fuzzer.run(from + done, Math.min(AT_A_TIME, count - done));
            watch.progress(from + done);
        }
        fuzzer.counts()
                .forEach((name, counts) ->
                        System.out.println("%-20s %d files, %d of them refused".formatted(name, counts[0], counts[1])));
        fuzzer.faults()
                .forEach((what, fault) ->
                        System.out.println("FAULT %s; %d times, first --from %d --count 1, which says: %s"
                                .formatted(what, fault.times(), fault.number(), Printable.message(fault.said()))));
        System.out.println("%d files with seed %d: %d kinds of fault"
                .formatted(count, seed, fuzzer.faults().size()));
        return fuzzer.faults().isEmpty() ? 0 : 1;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
