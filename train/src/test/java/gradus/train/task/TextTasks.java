package gradus.train.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.DataException;
import gradus.layers.Layer;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.StepReport;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.checkpoint.Checkpoints;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/// What holds for every task by which an encoder reads texts.
final class TextTasks {
    private static final TrainConfig FORTY = TrainConfig.defaults()
            .withSteps(40)
            .withWarmup(2)
            .withLr(1e-2)
            .withMinLr(1e-2)
            .withEvalEvery(0)
            .withCheckpointEvery(20);

    private TextTasks() {}

    /// The tokens of texts, a separator behind each.
    static int[] tokens(List<String> texts, EncoderTokens tokens) {
        List<Integer> ids = new ArrayList<>();
        for (String text : texts) {
            for (int id : MaskedTexts.TOKENIZER.encode(text)) {
                ids.add(id);
            }
            ids.add(tokens.sep());
        }
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    /// The same model with weights so large that what a token sees matters.
    static <M extends Layer> M large(M model) {
        model.namedParameters()
                .forEach((name, each) -> each.copyFrom(each.detach()
                        .add(Tensor.randn(Rng.of(6).at(name), each.shape().dims())
                                .mul(0.3))));
        return model;
    }

    /// Forty steps at once, and the same stopped after 27 and gone on with from there, in a model of other
    /// weights: in the end all numbers are the same.
    ///
    /// @param whole learns; it is trained afterwards
    /// @param first of the same weights
    /// @param other of other weights
    static <M extends Layer> void requireGoingOn(
            Path folder, M whole, Supplier<M> first, Supplier<M> other, Function<M, Task> task) {
        Trainer.of(task.apply(whole), FORTY).run();
        Trainer stopped = Trainer.of(task.apply(first.get()), FORTY).saveTo(new Checkpoints(folder, 2), () -> 0);
        stopped.listen(new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
                if (report.step() == 27) {
                    stopped.requestStop();
                }
            }
        });
        stopped.run();
        M second = other.get();
        Trainer resumed = Trainer.of(task.apply(second), FORTY).saveTo(new Checkpoints(folder, 2), () -> 0);
        assertThat(resumed.resume().orElseThrow().step()).isEqualTo(27);
        resumed.run();
        List<Tensor> expected = whole.parameters();
        for (int i = 0; i < expected.size(); i++) {
            assertThat(second.parameters().get(i).toFloatArray())
                    .isEqualTo(expected.get(i).toFloatArray());
        }
    }

    /// A token that the model does not have is refused, whether it is learned from or held back.
    static void requireKnownTokens(int[] tokens, Function<Split, Task> task) {
        int[] unknown = tokens.clone();
        unknown[0] = 900;
        for (Split split : List.of(new Split(unknown, tokens), new Split(tokens, unknown))) {
            assertThatThrownBy(() -> task.apply(split))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("900");
        }
    }
}
