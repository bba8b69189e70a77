package gradus.train.run;

import gradus.layers.model.Gpt;
import gradus.tensor.random.Rng;
import gradus.train.run.text.Writer;
import gradus.train.task.Task;
import java.util.function.Consumer;

/// A GPT, which writes texts.
final class TrainedDecoder implements Trained {
    private static final int SAMPLES = 10;
    private static final int SAMPLE_TOKENS = 300;

    private final RunSetup setup;
    private final Gpt gpt;

    TrainedDecoder(RunSetup setup) {
        this.setup = setup;
        this.gpt = new Gpt(setup.config().model(), Rng.of(seed()).at("init"));
    }

    private long seed() {
        return setup.config().train().seed();
    }

    @Override
    public Gpt model() {
        return gpt;
    }

    @Override
    public Task task() {
        return setup.config().train().newTask(gpt, setup.text().split());
    }

    @Override
    public String kind() {
        return "GPT";
    }

    @Override
    public void sample(Consumer<String> sample) {
        boolean lines = setup.plan().corpus().linesAreEntries();
        Writer writer = Writer.of(gpt, setup.modelText(), lines, SAMPLE_TOKENS);
        for (int i = 0; i < SAMPLES; i++) {
            String written = writer.write("", Rng.of(seed()).at("sample").at(i)).strip();
            sample.accept(lines ? written + "\n" : "--- " + (i + 1) + "\n" + written + "\n");
        }
    }
}
