package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Learning from answers with labels, and the adapter's options, by the command line alone.
class KtoCommandTest extends InAlignment {
    private String labelled() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (String prompt : List.of("31", "52", "47", "86", "90")) {
            rows.append("{\"prompt\": \"%s>\", \"completion\": \"10\", \"label\": true}\n".formatted(prompt));
            rows.append("{\"prompt\": \"%s>\", \"completion\": \"19\", \"label\": false}\n".formatted(prompt));
        }
        Files.writeString(folder.resolve("labelled.jsonl"), rows);
        return at("labelled.jsonl");
    }

    @Test
    void pairsAndSingleAnswersAreLearned() throws IOException {
        base();
        Cli apo = prefer("apo", "--method", "kto", "--steps", "2", "--loss-type", "apo_zero_unpaired");
        assertThat(apo.code()).isZero();
        assertThat(folder.resolve("apo/metrics.jsonl")).content().doesNotContain("\"kl\":");
        Cli pairs = prefer("pairs", "--method", "kto", "--steps", "3");
        assertThat(pairs.err())
                .contains("18 answers are learned and 6 held out; 0 are longer than the context")
                .contains("the margin of the rewards of the answers held out is ");
        assertThat(pairs.code()).isZero();
        Cli single = prefer(
                "single",
                "--data",
                labelled(),
                "--method",
                "kto",
                "--beta",
                "0.5",
                "--desirable-weight",
                "1.2",
                "--undesirable-weight",
                "0.8",
                "--lr",
                "1e-2",
                "--steps",
                "30");
        assertThat(single.err()).contains("8 answers are learned and 2 held out");
        assertThat(single.code()).isZero();
        assertThat(folder.resolve("single/metrics.jsonl"))
                .content()
                .contains("\"rewards/chosen\":", "\"rewards/rejected\":", "\"logps/chosen\":", "\"kl\":");
        String margin = single.err()
                .lines()
                .filter(line -> line.startsWith("the margin"))
                .findFirst()
                .orElseThrow();
        assertThat(Double.parseDouble(margin.replaceAll(".* ", ""))).isGreaterThan(0.1);
        assertThat(folder.resolve("single/model/model.safetensors")).exists();
    }

    @Test
    void itGoesOnBitForBit() throws IOException {
        base();
        goesOnBitForBit(
                "adapter_model.safetensors",
                Path.of("adapter_model.safetensors"),
                "--data",
                labelled(),
                "--batch-size",
                "2",
                "--method",
                "kto",
                "--r",
                "2");
    }

    @Test
    void whatDoesNotFitIsRefused() throws IOException {
        base();
        prefer("a", "--method", "kto", "--batch-size", "1").assertRefused("a batch must have at least 2 answers");
        prefer("b", "--method", "kto", "--beta", "0").assertRefused("beta must be above 0; got 0.0");
        prefer("c", "--method", "kto", "--desirable-weight", "-1").assertRefused("weights must be at least 0");
        prefer("d", "--desirable-weight", "1").assertRefused("for --method kto only");
        prefer("e", "--method", "kto", "--label-smoothing", "0.1").assertRefused("for --method dpo only");
        align("f", "--data", labelled()).assertOneLine(1, "labelled.jsonl:1: ", "are for KTO");
        Files.writeString(folder.resolve("bad.jsonl"), "{\"prompt\": \"3>\", \"completion\": \"1\", \"label\": 2}\n");
        align("g", "--method", "kto", "--data", at("bad.jsonl"))
                .assertOneLine(1, "bad.jsonl:1: \"label\" must be true or false; got 2");
    }

    @Test
    void aLoraHasPeftsOptions() throws IOException {
        base();
        Cli run = prefer(
                "lora",
                "--r",
                "2",
                "--lora-alpha",
                "6",
                "--lora-dropout",
                "0.25",
                "--target-modules",
                "c_attn",
                "--use-rslora",
                "--steps",
                "2");
        assertThat(run.code()).isZero();
        assertThat(folder.resolve("lora/adapter_config.json"))
                .content()
                .containsIgnoringWhitespaces(
                        "\"lora_alpha\":6", "\"lora_dropout\":0.25", "\"use_rslora\":true", "\"c_attn\"");
        prefer("x", "--target-modules", "c_attn").assertRefused("are for a LoRA; give its rank by --r");
        prefer("y", "--lora-dropout", "0.1").assertRefused("are for a LoRA; give its rank by --r");
    }
}
