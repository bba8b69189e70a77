package gradus.lessons.learn.cli;

import gradus.train.cli.terminal.Console;

/// `gradus learn` with the exercises and the judge of these tests.
final class WatchProgram {
    private WatchProgram() {}

    public static void main(String[] arguments) {
        Work work = new Work(Console.ofProcess(), Exercises.course(), Exercises::judge, Keys::ofProcess);
        System.exit(Main.run(work, arguments));
    }
}
