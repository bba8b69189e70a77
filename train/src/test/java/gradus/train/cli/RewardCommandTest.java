package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tokenizer.Tokenizer;
import gradus.train.pretrained.RewardFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// From pairs of answers to a reward model, and from it to a policy and to the best of several texts, by the
/// command line alone.
class RewardCommandTest extends InAlignment {
    private static double score(RewardFolder reward, Tokenizer tokenizer, String text) {
        return reward.scores(List.of(tokenizer.encode(text)))[0];
    }

    @Test
    void pairsMakeAModelThatScoresAndItsFolderIsHuggingFaces() throws IOException {
        base();
        Cli run = reward("--center-rewards-coefficient", "0.01", "--steps", "40", "--lr", "1e-2");
        assertThat(run.err())
                .contains("9 pairs of answers are learned and 3 held out; 0 are longer than the context")
                .contains("of the pairs held out 100.0 % are ranked right; the margin of their scores is ");
        assertThat(run.code()).isZero();
        assertThat(folder.resolve("reward/metrics.jsonl"))
                .content()
                .contains(
                        "\"loss\":",
                        "\"accuracy\":",
                        "\"margin\":",
                        "\"min_reward\":",
                        "\"mean_reward\":",
                        "\"max_reward\":");
        assertThat(folder.resolve("reward/alignment.png")).exists();
        assertThat(folder.resolve("reward/best/model/model.safetensors")).exists();
        assertThat(folder.resolve("reward/model/config.json"))
                .content()
                .contains("\"GPT2ForSequenceClassification\"", "\"pad_token_id\"", "\"LABEL_0\"");
        RewardFolder reward = RewardFolder.load(folder.resolve("reward/model"));
        Tokenizer tokenizer = reward.tokenizer();
        assertThat(score(reward, tokenizer, "31>20")).isGreaterThan(score(reward, tokenizer, "31>29"));
        Cli sample = Cli.run("sample", "--run", at("reward/model"));
        sample.assertOneLine(1, "GPT2ForSequenceClassification, which scores texts and writes none");
    }

    @Test
    void rewardModellingGoesOnBitForBit() throws IOException {
        base();
        goesOnBitForBit(
                "model/model.safetensors",
                Path.of("model"),
                "--data",
                pairs("pairs.jsonl"),
                "--batch-size",
                "2",
                "--method",
                "rm");
    }

    @Test
    void pairsOfAFileOfTheirOwnAreHeldOut() throws IOException {
        base();
        Files.writeString(
                folder.resolve("kept.jsonl"),
                "{\"prompt\": \"99>\", \"chosen\": \"20\", \"rejected\": \"29\"}\n".repeat(2)
                        + "{\"prompt\": \"99>\", \"chosen\": \"2012345\", \"rejected\": \"29\"}\n");
        Cli run = reward("--held-out-data", at("kept.jsonl"));
        assertThat(run.err()).contains("12 pairs of answers are learned and 2 held out; 1 are longer than the context");
        assertThat(run.err()).doesNotContain("learned as well");
        Files.writeString(
                folder.resolve("both.jsonl"), "{\"prompt\": \"31>\", \"chosen\": \"5\", \"rejected\": \"6\"}\n");
        assertThat(reward("--overwrite", "--held-out-data", at("kept.jsonl"), at("both.jsonl"))
                        .err())
                .contains("of those held out, 1 have prompts that are learned as well");
        reward("--overwrite", "--held-out-data", at("none.jsonl")).assertOneLine(1, "none.jsonl");
        align("x", "--task", "sorting", "--held-out-data", at("kept.jsonl"))
                .assertRefused("--held-out-data are for pairs of answers");
    }

    @Test
    void whatARewardModelCannotDoIsRefused() throws IOException {
        base();
        prefer("a", "--method", "rm", "--r", "2")
                .assertRefused("--method rm trains the whole reward model, head and base; leave out --r");
        prefer("b", "--method", "rm", "--beta", "1").assertRefused("leave out --beta");
        prefer("c", "--method", "rm", "--loss-type", "ipo").assertRefused("--loss-type: for --method dpo and kto");
        prefer("d", "--center-rewards-coefficient", "1").assertRefused("for --method rm only");
        prefer("e", "--method", "rm", "--center-rewards-coefficient", "-1")
                .assertRefused("centring must be at least 0; got -1.0");
        prefer("f2", "--chat-template", "chatml")
                .assertRefused("a chat template is given, and the pairs of answers are texts");
        prefer("f", "--method", "rm", "--temperature", "2").assertRefused("all else is for a --task");
        align("g", "--method", "rm", "--task", "sorting").assertRefused("give them by --data");
        assertThat(Cli.train(folder.resolve("digits.txt"), folder.resolve("alibi"), "--model.position=alibi")
                        .code())
                .isZero();
        Cli.run("align", "--base", at("alibi"), "--data", pairs("pairs.jsonl"), "--method", "rm", "--out", at("h"))
                .assertRefused("rm: a reward model over this base could not be saved: this model has parts that GPT-2"
                        + " has not");
        assertThat(folder.resolve("h")).doesNotExist();
    }

    // --- reinforcement

    private Cli paid(String out, String... more) throws IOException {
        List<String> usual = List.of(
                "--prompts", "2", "--max-completion-length", "3", "--reward-model", at("reward/model"), "--steps", "2");
        return prefer(out, options(usual, more));
    }

