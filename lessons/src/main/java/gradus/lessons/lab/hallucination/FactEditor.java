package gradus.lessons.lab.hallucination;

import gradus.layers.Layer;
import gradus.layers.Linear;
import gradus.layers.activation.GeluTanh;
import gradus.layers.model.Gpt;
import gradus.lessons.lab.knowledge.Fact;
import gradus.lessons.lab.knowledge.Relation;
import gradus.lessons.lab.knowledge.SmallModel;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Changes one fact in the weights of a model by a [RankOneEdit] of the first block's feed-forward network.
/// The key is what the network's second matrix reads at the subject of a question, on average over the ways of
/// asking but the last, which is kept to judge by.
final class FactEditor {
    private static final String BLOCK = "h.0.mlp";
    private static final double RIDGE = 1e-2;

    private final SmallModel model;
    private final Gpt gpt;
    private final Layer network;
    private final Linear expand;
    private final Linear contract;
    private final double[][] covariance;

    /// @param usual texts whose keys are to be mapped as before
    FactEditor(SmallModel model, List<String> usual) {
        this.model = model;
        this.gpt = model.gpt();
        this.network = gpt.layer(BLOCK);
        this.expand = (Linear) gpt.layer(BLOCK + ".c_fc");
        this.contract = (Linear) gpt.layer(BLOCK + ".c_proj");
        KeyCovariance keys = new KeyCovariance(contract.in());
        for (String text : usual) {
            for (double[] key : keys(model.words().ids(text))) {
                keys.add(key);
            }
        }
        this.covariance = keys.matrix(RIDGE);
    }

    /// What the second matrix reads at each word.
    ///
    /// **Shapes** ids (T) → (T, F)
    double[][] keys(int[] ids) {
        List<double[]> read = new ArrayList<>();
        try (var pause = Autograd.noGrad();
                var scope = Scope.open();
                var hook = expand.hook(y -> {
                    read.add(new GeluTanh().forward(y).toArray());
                    return y;
                })) {
            gpt.forward(Indices.of(Shape.of(1, ids.length), ids));
        }
        double[] flat = read.getFirst(); // (1, T, F)
        int size = contract.in();
        double[][] keys = new double[ids.length][];
        Arrays.setAll(keys, t -> Arrays.copyOfRange(flat, t * size, (t + 1) * size));
        return keys;
    }

    private List<int[]> asking(Fact fact) {
        List<int[]> prompts = new ArrayList<>();
        for (int way = 0; way < Relation.WAYS - 1; way++) {
            prompts.add(model.words().ids("? " + fact.question(way)));
        }
        return prompts;
    }

    /// k*.
    ///
    /// **Shapes** → (F)
    double[] key(Fact fact) {
        double[] mean = new double[contract.in()];
        List<int[]> prompts = asking(fact);
        for (int[] prompt : prompts) {
            double[] key = keys(prompt)[prompt.length - 1];
            for (int i = 0; i < mean.length; i++) {
                mean[i] += key[i] / prompts.size();
            }
        }
        return mean;
    }

    /// δ, for which the model says the fact.
    ///
    /// @param kept facts about the same subject that are to stay
    double[] search(Fact fact, List<Fact> kept) {
        List<int[]> others = new ArrayList<>();
        kept.forEach(each -> others.addAll(asking(each)));
        int answer = model.words().ids(fact.value())[0];
        return new ValueSearch(gpt, network, asking(fact), answer, others, ValueSearch.Settings.defaults())
                .search(contract.out());
    }

    /// Changes the weights so that the key is mapped to what it was mapped to, and δ.
    void edit(double[] key, double[] delta) {
        double[] flat = contract.weight().toArray();
        int in = contract.in();
        double[][] weight = new double[contract.out()][];
        Arrays.setAll(weight, o -> Arrays.copyOfRange(flat, o * in, (o + 1) * in));
        double[] value = delta.clone(); // v* without the bias, which stays
        for (int o = 0; o < value.length; o++) {
            for (int i = 0; i < in; i++) {
                value[o] += weight[o][i] * key[i];
            }
        }
        double[][] edited = RankOneEdit.of(weight, covariance, key, value).applied(weight);
        double[] all = Arrays.stream(edited).flatMapToDouble(Arrays::stream).toArray();
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            contract.weight()
                    .copyFrom(Tensor.of(all, contract.out(), in)
                            .to(contract.weight().dtype()));
        }
    }
}
