package gradus.train.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// [Gae] and [Whitening] beside what `gae_golden.py` computes of answers that are filled up to one length.
class GaeGoldenTest {
    /// Sums of at most 8 terms of size 1, in another order.
    private static final double EPS = 1e-12;

    private static double[][] rows(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false)
                .map(row -> StreamSupport.stream(row.spliterator(), false)
                        .mapToDouble(JsonNode::asDouble)
                        .toArray())
                .toArray(double[][]::new);
    }

    @Test
    void returnsAndWhitenedAdvantagesAreThoseOfPpo() throws IOException {
        JsonNode examples;
        try (InputStream in = GaeGoldenTest.class.getResourceAsStream("/gradus/train/gae_golden.json")) {
            examples = JsonMapper.shared().readTree(in);
        }
        assertThat(examples.size()).isEqualTo(5);
        for (JsonNode example : examples) {
            Gae gae =
                    new Gae(example.get("gamma").asDouble(), example.get("lam").asDouble());
            double[][] rewards = rows(example.get("rewards"));
            double[][] values = rows(example.get("values"));
            double[][] advantages = new double[rewards.length][];
            for (int i = 0; i < rewards.length; i++) {
                Gae.Estimate estimate = gae.of(rewards[i], values[i]);
                advantages[i] = estimate.advantages();
                assertThat(estimate.returns()).containsExactly(rows(example.get("returns"))[i], within(EPS));
            }
            double[][] whitened = Whitening.of(advantages);
            for (int i = 0; i < rewards.length; i++) {
                assertThat(whitened[i]).containsExactly(rows(example.get("whitened"))[i], within(EPS));
            }
        }
    }
}
