package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// From examples over a base to a model that learned by reinforcement, by the command line alone.
class AlignCommandTest extends InAlignment {
    private static final List<String> SORTING =
            List.of("--task", "sorting", "--size", "3", "--held-out", "5", "--prompts", "2", "--num-generations", "4");

    private Cli sort(String out, String... more) {
        return align(out, options(SORTING, more));
    }

    @Test
    void everyMethodFromTheExamplesToTheModel() throws IOException {
        base();
        assertThat(Files.readString(folder.resolve("digits.txt")).lines())
                .hasSize(400)
                .allMatch(line -> line.matches("[0-9]{3}>[0-9]{3}"));
        for (String method : List.of(
                "grpo",
                "dr_grpo",
                "bnpo",
                "dapo",
                "gspo",
                "luspo",
                "cispo",
                "sapo",
                "vespo",
                "rloo",
                "reinforce",
                "expert")) {
            Cli run = sort(method, "--method", method, "--steps", "1");
            assertThat(run.err()).as(method).contains("step 1 of 1: loss ", "everything is in ");
            assertThat(run.code()).isZero();
        }
        Cli masked = sort("masked", "--mask-truncated-completions", "--delta", "3", "--steps", "1");
        assertThat(masked.code()).isZero();
        Cli sft = supervised("sft", "--size", "3");
        assertThat(sft.err()).contains("step 2 of 2: loss ", "step 2: validation loss ");
        assertThat(folder.resolve("sft/model/model.safetensors")).exists();
        Cli ppo = sort("ppo", "--method", "ppo", "--steps", "3", "--num-iterations", "2", "--kl-target", "1");
        assertThat(ppo.err()).contains("step 3 of 3: loss ");
        assertThat(folder.resolve("ppo/metrics.jsonl"))
                .content()
                .contains("\"objective/kl\":", "\"val/clipfrac_avg\":", "\"objective/rlhf_reward\":");
        assertThat(folder.resolve("ppo/model/model.safetensors")).exists();
        assertThat(folder.resolve("ppo/alignment.png")).exists();

        Cli lora = sort("lora", "--r", "2", "--beta", "0.1", "--kl", "k2", "--steps", "2");
        assertThat(lora.code()).isZero();
        assertThat(folder.resolve("lora/adapter_model.safetensors")).exists();
        assertThat(folder.resolve("lora/metrics.jsonl"))
                .content()
                .contains("\"kl\":0.0,", "\"reward\":", "\"completions/mean_length\":", "\"frac_reward_zero_std\":");
        Cli sample = Cli.run("sample", "--run", at("grpo/model"), "--prompt", "361>", "--tokens", "2");
        assertThat(sample.code()).isZero();
    }

    private Cli supervised(String out, String... more) {
        return align(
                out, options(List.of("--task", "sorting", "--method", "sft", "--steps", "2", "--held-out", "5"), more));
    }

    /// After the second of four steps that learn from one rollout.
    @Test
    void whatWasStoppedGoesOnBitForBit() throws IOException {
        base();
        goesOnBitForBit(
                "model/model.safetensors",
                Path.of("model"),
                options(SORTING, "--method", "ppo", "--num-iterations", "4"));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        base();
        sort("a", "--method", "grpo", "--lam", "0.5").assertRefused("--lam is for --method ppo");
        sort("b", "--size", "101").assertRefused("digits must be from 1 to 100; got 101");
        sort("c", "--method", "expert", "--beta", "1").assertRefused("--method expert learns by heart");
        supervised("c2", "--size", "3", "--prompts", "2").assertRefused("--method sft learns answers that it is given");
        supervised("c3", "--size", "3", "--beta", "2").assertRefused("--method sft learns answers that it is given");
        supervised("c4", "--size", "9").assertRefused("do not fit in the base's context of 8");
        sort("c5", "--method", "expert", "--epsilon-high", "0.3").assertRefused("--method expert learns by heart");
        sort("c6", "--method", "ppo", "--epsilon-high", "0.3").assertRefused("leave out --epsilon-high");
        sort("c7", "--kl", "k2").assertRefused("give its price by --beta");
        sort("d", "--lora-alpha", "2").assertRefused("are for a LoRA");
        sort("e", "--beta", "-1").assertRefused("beta must be a number of at least 0; got -1.0");
        sort("f", "--max-completion-length", "9").assertRefused("do not fit in the base's context of 8");
        sort("g", "--temperature", "0").assertRefused("temperature must be a number above 0");
        sort("h", "--minibatches", "3").assertRefused("must be a multiple of minibatches");
        sort("h1", "--delta", "1.1").assertRefused("delta must be at least 1 + epsilonHigh = 1.2; got 1.1");
        sort("h1", "--delta", "9", "--method", "sapo").assertRefused("delta bounds a clipped ratio");
        sort("h1", "--mask-truncated-completions", "--method", "ppo")
                .assertRefused("--delta and --mask-truncated-completions are for methods that compare answers");
        sort("h2", "--num-generations", "1")
                .assertRefused("grpo compares answers with each other, so there must be at");
        sort("h3", "--method", "reinforce", "--num-generations", "1", "--prompts", "1")
                .assertRefused("reinforce compares answers");
        sort("i", "--task", "addition", "--size", "3")
                .assertRefused("reversed-addition-3: the base's tokenizer does not know all of its characters");
    }

