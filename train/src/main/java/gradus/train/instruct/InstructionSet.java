package gradus.train.instruct;

import static gradus.error.ConfigException.require;

import gradus.error.DataException;
import gradus.error.TokenizerException;
import gradus.tensor.random.Rng;
import gradus.tokenizer.chat.ChatTokens;
import gradus.train.task.Examples;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Conversations as ids, divided into those that are learned and those that are held out to measure by. A
/// conversation is in one part as a whole.
///
/// @param train   what is learned
/// @param heldOut what is measured
/// @param layout  of the files
/// @param read    how many rows the files have
/// @param dropped how many of them are no conversations, where these are passed over
/// @param overlong how many conversations are too long
public record InstructionSet(
        Examples train, Examples heldOut, InstructionLayout layout, int read, int dropped, int overlong) {

    /// What is done with a conversation that is longer than a row.
    public enum Overlong {
        /// It is left out.
        DROP,

        /// Its end is cut off; a conversation of which then nothing is learned is left out.
        CUT
    }

    /// What is done with a row that is no conversation, as with turns that do not alternate.
    public enum Faulty {
        /// It ends the reading with an error that names file and line.
        REFUSE,

        /// It is left out and counted.
        DROP
    }

    /// How conversations are read.
    ///
    /// @param places   places of a row: the longest conversation has one token more
    /// @param heldOut  the share that is held out, in [0, 1); at least one conversation unless it is 0
    public record Rules(int places, Overlong overlong, Faulty faulty, double heldOut) {
        /// @throws gradus.error.ConfigException if a number is out of range
        public Rules {
            require(places >= 1, "a row must have at least 1 place; got %d", places);
            require(heldOut >= 0 && heldOut < 1, "the part to hold out must be in [0, 1); got %s", heldOut);
        }

        /// Overlong ones are dropped, faulty ones refused, a twentieth is held out.
        public static Rules of(int places) {
            return new Rules(places, Overlong.DROP, Faulty.REFUSE, 0.05);
        }
    }

    /// Reads files of one layout.
    ///
    /// @throws DataException naming file and line of a row that cannot be learned, or if too few are left
    public static InstructionSet read(List<Path> files, ChatTokens.Encoder encoder, Rules rules) {
        Reading reading = new Reading(encoder, rules);
        InstructionLayout layout = null;
        for (Path path : files) {
            InstructionFile file = new InstructionFile(path, reading::faulty);
            reading.read += file.read(reading::add);
            if (layout != null && file.layout() != null && file.layout() != layout) {
                throw new DataException(path
                        + ": is of the layout %s, and the files before are of %s".formatted(file.layout(), layout));
            }
            layout = layout == null ? file.layout() : layout;
        }
        return reading.divided(files.getFirst(), layout);
    }

    private static final class Reading {
        private final ChatTokens.Encoder encoder;
        private final Rules rules;
        private final Examples all = new Examples();
        private int read;
        private int dropped;
        private int overlong;

        Reading(ChatTokens.Encoder encoder, Rules rules) {
            this.encoder = encoder;
            this.rules = rules;
        }

        void faulty(DataException fault) {
            if (rules.faulty() == Faulty.REFUSE) {
                throw fault;
            }
            dropped++;
        }

        void add(Conversation conversation) {
            ChatTokens tokens;
            try {
                tokens = encoder.encode(conversation.messages(), conversation.tools());
            } catch (TokenizerException fault) {
                faulty(new DataException(conversation.place() + ": " + fault.getMessage(), fault));
                return;
            }
            int length = tokens.ids().length;
            if (!Examples.teaches(tokens.learned(), length)) { // BAD-INPUT 99
                faulty(new DataException(conversation.place()
                        + ": nothing in it is learned: the chat template marks no token as the" + " assistant's"));
                return;
            }
            int most = rules.places() + 1;
            if (length > most) {
                overlong++;
                if (rules.overlong() == Overlong.DROP || !Examples.teaches(tokens.learned(), most)) {
                    return;
                }
                length = most;
            }
            all.add(Arrays.copyOf(tokens.ids(), length), Arrays.copyOf(tokens.learned(), length));
        }

        /// Which ones are held out depends on how many there are and on nothing else, so that losses of
        /// different trainings compare.
        InstructionSet divided(Path file, InstructionLayout layout) {
            int count = all.count();
            int out = rules.heldOut() == 0 ? 0 : Math.max(1, (int) (count * rules.heldOut()));
            if (count - out < 1) {
                throw new DataException(
                        "%s: %s of %s rows can be learned, and %s are needed: one to learn and one to hold out%s"
                                .formatted(
                                        file,
                                        count,
                                        read,
                                        out == 0 ? 1 : 2,
                                        overlong > 0
                                                ? "; %s are longer than %s tokens"
                                                        .formatted(overlong, rules.places() + 1)
                                                : ""));
            }
            boolean[] held = new boolean[count];
            Rng draws = Rng.of(0).at("held out");
            for (int i = count - out; i < count; i++) { // Floyd's sample of distinct numbers
                int drawn = draws.index(i, i + 1);
                held[held[drawn] ? i : drawn] = true;
            }
            Examples train = new Examples();
            Examples heldOut = new Examples();
            for (int i = 0; i < count; i++) {
                boolean[] learned = new boolean[all.length(i)];
                for (int place = 0; place < learned.length; place++) {
                    learned[place] = all.learned(i, place);
                }
                (held[i] ? heldOut : train).add(all.ids(i), learned);
            }
            return new InstructionSet(train, heldOut, layout, read, dropped, overlong);
        }
    }

    /// One line that says what was read and what was left out.
    public String summary() {
        StringBuilder said = new StringBuilder(String.format(
                Locale.ROOT,
                "%,d conversations (%s), %,d of them held out; %,d tokens, %,d of them learned",
                train.count() + heldOut.count(),
                layout,
                heldOut.count(),
                train.tokens() + heldOut.tokens(),
                train.learnedTokens() + heldOut.learnedTokens()));
        if (overlong > 0) {
            said.append(String.format(Locale.ROOT, "; %,d longer than a row", overlong));
        }
        if (dropped > 0) {
            said.append(String.format(Locale.ROOT, "; %,d rows left out that are no conversations", dropped));
        }
        return said.toString();
    }
}
