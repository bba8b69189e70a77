package gradus.train.finetune;

import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.optimizer.AdamConfig;
import gradus.train.optimizer.AdamW;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What soft prompts are worth by their start and learning rate. A small GPT learns several little languages, in
/// each of which a token is followed by the one a fixed number of steps on, and which it has to guess from the
/// first tokens; a prompt then has to tell it that the language is the last. Prints the loss before and after, by
/// method and learning rate, over three seeds. A program and no test: it takes some minutes.
///
/// ```
/// java … gradus.train.finetune.SoftPromptEffects
/// ```
public final class SoftPromptEffects {
    private static final int VOCAB = 17;
    private static final int CONTEXT = 20;
    private static final int LANGUAGES = 6;
    private static final int BATCH = 16;
    private static final double[] RATES = {1e-3, 1e-2, 1e-1};

    private SoftPromptEffects() {}

    public static void main(String[] arguments) {
        Map<String, TuningMethod> methods = new LinkedHashMap<>();
        methods.put("prompt, random", new PromptTuning(4, new PromptStart.Random()));
        methods.put("prompt, vocabulary", new PromptTuning(4, new PromptStart.Vocabulary()));
        methods.put("P-tuning, MLP", new PTuning(4, PTuning.Encoder.MLP, 0));
        methods.put("P-tuning, LSTM", new PTuning(4, PTuning.Encoder.LSTM, 0));
        methods.put("prefix, random", new PrefixTuning(4, new PromptStart.Random()));
        methods.put("prefix, real", new PrefixTuning(4, new PromptStart.Vocabulary()));
        methods.put("prefix, projection", new ProjectedPrefix(4, 0));
        Map<String, double[][]> losses = new LinkedHashMap<>();
        methods.keySet().forEach(name -> losses.put(name, new double[RATES.length][3]));
        double[] before = new double[3];
        for (int seed = 0; seed < 3; seed++) {
            Rng rng = Rng.of(seed);
            Gpt base = new Gpt(new GptConfig(VOCAB, CONTEXT, 2, 2, 32, 0), rng);
            train(base, base.parameters().toArray(Tensor[]::new), 300, 3e-3, false, rng);
            before[seed] = evaluate(base, rng);
            for (var method : methods.entrySet()) {
                for (int i = 0; i < RATES.length; i++) {
                    Gpt copy = new Gpt(base.config(), rng);
                    copy.namedParameters()
                            .forEach((name, each) ->
                                    each.copyFrom(base.namedParameters().get(name)));
                    Tuned tuned = method.getValue().on(copy, rng.at("tuning"));
                    Tensor[] trained = tuned.trained().values().toArray(Tensor[]::new);
                    train(tuned.model(), trained, 100, RATES[i], true, rng.at("other"));
                    losses.get(method.getKey())[i][seed] = evaluate(tuned.model(), rng);
                }
            }
        }
        print("without a prompt", new double[][] {before});
        losses.forEach(SoftPromptEffects::print);
    }

    private static void print(String name, double[][] losses) {
        StringBuilder line = new StringBuilder("%-20s".formatted(name));
        for (double[] each : losses) {
            double mean = (each[0] + each[1] + each[2]) / 3;
            double spread = 0;
            for (double loss : each) {
                spread = Math.max(spread, Math.abs(loss - mean));
            }
            line.append(String.format(Locale.ROOT, "  %.3f ± %.3f", mean, spread));
        }
        System.out.println(line);
    }

    /// Sequences of 13 tokens.
    private static int[] sequences(Rng rng, boolean last) {
        int[] ids = new int[BATCH * 13];
        for (int b = 0; b < BATCH; b++) {
            int step = last ? LANGUAGES : 1 + rng.index(2L * b, LANGUAGES);
            int token = rng.index(2L * b + 1, VOCAB);
            for (int t = 0; t < 13; t++) {
                ids[13 * b + t] = (token + t * step) % VOCAB;
            }
        }
        return ids;
    }

    private static Tensor loss(LanguageModel model, int[] sequences) {
        int[] inputs = new int[BATCH * 12];
        int[] targets = new int[BATCH * 12];
        for (int b = 0; b < BATCH; b++) {
            System.arraycopy(sequences, 13 * b, inputs, 12 * b, 12);
            System.arraycopy(sequences, 13 * b + 1, targets, 12 * b, 12);
        }
        return model.forward(Indices.of(Shape.of(BATCH, 12), inputs))
                .reshape(BATCH * 12, VOCAB)
                .crossEntropy(Indices.of(targets));
    }

    private static void train(LanguageModel model, Tensor[] trained, int steps, double rate, boolean last, Rng rng) {
        AdamW adam = new AdamW(List.of(trained), AdamConfig.defaults().withWeightDecay(0));
        model.train();
        for (int step = 0; step < steps; step++) {
            try (var scope = Scope.open()) {
                Tensor loss = loss(model, sequences(rng.at(step), last));
                adam.zeroGrad();
                loss.backward();
                adam.step(rate);
            }
        }
        model.eval();
    }

    private static double evaluate(LanguageModel model, Rng rng) {
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            return loss(model, sequences(rng.at("held out"), true)).item();
        }
    }
}
