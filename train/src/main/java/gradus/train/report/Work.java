package gradus.train.report;

import gradus.layers.Layer.Hook;
import gradus.layers.Linear;
import gradus.layers.inspect.Blocks;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.train.checkpoint.CheckpointJson;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// How many operations a model spends on a token in a forward pass; the backward pass spends twice as many.
///
/// @param counted in the matrix products of one pass: `2·in·out` for each row that goes through a linear layer,
///     so an expert counts as often as it is asked, `4·C` for each pair of positions that attend to each other,
///     and the head
/// @param formula two for each parameter (Kaplan et al. 2020, arXiv:2001.08361), which knows nothing of
///     attention and counts all experts
record Work(double counted, double formula) {

    /// Of one sequence.
    static Work of(Subject subject, int... ids) {
        double[] operations = {0};
        boolean[] head = {false};
        int[] width = {0};
        int[] attentions = {0};
        List<Hook> hooks = new ArrayList<>();
        int vocabulary = subject.tokenizer().vocabularySize();
        List<String> blocks = Blocks.of(subject.model());
        subject.model().namedLayers(Linear.class).forEach((name, linear) -> {
            boolean output = name.endsWith("attn.c_proj")
                    || name.endsWith("o_proj")
                    || name.endsWith("attention.output.dense")
                    || name.endsWith("attn.dense");
            boolean behind = blocks.stream().noneMatch(block -> name.startsWith(block + "."));
            hooks.add(linear.hookInput(x -> {
                operations[0] += 2.0 * x.size() * linear.out();
                head[0] |= behind && linear.out() >= vocabulary;
                attentions[0] += output ? 1 : 0;
                width[0] = output ? linear.in() : width[0];
                return x;
            }));
        });
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            subject.read(ids);
        } finally {
            hooks.forEach(Hook::close);
        }
        double time = ids.length;
        double pairs = subject.causal() ? time * (time + 1) / 2 : time * time;
        double all = operations[0] + 4 * pairs * width[0] * attentions[0];
        if (!head[0]) { // the table of the tokens, once more
            all += 2 * time * width[0] * vocabulary;
        }
        return new Work(all / time, 2.0 * subject.model().parameterCount());
    }

    ObjectNode json() {
        return CheckpointJson.object().put("counted", Math.rint(counted)).put("formula", formula);
    }
}
