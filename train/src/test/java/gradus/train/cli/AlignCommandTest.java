package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From examples over a base to a model that learned by reinforcement, by the command line alone.
class AlignCommandTest {
    @TempDir
    Path folder;

    private String at(String name) {
        return folder.resolve(name).toString();
    }

    private void base() {
        Cli data = Cli.run(
                "data", "answers", "--task", "sorting", "--size", "3", "--count", "400", "--out", at("digits.txt"));
        assertThat(data.err())
                .isEqualToIgnoringNewLines("400 questions of sorting-3 with answers: " + at("digits.txt"));
        assertThat(Cli.train(folder.resolve("digits.txt"), folder.resolve("run"))
                        .code())
                .isZero();
    }

    private Cli align(String out, String... more) {
        SequencedMap<String, String> options = new LinkedHashMap<>();
        List<String> usual = List.of("--task", "sorting", "--size", "3", "--held-out", "5", "--prompts", "2");
        for (List<String> some : List.of(usual, List.of("--num-generations", "4"), List.of(more))) {
            for (int i = 0; i < some.size(); i += 2) {
                options.put(some.get(i), some.get(i + 1));
            }
        }
        List<String> arguments = new ArrayList<>(List.of("align", "--base", at("run"), "--out", at(out)));
        options.forEach((name, value) -> arguments.addAll(List.of(name, value)));
        return Cli.run(arguments.toArray(String[]::new));
    }

    @Test
    void everyMethodFromTheExamplesToTheModel() throws IOException {
        base();
        assertThat(Files.readString(folder.resolve("digits.txt")).lines())
                .hasSize(400)
                .allMatch(line -> line.matches("[0-9]{3}>[0-9]{3}"));
        for (String method : List.of("grpo", "dr_grpo", "bnpo", "dapo", "gspo", "rloo", "reinforce", "expert")) {
            Cli run = align(method, "--method", method, "--steps", "1");
            assertThat(run.err()).as(method).contains("step 1 of 1: loss ", "everything is in ");
            assertThat(run.code()).isZero();
        }
        Cli ppo = align("ppo", "--method", "ppo", "--steps", "3", "--num-iterations", "2", "--kl-target", "1");
        assertThat(ppo.err()).contains("step 3 of 3: loss ");
        assertThat(folder.resolve("ppo/metrics.jsonl"))
                .content()
                .contains("\"objective/kl\":", "\"val/clipfrac_avg\":", "\"objective/rlhf_reward\":");
        assertThat(folder.resolve("ppo/model/model.safetensors")).exists();
        assertThat(folder.resolve("ppo/alignment.png")).exists();

        Cli lora = align("lora", "--r", "2", "--beta", "0.1", "--kl", "k2", "--steps", "2");
        assertThat(lora.code()).isZero();
        assertThat(folder.resolve("lora/adapter_model.safetensors")).exists();
        assertThat(folder.resolve("lora/metrics.jsonl"))
                .content()
                .contains("\"kl\":0.0,", "\"reward\":", "\"completions/mean_length\":", "\"frac_reward_zero_std\":");
        Cli sample = Cli.run("sample", "--run", at("grpo/model"), "--prompt", "361>", "--tokens", "2");
        assertThat(sample.code()).isZero();
    }

    @Test
    void whatWasStoppedGoesOnBitForBit() throws IOException {
        base();
        List<String> settings = List.of("--method", "ppo", "--num-iterations", "4", "--steps", "6", "--seed", "5");
        assertThat(align("whole", settings.toArray(String[]::new)).code()).isZero();
        List<String> cut = new ArrayList<>(settings);
        cut.addAll(List.of("--train.checkpointEvery", "1"));
        assertThat(align("cut", cut.toArray(String[]::new)).code()).isZero();
        delete(folder.resolve("cut/checkpoints/step-6"));
        delete(folder.resolve("cut/model"));
        Cli resumed = Cli.run("align", "--resume", "--out", at("cut"));
        assertThat(resumed.err()).contains("going on after step 5"); // the second of four that learn from one rollout
        assertThat(Files.readAllBytes(folder.resolve("cut/model/model.safetensors")))
                .isEqualTo(Files.readAllBytes(folder.resolve("whole/model/model.safetensors")));
    }

    private static void delete(Path path) throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        base();
        align("a", "--method", "grpo", "--lam", "0.5").assertRefused("--lam is for --method ppo");
        align("b", "--size", "101").assertRefused("digits must be from 1 to 100; got 101");
        align("c", "--method", "expert", "--beta", "1").assertRefused("--method expert learns by heart");
        align("d", "--lora-alpha", "2").assertRefused("--lora-alpha is for a LoRA");
        align("e", "--beta", "-1").assertRefused("beta must be a number of at least 0; got -1.0");
        align("f", "--max-completion-length", "9").assertRefused("do not fit in the base's context of 8");
        align("g", "--temperature", "0").assertRefused("temperature must be a number above 0");
        align("h", "--minibatches", "3").assertRefused("must be a multiple of minibatches");
        align("i", "--task", "addition", "--size", "3")
                .assertRefused("reversed-addition-3: the base's tokenizer does not know all of its characters");
    }
}
