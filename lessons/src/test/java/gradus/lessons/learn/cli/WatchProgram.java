package gradus.lessons.learn.cli;

import gradus.lessons.learn.worker.Grading;
import gradus.train.cli.terminal.Console;

/// `gradus learn` with the exercises of these tests.
final class WatchProgram {
    private WatchProgram() {}

    public static void main(String[] arguments) {
        Work work = new Work(
                Console.ofProcess(),
                Exercises.exercises(),
                () -> Judge.of(new Grading(Exercises.class)),
                Keys::ofProcess);
        System.exit(Main.run(work, arguments));
    }
}
