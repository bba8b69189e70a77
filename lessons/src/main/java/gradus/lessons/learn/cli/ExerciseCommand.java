package gradus.lessons.learn.cli;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.folder.LearnerFolder;
import gradus.train.cli.option.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// A command about one exercise: what a key does in a session.
@Command(mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false)
abstract class ExerciseCommand implements Callable<Integer> {
    final Work work;

    @Mixin
    FolderOption folder;

    @Parameters(
            arity = "0..1",
            paramLabel = "<exercise>",
            description = "as gradus learn list names it; default the one at hand")
    private String name;

    ExerciseCommand(Work work) {
        this.work = work;
    }

    @Override
    public Integer call() throws Exception {
        LearnerFolder opened = folder.open(work.course());
        Exercise exercise = name == null ? opened.now() : opened.exercise(name);
        run(new Actions(opened, work.screen()), opened, exercise);
        return 0;
    }

    abstract void run(Actions actions, LearnerFolder opened, Exercise exercise) throws Exception;

    /// `gradus learn hint`
    @Command(name = "hint", description = "Shows the next of an exercise's three hints.")
    static final class Hint extends ExerciseCommand {
        Hint(Work work) {
            super(work);
        }

        @Override
        void run(Actions actions, LearnerFolder opened, Exercise exercise) {
            actions.hint(exercise);
        }
    }

    /// `gradus learn show`
    @Command(name = "show", description = "Shows the course's answer to an exercise that is solved.")
    static final class Show extends ExerciseCommand {
        @Option(names = "--give-up", description = "before it is solved too; that is recorded")
        private boolean giveUp;

        Show(Work work) {
            super(work);
        }

        @Override
        void run(Actions actions, LearnerFolder opened, Exercise exercise) {
            actions.show(exercise, giveUp);
        }
    }

    /// `gradus learn reset`
    @Command(name = "reset", description = "Begins an exercise anew; what you wrote is kept in the folder backups.")
    static final class Reset extends ExerciseCommand {
        Reset(Work work) {
            super(work);
        }

        @Override
        void run(Actions actions, LearnerFolder opened, Exercise exercise) {
            actions.reset(exercise);
        }
    }

    /// `gradus learn next`
    @Command(name = "next", description = "Goes to the next exercise that is not done, or to the one named.")
    static final class Next extends ExerciseCommand {
        Next(Work work) {
            super(work);
        }

        @Override
        void run(Actions actions, LearnerFolder opened, Exercise exercise) {
            if (exercise.equals(opened.now())) {
                actions.task(actions.next(exercise));
            } else {
                opened.moveTo(exercise);
                opened.addFile(exercise);
                actions.task(exercise);
            }
        }
    }
}
