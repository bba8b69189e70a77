package gradus.train.cli.sweep;

import gradus.error.FileReason;
import gradus.error.ResourceException;
import gradus.train.run.RunFolder;
import gradus.train.run.RunLock;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Trains a cell in a process of its own: what it does wrong, whatever that is, happens to nobody else.
///
/// @param program the class of the program, which ends when its standard input does
/// @param folder  of the cell's run
/// @param log     takes what the process says
/// @param threads with how many it computes
record CellProcess(String program, Cell cell, Path folder, Path log, Path base, int threads) {
    private static final int PATIENCE = 100; // tenths of a second for a process of before to end
    private static final long TENTH = 100;
    private static final String SAYS = "gradus: ";

    /// Trains to the end; a training that was begun before goes on.
    ///
    /// @throws ResourceException if no process can be started
    CellOutcome run() throws InterruptedException {
        for (int i = 0; i < PATIENCE && RunLock.isTaken(folder); i++) {
            Thread.sleep(TENTH);
        }
        try {
            Files.createDirectories(log.getParent());
            Process process = new ProcessBuilder(command())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .redirectInput(ProcessBuilder.Redirect.PIPE)
                    .start();
            try {
                int exit = process.waitFor();
                CellOutcome outcome = new CellOutcome(exit, exit == 0 ? Optional.empty() : Optional.of(said(exit)));
                if (exit < Byte.MAX_VALUE) { // beyond are signals: it was stopped, and goes on next time
                    Files.createDirectories(folder);
                    outcome.write(folder);
                }
                return outcome;
            } finally {
                process.destroy();
            }
        } catch (IOException e) {
            throw new ResourceException(cell.title() + " cannot be trained: " + FileReason.of(e), e);
        }
    }

    private List<String> command() throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(CellProcess::isForCells)
                .forEach(command::add);
        command.add("-XX:ActiveProcessorCount=" + threads);
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(program);
        command.add("train");
        command.addAll(arguments());
        return command;
    }

    /// Not what would have two processes write one file, or listen at one port.
    private static boolean isForCells(String option) {
        return !option.startsWith("-agentlib")
                && !option.startsWith("-javaagent")
                && !option.startsWith("-XX:ActiveProcessorCount")
                && !option.contains("StartFlightRecording");
    }

    private List<String> arguments() throws IOException {
        RunFolder run = new RunFolder(folder);
        boolean failed = CellOutcome.of(folder).isPresent();
        if (!failed && Files.isRegularFile(run.config()) && Files.isRegularFile(run.tokenizer())) {
            return List.of("--resume", folder.toString());
        }
        remove(folder);
        List<String> arguments = new ArrayList<>(cell.arguments(base));
        arguments.addAll(List.of("--out", folder.toString()));
        return arguments;
    }

    private static void remove(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    /// The last error that it told.
    private String said(int exit) throws IOException {
        return new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith(SAYS))
                .reduce((before, last) -> last)
                .map(line -> line.substring(SAYS.length()))
                .orElse("exit code " + exit + "; see " + log);
    }
}
