package gradus.train.finetune;

import gradus.layers.model.LanguageModel;
import gradus.tensor.random.Rng;
import gradus.tokenizer.chat.ChatTemplate;
import gradus.tokenizer.chat.ChatTokens;
import gradus.train.TrainConfig;
import gradus.train.instruct.ChatFormat;
import gradus.train.instruct.InstructionSet;
import gradus.train.instruct.InstructionSet.Rules;
import gradus.train.pretrained.HuggingFaceFolder;
import gradus.train.run.text.ModelText;
import gradus.train.task.InstructionTuning;
import gradus.train.task.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// Conversations, of which the assistant's turns are learned.
///
/// @param files    JSON or JSONL
/// @param format   how they are written, or null for the base's own chat template
/// @param settings what is done with them
/// @param say      hears what was read
public record InstructionData(List<Path> files, ChatFormat format, Settings settings, Consumer<String> say)
        implements TuningData {

    /// @param places   places of a row; null for the model's context
    /// @param packed   whether conversations share rows
    /// @param overlong what is done with a conversation longer than a row
    /// @param faulty   what is done with a row that is no conversation
    /// @param heldOut  the share of conversations that is only measured
    /// @param turns    which of the assistant's turns are learned
    public record Settings(
            Integer places,
            boolean packed,
            InstructionSet.Overlong overlong,
            InstructionSet.Faulty faulty,
            double heldOut,
            ChatTokens.Turns turns) {

        /// Whole contexts, shared by conversations.
        public static Settings defaults() {
            return new Settings(
                    null, true, InstructionSet.Overlong.DROP, InstructionSet.Faulty.REFUSE, 0.05, ChatTokens.Turns.ALL);
        }

        public Settings withPacked(boolean value) {
            return new Settings(places, value, overlong, faulty, heldOut, turns);
        }

        public Settings withPlaces(Integer value) {
            return new Settings(value, packed, overlong, faulty, heldOut, turns);
        }
    }

    @Override
    public OpenBase base(OpenBase base) {
        return ChatBase.of(base, format);
    }

    @Override
    public Task task(Tuned tuned, OpenBase base, TrainConfig train, Path folder) {
        LanguageModel model = tuned.model();
        ModelText text = base.saved().text();
        int places = settings.places == null ? model.context() : settings.places;
        ChatTokens.Encoder encoder = ChatTokens.of(
                        ChatTemplate.of(text.tokenizer().roles()), text.tokenizer())
                .withTurns(settings.turns);
        InstructionSet set = InstructionSet.read(
                files, encoder, new Rules(places, settings.overlong, settings.faulty, settings.heldOut));
        say.accept(set.summary());
        boolean packed = settings.packed && model.packable();
        if (settings.packed && !packed) {
            say.accept("each conversation has a row of its own: with this method they cannot share one");
        }
        InstructionTuning task = new InstructionTuning(
                model,
                set.train(),
                set.heldOut(),
                new InstructionTuning.Settings(train.batches(), places, packed),
                Rng.of(train.loop().seed()).at("batches"));
        InstructionTuning.Load load = task.load();
        say.accept(String.format(
                Locale.ROOT,
                "%,d rows of %d places an epoch, %.1f %% of them filled",
                load.rows(),
                places,
                100 * load.filled()));
        return task;
    }

    /// Writes the tokenizer with the chat template, which an adapter's files do not hold.
    @Override
    public void save(Path out, OpenBase base) {
        HuggingFaceFolder.saveTokenizer(
                out,
                base.saved().text().tokenizer(),
                base.saved().generation(),
                base.model().context());
    }
}