    // --- pairs of answers

    @Test
    void pairsAreLearnedByEveryLossAndTheResumeIsTheSame() throws IOException {
        base();
        for (String loss : List.of(
                "sigmoid",
                "robust",
                "ipo",
                "hinge",
                "sigmoid_norm",
                "nca_pair",
                "sppo_hard",
                "bco_pair",
                "aot",
                "aot_unpaired",
                "discopop")) {
            Cli run = prefer(loss, "--loss-type", loss, "--steps", "2");
            assertThat(run.err())
                    .as(loss)
                    .contains("9 pairs of answers are learned and 3 held out; 0 are longer than the context")
                    .contains("of the pairs held out ", " % are ranked right; the margin of their rewards is ");
            assertThat(run.code()).isZero();
        }
        assertThat(folder.resolve("sigmoid/metrics.jsonl"))
                .content()
                .contains("\"rewards/margins\":", "\"rewards/accuracies\":", "\"logps/chosen\":");
        goesOnBitForBit(
                "adapter_model.safetensors",
                Path.of("adapter_model.safetensors"),
                "--data",
                pairs("pairs.jsonl"),
                "--batch-size",
                "2",
                "--r",
                "2",
                "--rpo-alpha",
                "0.5");
        assertThat(folder.resolve("cut/metrics.jsonl")).content().contains("\"nll_loss\":");
    }

    @Test
    void pairsThatDoNotFitAreRefused() throws IOException {
        base();
        prefer("a", "--task", "sorting").assertRefused("--task and --data are two ways to learn");
        prefer("b", "--method", "grpo")
                .assertRefused("--data holds pairs of answers, from which --method dpo, kto and rm learn");
        prefer("b2", "--held-out", "3").assertRefused("--held-out are for a --task");
        prefer("b3", "--temperature", "1").assertRefused("all else is for a --task");
        prefer("c", "--size", "3").assertRefused("--size is of a --task");
        prefer("d", "--beta", "0").assertRefused("beta must be above 0; got 0.0");
        prefer("d2", "--rpo-alpha", "-1").assertRefused("rpoAlpha must be at least 0; got -1.0");
        prefer("d3", "--method", "kto", "--rpo-alpha", "1").assertRefused("--rpo-alpha: for --method dpo only");
        prefer("d4", "--loss-type", "kto").assertRefused("--loss-type must be one of sigmoid, robust, ipo, ");
        prefer("d5", "--method", "kto", "--loss-type", "ipo")
                .assertRefused("--loss-type must be one of kto, apo_zero_unpaired; got ipo");
        prefer("e", "--label-smoothing", "0.5").assertRefused("labelSmoothing must be from 0 to below 0.5; got 0.5");
        sort("f", "--method", "dpo").assertRefused("are for pairs of answers; give them by --data");
        Cli.run("align", "--base", at("run"), "--out", at("g")).assertRefused("--task or --data must be given");
        Files.writeString(folder.resolve("pairs.jsonl"), "{\"chosen\": \"1\"}\n");
        Cli.run("align", "--base", at("run"), "--out", at("h"), "--data", at("pairs.jsonl"))
                .assertOneLine(1, "pairs.jsonl:1: \"rejected\" is missing");
    }

    @Test
    void pairsAboutWordsAreWritten() throws IOException {
        Cli data = Cli.run(
                "data",
                "preferences",
                "--out",
                at("p.jsonl"),
                "--held-out",
                at("h.jsonl"),
                "--count",
                "20",
                "--held-out-count",
                "5");
        assertThat(data.code()).isZero();
        assertThat(Files.readAllLines(folder.resolve("p.jsonl")))
                .hasSize(20)
                .allMatch(line -> line.contains("\"chosen\":"));
        assertThat(Files.readAllLines(folder.resolve("h.jsonl"))).hasSize(5);
        Cli.run("data", "preferences", "--out", at("p.jsonl")).assertRefused("p.jsonl is there already");
    }
}
