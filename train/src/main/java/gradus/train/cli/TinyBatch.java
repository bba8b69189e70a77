package gradus.train.cli;

import gradus.error.ConfigException;
import gradus.error.ShapeException;
import gradus.error.UsageException;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.kernel.Device;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.TrainConfig;
import gradus.train.cli.machine.MachineMemory;
import java.util.OptionalLong;

/// Tries one block of a model on a few tokens, before anything is made for a run: some parts check their
/// settings when they are built, others only when numbers go through them.
final class TinyBatch {
    private static final int MOST_TOKENS = 8;

    private TinyBatch() {}

    /// @throws UsageException if the parts do not go together, or so many do not fit into the GPU or the machine
    static void requireWorks(GptConfig model, TrainConfig train) {
        int time = Math.min(model.context(), MOST_TOKENS);
        Indices ids = Indices.of(Shape.of(1, time), new int[time]);
        try (var scope = Scope.open()) {
            Gpt gpt = new Gpt(model.withVocabSize(1).withLayers(1), Rng.of(0));
            requireMemory(gpt, model.layers());
            gpt.checkpointing(train.loop().gradients().checkpointing());
            gpt.random(Rng.of(0));
            gpt.forward(ids).sum().backward();
            gpt.eval();
            try (var pause = Autograd.noGrad()) {
                gpt.lastLogits(ids);
                if (gpt.cacheable()) {
                    var caches = gpt.caches();
                    gpt.lastLogits(ids, caches);
                    caches.clear();
                }
            }
        } catch (ConfigException | ShapeException e) {
            throw new UsageException("the model cannot be built: " + e.getMessage(), e);
        }
    }

    /// Each parameter has a gradient, and most optimisers remember two numbers of it.
    private static void requireMemory(Gpt gpt, int layers) {
        double block = gpt.namedParameters().entrySet().stream()
                .filter(parameter -> parameter.getKey().startsWith("h.0."))
                .mapToDouble(parameter -> parameter.getValue().size())
                .sum();
        double need = 4 * Float.BYTES * block * layers / MachineMemory.GIB;
        OptionalLong own = Device.current().memoryBytes();
        double there = own.isPresent()
                ? own.getAsLong() / MachineMemory.GIB
                : MachineMemory.look().physical();
        if (need > there) {
            throw ConfigException.of(
                    "%s layers take %.1f GiB with gradients and moments; this %s has %.1f",
                    layers, need, own.isPresent() ? "GPU" : "machine", there);
        }
    }
}
