package gradus.lessons.lab.positions;

import static gradus.lessons.lab.positions.LengthPart.HARMLESS;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.lessons.lab.material.LabPart;
import gradus.lessons.lab.material.LabSetting;
import gradus.lessons.lab.material.Recipe;
import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.measure.SeedTable;
import gradus.tensor.random.Rng;
import gradus.train.run.length.LongerModel;
import gradus.train.run.length.PositionScale;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Part `stretch`: rotary positions stretched to four times the trained length in every way, without training and
/// after a short one at the longer length, with full attention and with LongLoRA's groups.
///
/// @param length       whose models are used
/// @param continuation at four times their length
record StretchPart(LengthPart length, Continuation continuation) implements LabPart {
    /// By how much positions are stretched.
    static final int FACTOR = 4;

    private static final String PLAIN = "rope as it is";
    private static final String YARN = "yarn:4";
    private static final String PI = "pi:4";
    private static final String SHIFTED = "pi:4, shifted groups (S²) in training";
    private static final String CONTROL = "rope in pieces, trained on at 1×";
    private static final String AT_FOUR = LengthPart.COLUMNS[2];

    @Override
    public String name() {
        return "stretch";
    }

    @Override
    public String about() {
        return "rotary positions stretched, without training and with a little";
    }

    private TextRecipe recipe() {
        return new TextRecipe(length.plan(), length.text(), PositionKinds.ROPE);
    }

    @Override
    public String prediction() {
        return """
                The rotary models of part `length` read on with their angles changed for four times the length \
                (`gradus eval --position.scale`). YaRN, which leaves fast rotations alone and sharpens the \
                attention, should add at most %s nats a token at 4× without any training, less than plain \
                rotations and less than interpolation, which squeezes what lies near too. After %s steps at the \
                longer length every way should add at most %s, and LongLoRA's shifted groups, which see a quarter \
                in training, should end within %s of full attention.""".formatted(HARMLESS, continuation.training().steps(), HARMLESS, HARMLESS);
    }

    @Override
    public List<Recipe> recipes() {
        return List.of(recipe());
    }

    @Override
    public String run(LabSetting setting) {
        LengthPlan plan = length.plan();
        PositionText text = length.text();
        LengthLosses losses = new LengthLosses(
                text.split().validation(), text.starts(plan.longest(), length.windows()), plan.context());
        GptConfig config = recipe().config();
        SeedTable before = new SeedTable("positions", 3, LengthPart.COLUMNS);
        SeedTable after = new SeedTable("positions", 3, LengthPart.COLUMNS);
        List<Optional<PositionScale>> ways = new ArrayList<>(List.of(Optional.empty()));
        PositionKinds.stretches(FACTOR, plan.context()).forEach(scale -> ways.add(Optional.of(scale)));
        Continuation same = new Continuation(plan.context(), plan.batch(), continuation.training());
        for (long seed : setting.seeds()) {
            Gpt base = recipe().open(setting.material().folder(recipe(), seed));
            Rng rng = Rng.of(seed).at(name());
            double[] pieces = losses.pieces(base);
            for (Optional<PositionScale> way : ways) {
                String name = way.map(PositionKinds::shown).orElse(PLAIN);
                before.put(name, LengthPart.minus(whole(losses, base, config, way), pieces));
                Gpt longer = continuation.of(base, config, way, 0, text.split(), rng);
                after.put(name, LengthPart.minus(whole(losses, longer, config, way), pieces));
                setting.say().accept("stretch, seed " + seed + ": " + name);
            }
            Optional<PositionScale> pi = Optional.of(new PositionScale("pi", FACTOR));
            Gpt shifted = continuation.of(base, config, pi, plan.context(), text.split(), rng);
            after.put(SHIFTED, LengthPart.minus(whole(losses, shifted, config, pi), pieces));
            Gpt control = same.of(base, config, Optional.empty(), 0, text.split(), rng);
            after.put(CONTROL, LengthPart.minus(losses.pieces(control), pieces));
        }
        length.plot(setting, before, "stretch.png", "Rotary positions stretched to 4×, no training");
        length.plot(setting, after, "stretch-trained.png", "Rotary positions stretched to 4×, trained a little");
        return section(before, after, ways);
    }

    /// @param weights of a model whose context may be any
    private static double[] whole(LengthLosses losses, Gpt weights, GptConfig config, Optional<PositionScale> way) {
        return losses.whole(read -> LongerModel.of(weights, config, read, way));
    }

    private String section(SeedTable before, SeedTable after, List<Optional<PositionScale>> ways) {
        int steps = continuation.training().steps();
        Section section = new Section("Rotary positions stretched", prediction());
        section.add("What reading the whole window adds to the loss in pieces, without training, nats a token:\n\n"
                + before.markdown());
        section.add(("The same after %s steps of %s × %s tokens; against the base in pieces, so that what the steps"
                                + " themselves teach is in it: the last row has this alone:\n\n")
                        .formatted(steps, continuation.batch(), continuation.length())
                + after.markdown());
        section.claim(
                "YaRN extrapolates: at 4× it adds at most " + HARMLESS + " without training",
                before.of(YARN, AT_FOUR),
                LengthPart.harmless(before.of(YARN, AT_FOUR)));
        section.claim("Plain rotations add more than YaRN at 4×, by", before.difference(PLAIN, YARN, AT_FOUR), 0);
        section.claim(
                "Without training interpolation adds more than YaRN at 4×, by",
                before.difference(PI, YARN, AT_FOUR),
                0);
        for (Optional<PositionScale> way : ways) {
            String name = way.map(PositionKinds::shown).orElse(PLAIN);
            section.claim(
                    name + " after the training: at 4× it adds at most " + HARMLESS
                            + " to the loss in pieces of a model" + " that was trained on for as long",
                    after.difference(name, CONTROL, AT_FOUR),
                    LengthPart.harmless(after.difference(name, CONTROL, AT_FOUR)));
        }
        return section.claim(
                        "Shifted groups end within " + HARMLESS + " of full attention at 4×; they add",
                        after.difference(SHIFTED, PI, AT_FOUR),
                        LengthPart.harmless(after.difference(SHIFTED, PI, AT_FOUR)))
                .toString();
    }
}
