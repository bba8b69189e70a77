package gradus.train.run;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.train.cli.EvalCommand;
import gradus.train.run.text.BitsPerByte;
import org.junit.jupiter.api.Test;

/// What the presets are: a change of one is a change of what everybody trains, and meant.
class PresetTest {
    private static final String GPT2 = "attention=MultiHead[], position=Learned[], norm=Layer[eps=1.0E-5],"
            + " feedForward=Dense[activation=GELU_TANH, hidden=0], placement=PRE, head=TIED, start=SMALL, cache=FULL]";

    private static String train(
            int steps, int batch, String lr, String minLr, int warmup, int evalEvery, int evalBatches) {
        return "TrainConfig[steps=%d, batchSize=%d, lr=%s, minLr=%s, warmup=%d, schedule=COSINE, optimizer=ADAMW,"
                        .formatted(steps, batch, lr, minLr, warmup)
                + " beta1=0.9, beta2=0.99, eps=1.0E-8, weightDecay=0.1, clip=1.0, accumulation=1, evalEvery=%d,"
                        .formatted(evalEvery)
                + " evalBatches=%d, checkpointEvery=250, labelSmoothing=0.0, emaDecay=0.0, ema=WARMED, patience=0,"
                        .formatted(evalBatches)
                + " checkpointing=false, seed=1]";
    }

    private static void is(Preset preset, int bpe, String sizes, String parts, String train) {
        assertThat(preset.bpe()).isEqualTo(bpe);
        assertThat(preset.model()).hasToString("GptConfig[vocabSize=1, " + sizes + ", " + parts);
        assertThat(preset.train()).hasToString(train);
    }

    @Test
    void t4_presetsAreWhatTheyWere() {
        is(
                Preset.CHAR_TINY,
                0,
                "context=32, layers=2, heads=2, dim=32, dropout=0.0",
                GPT2,
                train(300, 12, "0.001", "1.0E-4", 15, 100, 20));
        is(
                Preset.CHAR_SMALL,
                0,
                "context=64, layers=4, heads=4, dim=128, dropout=0.0",
                GPT2,
                train(2000, 12, "0.001", "1.0E-4", 100, 250, 50));
        is(
                Preset.CHAR_MEDIUM,
                0,
                "context=256, layers=6, heads=6, dim=384, dropout=0.2",
                GPT2,
                train(5000, 64, "0.001", "1.0E-4", 100, 250, 20));
        is(
                Preset.BPE_SMALL,
                4096,
                "context=64, layers=4, heads=6, dim=192, dropout=0.0",
                GPT2,
                train(2000, 16, "0.002", "2.0E-4", 100, 250, 50));
        is(
                Preset.LLAMA_SMALL,
                4096,
                "context=64, layers=4, heads=6, dim=192, dropout=0.0",
                "attention=GroupedQuery[kvHeads=2, qkNorm=false, qkvBias=false], position=Rope[theta=10000.0],"
                        + " norm=Rms[eps=1.0E-5], feedForward=SwiGluUnits[hidden=0], placement=PRE, head=TIED, start=SMALL, cache=FULL]",
                train(2000, 16, "0.002", "2.0E-4", 100, 250, 50));
        assertThat(Preset.ALL)
                .extracting(Preset::name)
                .containsExactly(
                        "char-tiny",
                        "char-small",
                        "char-medium",
                        "bpe-small",
                        "llama-small",
                        "bert-tiny",
                        "bert-small",
                        "vectors-tiny",
                        "vectors-small");
        Preset.ALL.forEach(preset -> {
            preset.model().validate();
            preset.train().validate();
        });
    }

    /// A model that gives each of 8 tokens the same chance is as uncertain as a choice among 8.
    @Test
    void t5_perplexityOfAFairChoiceIsTheNumberOfChoices() {
        assertThat(EvalCommand.perplexity(Math.log(8))).isCloseTo(8, org.assertj.core.api.Assertions.within(1e-12));
        assertThat(EvalCommand.perplexity(0)).isEqualTo(1);
        assertThat(new BitsPerByte(10, 40).of(Math.log(2)))
                .isCloseTo(0.25, org.assertj.core.api.Assertions.within(1e-12));
    }
}
