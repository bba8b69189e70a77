package gradus.tokenizer.pretokenize;

import gradus.tokenizer.text.CharClass;
import java.util.ArrayList;
import java.util.List;

/// How a SentencePiece-style tokenizer cuts normalised text before the model sees it: not at all (Llama 2,
/// Gemma), or at white space (T5). Names and rules are those of huggingface/tokenizers, `pre_tokenizers/`.
public sealed interface PreSplit {

    /// Cuts each part further; empty parts go.
    ///
    /// @param first whether the first part is the beginning of the text
    List<String> split(List<String> parts, boolean first);

    /// Leaves the text whole.
    record None() implements PreSplit {
        @Override
        public List<String> split(List<String> parts, boolean first) {
            return parts;
        }
    }

    /// One after the other.
    record Sequence(List<PreSplit> steps) implements PreSplit {
        @Override
        public List<String> split(List<String> parts, boolean first) {
            boolean isFirst = first;
            for (PreSplit step : steps) {
                String before = parts.isEmpty() ? "" : parts.getFirst();
                parts = step.split(parts, isFirst);
                // White space that is cut off moves the beginning of what is left.
                isFirst &= !parts.isEmpty() && before.startsWith(parts.getFirst());
            }
            return parts;
        }
    }

    /// Words between white space, which goes.
    record Whitespace() implements PreSplit {
        @Override
        public List<String> split(List<String> parts, boolean first) {
            var words = new ArrayList<String>();
            for (String part : parts) {
                int start = 0;
                for (int i = 0; i <= part.length(); i++) {
                    if (i == part.length() || CharClass.isWhiteSpace(part.charAt(i))) {
                        if (i > start) {
                            words.add(part.substring(start, i));
                        }
                        start = i + 1;
                    }
                }
            }
            return words;
        }
    }

    /// When [Metaspace] puts its sign before a part that does not begin with it.
    enum Prepend {
        ALWAYS,
        FIRST,
        NEVER
    }

    /// Writes `▁` for each space and before the text, and cuts before each `▁`.
    record Metaspace(char replacement, Prepend prepend, boolean cuts) implements PreSplit {
        @Override
        public List<String> split(List<String> parts, boolean first) {
            var words = new ArrayList<String>();
            boolean isFirst = first;
            for (String part : parts) {
                String text = part.replace(' ', replacement);
                if ((prepend == Prepend.ALWAYS || prepend == Prepend.FIRST && isFirst)
                        && text.charAt(0) != replacement) {
                    text = replacement + text;
                }
                isFirst = false;
                if (cuts) {
                    new AtText(String.valueOf(replacement), Behavior.MERGED_WITH_NEXT, false).cut(text, words);
                } else {
                    words.add(text);
                }
            }
            return words;
        }
    }

    /// What becomes of the places where a text is cut.
    enum Behavior {
        REMOVED,
        ISOLATED,
        MERGED_WITH_PREVIOUS,
        MERGED_WITH_NEXT,
        CONTIGUOUS
    }

    /// Cuts at each occurrence of a fixed text.
    ///
    /// @param invert whether what lies between is taken for the occurrences instead
    record AtText(String pattern, Behavior behavior, boolean invert) implements PreSplit {
        @Override
        public List<String> split(List<String> parts, boolean first) {
            var pieces = new ArrayList<String>();
            for (String part : parts) {
                cut(part, pieces);
            }
            return pieces;
        }

        void cut(String text, List<String> out) {
            int start = 0; // of the piece that is open
            boolean openIsMatch = false; // whether that is an occurrence
            for (int i = 0; i < text.length(); ) {
                int next = text.indexOf(pattern, i);
                boolean isMatch = next == i;
                int end = isMatch ? i + pattern.length() : next < 0 ? text.length() : next;
                boolean matches = isMatch != invert;
                if (i > start && cutsBefore(matches, openIsMatch)) {
                    add(text, start, i, openIsMatch, out);
                    start = i;
                }
                openIsMatch = matches;
                i = end;
            }
            add(text, start, text.length(), openIsMatch, out);
        }

        private boolean cutsBefore(boolean matches, boolean openIsMatch) {
            return switch (behavior) {
                case REMOVED, ISOLATED -> true;
                case CONTIGUOUS -> matches != openIsMatch;
                case MERGED_WITH_PREVIOUS -> !matches || openIsMatch;
                case MERGED_WITH_NEXT -> matches || !openIsMatch;
            };
        }

        private void add(String text, int from, int to, boolean isMatch, List<String> out) {
            if (to > from && !(isMatch && behavior == Behavior.REMOVED)) {
                out.add(text.substring(from, to));
            }
        }
    }
}
