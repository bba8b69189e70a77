package gradus.lessons.learn.cli;

import gradus.error.GradusException;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.folder.LearnerFolder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;

/// A learner at work: shows the exercise, watches its file, grades it on every save, and heeds keys.
final class Session {
    private static final String KEYS = "h hint   s show   r reset   c check   n next   l list   q quit   ? keys";

    private final LearnerFolder folder;
    private final Screen screen;
    private final Judge judge;
    private final Actions actions;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Deque<Event> waiting = new ArrayDeque<>();
    private final ExecutorService grader = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("grader").factory());

    private Exercise exercise;
    private FileWatch watch;
    private boolean single;
    private boolean grading;
    private boolean again;
    private char asked;
    private int code = -1;

    Session(LearnerFolder folder, Screen screen, Judge judge) {
        this.folder = folder;
        this.screen = screen;
        this.judge = judge;
        this.actions = new Actions(folder, screen);
    }

    /// Runs until the learner ends it.
    ///
    /// @param input opens the source of keys
    /// @return the exit code
    int run(Function<Consumer<Event>, Keys> input) throws InterruptedException {
        try (Keys keys = input.apply(events::add)) {
            single = keys.single();
            open(folder.now());
            while (code < 0) {
                Event event = events.take();
                try {
                    handle(event);
                } catch (GradusException e) {
                    screen.message(e.getMessage());
                }
            }
            return code;
        } finally {
            watch.close();
            grader.shutdownNow();
        }
    }

    private void open(Exercise next) {
        exercise = next;
        if (watch != null) {
            watch.close();
        }
        watch = FileWatch.of(folder.file(exercise), events::add);
        actions.task(exercise);
        screen.line();
        screen.faint(KEYS + (single ? "" : ", each with Enter"));
        screen.line();
        Exercise coming = exercise;
        grader.execute(() -> quietly(() -> judge.warmUp(coming)));
        if (!folder.isUntouched(exercise)) {
            grade();
        }
    }

    private void handle(Event event) {
        switch (event) {
            case Event.Key key -> whenGraded(event, () -> press(Character.toLowerCase(key.key())));
            case Event.End end -> {
                if (end.code() == 0) {
                    whenGraded(event, () -> code = 0);
                } else {
                    code = end.code();
                }
            }
            case Event.Saved saved -> {
                if (saved.file().equals(folder.file(exercise))) {
                    grade();
                }
            }
            case Event.Gone gone -> {
                if (gone.file().equals(folder.file(exercise))) {
                    screen.line(gone.file() + " is gone: save it again, or press r for a fresh one");
                }
            }
            case Event.Graded graded -> {
                grading = false;
                if (graded.exercise().equals(exercise) && !again) {
                    actions.verdict(graded.exercise(), graded.verdict());
                }
                resume();
            }
            case Event.Failed failed -> {
                grading = false;
                screen.message(
                        failed.reason() instanceof GradusException told
                                ? told.getMessage()
                                : "an error inside Gradus: " + failed.reason());
                resume();
            }
            case Event.Note note -> screen.line(note.text());
        }
    }

    /// Typed lines wait for the verdict before them, as a script means it; single keys do not.
    private void whenGraded(Event event, Runnable action) {
        if (grading && !single) {
            waiting.add(event);
        } else {
            action.run();
        }
    }

    private void resume() {
        if (again) {
            again = false;
            grade();
            return;
        }
        while (!grading && code < 0 && !waiting.isEmpty()) {
            handle(waiting.poll());
        }
    }

    private void press(char key) {
        boolean confirmed = key == asked;
        asked = 0;
        switch (key) {
            case 'h' -> actions.hint(exercise);
            case 's' -> show(confirmed);
            case 'r' -> reset(confirmed);
            case 'c' -> grade();
            case 'n' -> {
                Exercise next = actions.next(exercise);
                if (!next.equals(exercise)) {
                    open(next);
                }
            }
            case 'l' -> actions.list();
            case 'q' -> code = 0;
            case '?' -> screen.line(KEYS);
            default -> {}
        }
    }

    private void show(boolean confirmed) {
        if (folder.isDone(exercise) || confirmed) {
            actions.show(exercise, true);
        } else {
            asked = 's';
            screen.line("Not solved yet. Press s again to give up and see the answer; that is recorded.");
        }
    }

    private void reset(boolean confirmed) {
        if (folder.isUntouched(exercise) || confirmed) {
            actions.reset(exercise);
        } else {
            asked = 'r';
            screen.line("Press r again to begin anew; what you wrote is kept in "
                    + folder.root().resolve("backups"));
        }
    }

    private void grade() {
        if (grading) {
            again = true;
            return;
        }
        grading = true;
        Exercise graded = exercise;
        String source;
        try {
            source = folder.source(graded);
        } catch (GradusException e) {
            grading = false;
            throw e;
        }
        grader.execute(() -> {
            try {
                events.add(new Event.Graded(graded, judge.verdict(graded, source)));
            } catch (InterruptedException end) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                events.add(new Event.Failed(e));
            }
        });
    }

    /// What goes wrong while preparing will go wrong again, and be told, when there is something to grade.
    private static void quietly(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException later) {
            // told then
        }
    }
}
