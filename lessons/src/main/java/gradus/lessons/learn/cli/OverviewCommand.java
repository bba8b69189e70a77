package gradus.lessons.learn.cli;

import gradus.train.cli.option.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// A command about all exercises of a folder.
@Command(mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false)
abstract class OverviewCommand implements Callable<Integer> {
    private final Work work;

    @Mixin
    private FolderOption folder;

    OverviewCommand(Work work) {
        this.work = work;
    }

    @Override
    public Integer call() {
        run(new Actions(folder.open(work.course()), work.screen()));
        return 0;
    }

    abstract void run(Actions actions);

    /// `gradus learn list`
    @Command(name = "list", description = "Lists the exercises and what became of them.")
    static final class All extends OverviewCommand {
        All(Work work) {
            super(work);
        }

        @Override
        void run(Actions actions) {
            actions.list();
        }
    }

    /// `gradus learn status`
    @Command(name = "status", description = "Tells how far you have come and what is at hand.")
    static final class Status extends OverviewCommand {
        Status(Work work) {
            super(work);
        }

        @Override
        void run(Actions actions) {
            actions.status();
        }
    }
}
