package gradus.bench;

import gradus.lessons.Course;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.worker.Latency;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// How long a learner waits for a verdict.
@Command(
        name = "learn",
        mixinStandardHelpOptions = true,
        description = "Times `gradus learn` from a saved file to the verdict, over all exercises.")
final class LearnCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "<exercise>", description = "only these; default: all")
    private List<String> names = List.of();

    @Override
    public Integer call() throws InterruptedException {
        List<Exercise> exercises = Course.exercises().stream()
                .filter(each -> names.isEmpty() || names.contains(each.name()))
                .toList();
        if (exercises.isEmpty()) {
            System.err.println("there is no exercise " + String.join(", ", names));
            return 2;
        }
        System.out.println(Latency.measure(exercises, Course.class, System.out));
        return 0;
    }
}
