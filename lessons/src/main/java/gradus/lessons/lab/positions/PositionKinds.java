package gradus.lessons.lab.positions;

import gradus.error.ConfigException;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.PositionChoice;
import gradus.layers.model.config.Positions;
import gradus.train.run.Component;
import gradus.train.run.Components;
import gradus.train.run.length.LongerModel;
import gradus.train.run.length.PositionScale;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The positions of this library: those that a model is trained with, and those that stretch rotary ones. A new
/// one in [Components] or [PositionScale#KINDS] is measured without a word here.
final class PositionKinds {
    /// The one that is stretched.
    static final String ROPE = "rope";

    private static final String CHUNKS = "dca";

    private PositionKinds() {}

    /// The names, as `gradus train --model.position` takes them, of all that do not stretch another one.
    static List<String> trained() {
        Positions.Rope rope = (Positions.Rope) choice(ROPE);
        Set<Class<?>> stretching = PositionScale.KINDS.stream()
                .map(kind -> new PositionScale(kind, 2).stretch(rope, 2 * 2).getClass())
                .collect(Collectors.toSet());
        return Components.of("position").stream()
                .filter(component -> !stretching.contains(component.defaults().getClass()))
                .map(Component::name)
                .toList();
    }

    /// With its default settings.
    static PositionChoice choice(String name) {
        return Components.of("position").stream()
                .filter(component -> component.name().equals(name))
                .map(component -> (PositionChoice) component.defaults())
                .findFirst()
                .orElseThrow();
    }

    /// All that stretch rotary positions to so many times the trained length. Dual chunk attention takes the
    /// size of a chunk instead, three quarters of that length.
    static List<PositionScale> stretches(int factor, int context) {
        return PositionScale.KINDS.stream()
                .map(kind -> new PositionScale(kind, kind.equals(CHUNKS) ? Math.max(1, context * 3 / 4) : factor))
                .toList();
    }

    /// As `--position.scale` takes it.
    static String shown(PositionScale scale) {
        return scale.kind() + ":" + (long) scale.factor();
    }

    /// Why a model cannot read sequences of a length, in the words of the refusal; empty if it can.
    static Optional<String> refusal(LanguageModel model, GptConfig config, int length) {
        try {
            LongerModel.of(model, config, length, Optional.empty());
            return Optional.empty();
        } catch (ConfigException refused) {
            return Optional.of(refused.getMessage());
        }
    }
}
