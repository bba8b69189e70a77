package gradus.lessons.lab.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.lessons.lab.measure.Section;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What is said of the methods, from losses by hand: the base has 5 on the new text and 3 on its own, and 3.02
/// quantised.
class ClaimsTest {
    private static final LabTable.Losses BASE = new LabTable.Losses(5, 3);
    private static final LabTable.Losses QUANTIZED = new LabTable.Losses(5.1, 3.02);

    private final Map<String, List<Finding>> best = new LinkedHashMap<>();

    private ClaimsTest with(String method, double... losses) {
        List<Finding> findings = new ArrayList<>();
        for (double loss : losses) {
            findings.add(new Finding(method, 1e-3, findings.size() + 1, loss, 3, 1, 1, 1, 1, 1, 1, 1));
        }
        best.put(method, findings);
        return this;
    }

    private List<String> said(BaseText text) {
        return new Claims(text, BASE, QUANTIZED, best)
                .to(new Section("t", "p"))
                .toString()
                .lines()
                .filter(line -> line.startsWith("**") && !line.startsWith("**Pred"))
                .toList();
    }

    private static ClaimsTest usual() {
        return new ClaimsTest()
                .with("full", 3.00, 3.02, 3.04)
                .with("lora", 3.06, 3.07, 3.10)
                .with("lora-attention", 3.16, 3.15, 3.21)
                .with("prefix", 3.5, 3.6, 3.7)
                .with("prompt", 4.5, 4.6, 4.8)
                .with("qlora", 3.066, 3.078, 3.102);
    }

    @Test
    void allOfItHolds() {
        List<String> said = usual().said(BaseText.ALL);
        assertThat(said).hasSize(6).allMatch(line -> line.startsWith("**Holds.** "));
        assertThat(said.get(0)).endsWith("Training everything gains over the base, by: 1.980 ± 0.050.");
        // 0.06/2.00, 0.05/1.98 and 0.06/1.96
        assertThat(said.get(1)).endsWith("what it lacks, in %: 2.862 ± 0.729.");
        assertThat(said.get(2)).endsWith("its loss is higher by: 0.097 ± 0.038.");
        assertThat(said.get(5)).contains("on its own text, 0.0200; ").endsWith("higher by: 0.0053 ± 0.0076.");
    }

    @Test
    void eachFailsByItself() {
        String no = "**Does not hold here.** ";
        assertThat(usual().with("lora", 3.16, 3.05, 3.10).said(BaseText.ALL).get(1))
                .startsWith(no); // too wide
        assertThat(usual().with("lora", 3.20, 3.21, 3.24).said(BaseText.ALL).get(1))
                .startsWith(no);
        assertThat(usual().with("lora", 2.80, 2.81, 2.84).said(BaseText.ALL).get(1))
                .startsWith(no); // is not the same
        assertThat(usual().with("full", 5.1, 5.0, 5.2).said(BaseText.ALL).get(0))
                .startsWith(no);
        assertThat(usual().with("lora-attention", 3.0, 3.01, 3.05)
                        .said(BaseText.ALL)
                        .get(2))
                .startsWith(no);
        assertThat(usual().with("lora-attention", 3.06, 3.06, 3.10)
                        .said(BaseText.ALL)
                        .get(2))
                .startsWith("**Holds");
        assertThat(usual().with("prefix", 3.1, 3.2, 3.2).said(BaseText.ALL).get(3))
                .startsWith(no);
        assertThat(usual().with("prompt", 3.4, 3.6, 3.8).said(BaseText.ALL).get(4))
                .startsWith(no);
        assertThat(usual().with("qlora", 3.09, 3.10, 3.13).said(BaseText.ALL).get(5))
                .startsWith(no);
        assertThat(usual().with("qlora", 3.03, 3.04, 3.07).said(BaseText.ALL).get(5))
                .startsWith(no); // better, too
    }

    /// A base that does not know the words: expected is a gap, and that the table closes it.
    @Test
    void ofNouns() {
        List<String> said = usual().with("lora-table", 3.05, 3.06, 3.08).said(BaseText.NOUNS);
        assertThat(said).hasSize(7);
        assertThat(said.get(1)).startsWith("**Does not hold here.** LoRA on all linear layers lacks more than 5 %");
        assertThat(said.get(2)).startsWith("**Holds.** LoRA with the table");
        assertThat(usual().with("lora", 3.4, 3.5, 3.5).said(BaseText.NOUNS).get(1))
                .startsWith("**Holds.** ");
        assertThat(Claims.prediction(BaseText.NOUNS))
                .contains("lacks more than 5 %")
                .endsWith("within 5 %.");
    }

    @Test
    void oneSeedDecidesNothingAndWhatIsMissingIsLeftOut() {
        assertThat(new ClaimsTest().with("prompt", 3).said(BaseText.ALL)).isEmpty();
        assertThat(new ClaimsTest().with("full", 3).with("lora", 3.01).said(BaseText.ALL))
                .hasSize(2)
                .allMatch(line -> line.startsWith("**One seed decides nothing.** "));
        assertThat(new ClaimsTest()
                        .with("lora", 3)
                        .with("qlora", 3.001)
                        .said(BaseText.ALL)
                        .getFirst())
                .startsWith("**Does not hold here.** QLoRA");
    }
}