    @Test
    void aRewardModelPaysEveryMethod() throws IOException {
        base();
        reward();
        for (String method : List.of("grpo", "rloo", "reinforce")) {
            Cli run = paid(method, "--method", method, "--num-generations", "4");
            assertThat(run.err()).as(method).contains("3 prompts are learned and 1 held out", "everything is in ");
            assertThat(run.code()).isZero();
        }
        Cli ppo = paid("ppo", "--method", "ppo", "--missing-eos-penalty", "1");
        assertThat(ppo.err()).contains("step 2 of 2: loss ", "everything is in ");
        assertThat(folder.resolve("ppo/metrics.jsonl")).content().contains("\"objective/scores\":", "\"reward\":");
        assertThat(folder.resolve("ppo/model/model.safetensors")).exists();
        Files.writeString(folder.resolve("prompts.jsonl"), "{\"prompt\": \"31>\"}\n{\"prompt\": \"52>\"}\n");
        Cli lora = paid("lora", "--data", at("prompts.jsonl"), "--r", "2", "--beta", "0.1");
        assertThat(lora.code()).isZero();
        assertThat(folder.resolve("lora/adapter_model.safetensors")).exists();
    }

    @Test
    void whatARewardModelPaidGoesOnBitForBit() throws IOException {
        base();
        reward();
        goesOnBitForBit(
                "model/model.safetensors",
                Path.of("model"),
                "--data",
                pairs("pairs.jsonl"),
                "--reward-model",
                at("reward/model"),
                "--method",
                "ppo",
                "--num-iterations",
                "4",
                "--prompts",
                "4",
                "--max-completion-length",
                "3");
    }

    @Test
    void whatARewardModelCannotPayIsRefused() throws IOException {
        base();
        reward();
        paid("a", "--method", "dpo").assertRefused("--method dpo learns from answers, and --reward-model pays those");
        paid("b", "--method", "expert").assertRefused("a reward model does not say which are right");
        paid("c", "--missing-eos-penalty", "-1").assertRefused("missingEosPenalty must be a number of at least 0");
        paid("d", "--max-completion-length", "8").assertRefused("do not fit in the context of 8");
        paid("e", "--held-out", "3").assertRefused("--held-out are for a --task");
        prefer("f", "--missing-eos-penalty", "1").assertRefused("--missing-eos-penalty goes with a --reward-model");
        align("g", "--task", "sorting", "--reward-model", at("reward/model")).assertRefused("a --task pays by itself");
        prefer("h", "--reward-model", at("run")).assertOneLine(1, "holds a run and no reward model");
        prefer("i", "--reward-model", at("nothing")).assertOneLine(1, "nothing");
        Files.writeString(folder.resolve("letters.txt"), "abc abd\n".repeat(60));
        assertThat(Cli.train(folder.resolve("letters.txt"), folder.resolve("letters"))
                        .code())
                .isZero();
        Cli.run(
                        "align",
                        "--base",
                        at("letters"),
                        "--data",
                        pairs("pairs.jsonl"),
                        "--reward-model",
                        at("reward/model"),
                        "--out",
                        at("j"))
                .assertRefused("has another tokenizer than the model that writes: 12 tokens and 6");
    }

    // --- best of n

    private Cli sample(String... more) {
        List<String> usual = List.of("--run", at("run"), "--prompt", "31>", "--tokens", "3");
        return Cli.run(Stream.concat(Stream.of("sample"), Stream.of(options(usual, more)))
                .toArray(String[]::new));
    }

    @Test
    void theBestOfSeveralTextsIsWritten() throws IOException {
        base();
        reward("--steps", "40", "--lr", "1e-2");
        Cli one = sample("--best-of", "1", "--reward-model", at("reward/model"));
        assertThat(one.code()).isZero();
        assertThat(one.out()).startsWith("31>");
        assertThat(one.err()).contains("score ", "; the mean of 1 is ");
        Cli best =
                sample("--best-of", "16", "--reward-model", at("reward/model"), "--count", "2", "--temperature", "1.5");
        assertThat(best.err().lines()).hasSize(2).allMatch(line -> {
            String[] said = line.split(" ");
            double mean = Double.parseDouble(said[said.length - 1]);
            return Double.parseDouble(said[1].replace(";", "")) >= mean;
        });
        assertThat(sample(
                                "--best-of",
                                "16",
                                "--reward-model",
                                at("reward/model"),
                                "--count",
                                "2",
                                "--temperature",
                                "1.5")
                        .out())
                .isEqualTo(best.out());
        sample("--best-of", "4").assertRefused("give both or none");
        sample("--reward-model", at("reward/model")).assertRefused("give both or none");
        sample("--best-of", "0", "--reward-model", at("reward/model"))
                .assertRefused("--best-of must be at least 1; got 0");
        sample("--best-of", "4", "--reward-model", at("reward/model"), "--beams", "2")
                .assertRefused("leave out one of them");
        sample("--best-of", "4", "--reward-model", at("run")).assertOneLine(1, "holds a run and no reward model");
        sample("--best-of", "4", "--reward-model", at("reward/model"), "--prompt", "31>52>47")
                .assertRefused("leave no room behind it");
    }
}
