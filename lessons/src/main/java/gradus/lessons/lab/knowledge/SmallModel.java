package gradus.lessons.lab.knowledge;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Positions;
import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.TextModel;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.optimizer.OptimizerKind;
import gradus.train.schedule.ScheduleKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/// A GPT of two layers, in which each place takes in the one before it, whose tokens are the words of a [World].
public final class SmallModel implements TextModel {
    /// The longest text.
    static final int CONTEXT = 512;

    private static final int LAYERS = 2;
    /// Attention heads of a layer.
    static final int HEADS = 4;

    private static final double THETA = 1e4;
    private static final int BATCH = 64;

    private final Words words;
    private final Gpt gpt;
    private final int stop;

    /// With random weights.
    ///
    /// @param dim C, channels
    public SmallModel(Words words, int dim, Rng rng) {
        this.words = words;
        this.gpt = new Gpt(
                new GptConfig(words.size(), CONTEXT, LAYERS, HEADS, dim, 0).withPosition(new Positions.Rope(THETA)),
                SmearedBlock::new,
                rng);
        this.stop = words.ids(".")[0];
    }

    /// The network.
    public Gpt gpt() {
        return gpt;
    }

    /// Its vocabulary.
    public Words words() {
        return words;
    }

    /// Trains it as a base is trained: from random weights, with Muon and a rate that falls.
    void learn(RowTask task, int steps, double lr, long seed, TrainingListener listener) {
        TrainConfig config = quiet(steps, seed)
                .withOptimizer(OptimizerKind.MUON)
                .withWeightDecay(0.01)
                .withLr(lr)
                .withMinLr(lr / 20)
                .withWarmup(Math.min(20, steps / 2));
        Trainer.of(task, config).listen(listener).run();
        gpt.eval();
    }

    /// Trains it further: with AdamW at one rate.
    void tune(RowTask task, int steps, double lr, long seed, TrainingListener listener) {
        TrainConfig config = quiet(steps, seed)
                .withOptimizer(OptimizerKind.ADAMW)
                .withSchedule(ScheduleKind.CONSTANT)
                .withWeightDecay(0)
                .withLr(lr)
                .withMinLr(lr)
                .withWarmup(0);
        Trainer.of(task, config).listen(listener).run();
        gpt.eval();
    }

    private static TrainConfig quiet(int steps, long seed) {
        return TrainConfig.defaults()
                .withSteps(steps)
                .withSeed(seed)
                .withEvalEvery(0)
                .withCheckpointEvery(0);
    }

    /// A copy of all weights, to come back to.
    public SequencedMap<String, Tensor> weights() {
        SequencedMap<String, Tensor> copy = new LinkedHashMap<>();
        gpt.namedParameters()
                .forEach(
                        (name, tensor) -> copy.put(name, tensor.detach().clone().keep()));
        return copy;
    }

    /// Comes back to weights.
    public void restore(Map<String, Tensor> weights) {
        try (var pause = Autograd.noGrad()) {
            gpt.namedParameters().forEach((name, tensor) -> tensor.copyFrom(weights.get(name)));
        }
    }

    /// What it answers to each prompt, word by word the likeliest, up to the full stop.
    ///
    /// @param most words of an answer
    public List<String> answers(List<String> prompts, int most) {
        String[] answers = new String[prompts.size()];
        Map<Integer, List<Integer>> byLength = new TreeMap<>();
        int[][] ids = new int[prompts.size()][];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = words.ids(prompts.get(i));
            byLength.computeIfAbsent(ids[i].length, length -> new ArrayList<>()).add(i);
        }
        for (List<Integer> same : byLength.values()) {
            for (int from = 0; from < same.size(); from += BATCH) {
                List<Integer> part = same.subList(from, Math.min(same.size(), from + BATCH));
                int[][] answered = greedy(part.stream().map(i -> ids[i]).toArray(int[][]::new), most);
                for (int i = 0; i < answered.length; i++) {
                    answers[part.get(i)] = upToStop(answered[i]);
                }
            }
        }
        return Arrays.asList(answers);
    }

    private String upToStop(int[] ids) {
        int end = 0;
        while (end < ids.length && ids[end] != stop) {
            end++;
        }
        return words.text(Arrays.copyOf(ids, end));
    }

    /// **Shapes** prompts (B, T) → (B, most)
    private int[][] greedy(int[][] prompts, int most) {
        int[][] answers = new int[prompts.length][most];
        for (int word = 0; word < most; word++) {
            float[] logits = lastLogits(prompts, answers, word);
            for (int i = 0; i < prompts.length; i++) {
                int best = 0;
                for (int v = 1; v < words.size(); v++) {
                    best = logits[i * words.size() + v] > logits[i * words.size() + best] ? v : best;
                }
                answers[i][word] = best;
            }
        }
        return answers;
    }

    private float[] lastLogits(int[][] prompts, int[][] answers, int written) {
        int time = prompts[0].length + written;
        int[] ids = new int[prompts.length * time];
        for (int i = 0; i < prompts.length; i++) {
            System.arraycopy(prompts[i], 0, ids, i * time, prompts[i].length);
            System.arraycopy(answers[i], 0, ids, i * time + prompts[i].length, written);
        }
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            return gpt.lastLogits(Indices.of(Shape.of(prompts.length, time), ids))
                    .toFloatArray();
        }
    }

    @Override
    public String complete(String prompt, CompletionOptions options) {
        return answers(List.of(prompt), options.maxTokens()).getFirst();
    }
}
