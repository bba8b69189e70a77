package gradus.lessons.lab.norms;

import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.NormChoice;
import gradus.layers.model.config.Placement;
import gradus.lessons.lab.material.GptSize;
import gradus.train.run.Component;
import gradus.train.run.Components;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A norm and where it stands.
///
/// @param name      such as `pre-layernorm`
/// @param choice    makes the norm
/// @param placement before a branch or after its sum
record Norming(String name, NormChoice choice, Placement placement) {
    /// Without norms. Before and after are the same then.
    static final Norming NONE = new Norming("none", dim -> new NoNorm(), Placement.PRE);

    private static final int HEADS = 2;

    /// Every norm of the library at both places, and none. A norm that comes to [Components] is measured without a word
    /// here.
    static List<Norming> all() {
        List<Norming> all = new ArrayList<>();
        for (Placement placement : Placement.values()) {
            for (Component component : Components.of("norm")) {
                all.add(new Norming(name(placement, component.name()), (NormChoice) component.defaults(), placement));
            }
        }
        all.add(NONE);
        return all;
    }

    static String name(Placement placement, String norm) {
        return placement.name().toLowerCase(Locale.ROOT) + "-" + norm;
    }

    /// A GPT with this norm in its blocks and after the last one.
    GptConfig config(int layers, int dim, int vocabulary, int context) {
        return new GptSize(layers, HEADS, dim)
                .config(vocabulary, context)
                .withNorm(choice)
                .withPlacement(placement);
    }
}
