package gradus.tokenizer.normalize;

import gradus.tokenizer.text.CharClass;
import java.text.Normalizer.Form;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// The normalisers of SentencePiece-style vocabularies, each of which does one thing to a text. Names and rules
/// are those of huggingface/tokenizers, `normalizers/`.
public sealed interface NormalizerStep extends Normalizer
        permits Precompiled,
                SentencePieceNormalizer,
                NormalizerStep.Sequence,
                NormalizerStep.Prepend,
                NormalizerStep.Replace,
                NormalizerStep.SpaceRuns,
                NormalizerStep.Strip,
                NormalizerStep.StripAccents,
                NormalizerStep.Lowercase,
                NormalizerStep.Nmt,
                NormalizerStep.UnicodeForm {

    /// Whether cutting a text before a space between two ASCII letters and normalising both parts gives the
    /// parts of the whole.
    static boolean keepsCuts(Normalizer normalizer) {
        return switch (normalizer) {
            case Sequence sequence -> sequence.steps().stream().allMatch(NormalizerStep::keepsCuts);
            case Prepend prepend -> false;
            case SentencePieceNormalizer whole -> false;
            case Replace replace -> !replace.pattern().contains(" ");
            case NormalizerStep step -> true;
            case NoNormalizer none -> true;
            case NfcNormalizer nfc -> true;
            case BertNormalizer bert -> true;
            default -> false; // one of the user's own may look at all of the text
        };
    }

    /// One after the other.
    record Sequence(List<Normalizer> steps) implements NormalizerStep {
        public Sequence {
            steps = List.copyOf(steps);
        }

        @Override
        public String normalize(String text) {
            String result = text;
            for (Normalizer step : steps) {
                result = step.normalize(result);
            }
            return result;
        }
    }

    /// Puts something before a text that is not empty: Llama 2's `▁`.
    record Prepend(String prefix) implements NormalizerStep {
        @Override
        public String normalize(String text) {
            return text.isEmpty() ? text : prefix + text;
        }
    }

    /// Puts one fixed text in the place of another.
    record Replace(String pattern, String content) implements NormalizerStep {
        @Override
        public String normalize(String text) {
            return text.replace(pattern, content);
        }
    }

    /// Puts something in the place of two or more spaces: the pattern ` {2,}` of converted SentencePiece
    /// vocabularies.
    record SpaceRuns(String content) implements NormalizerStep {
        public static final String PATTERN = " {2,}";
        private static final Pattern RUNS = Pattern.compile(PATTERN);

        @Override
        public String normalize(String text) {
            return RUNS.matcher(text).replaceAll(java.util.regex.Matcher.quoteReplacement(content));
        }
    }

    /// Takes white space from the ends.
    record Strip(boolean left, boolean right) implements NormalizerStep {
        @Override
        public String normalize(String text) {
            int from = 0;
            int to = text.length();
            while (left && from < to && CharClass.isWhiteSpace(text.charAt(from))) {
                from++;
            }
            while (right && to > from && CharClass.isWhiteSpace(text.charAt(to - 1))) {
                to--;
            }
            return text.substring(from, to);
        }
    }

    /// Takes combining marks away; usually after NFD or NFKD, which part them from their letters.
    record StripAccents() implements NormalizerStep {
        @Override
        public String normalize(String text) {
            return mapped(text, c -> OlderUnicode.isMark(c) ? "" : null);
        }
    }

    /// Lower case, character by character.
    record Lowercase() implements NormalizerStep {
        @Override
        public String normalize(String text) {
            return mapped(text, c -> {
                String lower = Character.toString(c).toLowerCase(Locale.ROOT);
                return lower.codePointAt(0) == c && lower.length() == Character.charCount(c) ? null : lower;
            });
        }
    }

    /// What Google's translators do first: control characters go, and all kinds of blanks become spaces.
    record Nmt() implements NormalizerStep {
        @Override
        public String normalize(String text) {
            return mapped(text, c -> {
                if (c >= 0x01 && c <= 0x08
                        || c == 0x0B
                        || c >= 0x0E && c <= 0x1F
                        || c == 0x7F
                        || c == 0x8F
                        || c == 0x9F) {
                    return "";
                }
                return switch (c) {
                    case '\t',
                            '\n',
                            '\f',
                            '\r',
                            0x1680,
                            0x200B,
                            0x200C,
                            0x200D,
                            0x200E,
                            0x200F,
                            0x2028,
                            0x2029,
                            0x2581,
                            0xFEFF,
                            0xFFFD -> " ";
                    default -> null;
                };
            });
        }
    }

    /// NFD, NFKC or NFKD (UAX 15); see `OlderUnicode`.
    record UnicodeForm(Form form) implements NormalizerStep {
        @Override
        public String normalize(String text) {
            var out = new StringBuilder();
            int start = 0;
            for (int i = 0; i < text.length(); ) {
                int c = text.codePointAt(i);
                int end = i + Character.charCount(c);
                if (staysAsItIs(c)) {
                    out.append(java.text.Normalizer.normalize(text.substring(start, i), form));
                    out.append(text, i, end);
                    start = end;
                }
                i = end;
            }
            return out.append(java.text.Normalizer.normalize(text.substring(start), form))
                    .toString();
        }

        private boolean staysAsItIs(int c) {
            return OlderUnicode.isLaterCombining(c)
                    || form != Form.NFC && form != Form.NFKC && OlderUnicode.isLaterComposed(c)
                    || form != Form.NFC && form != Form.NFD && OlderUnicode.isLaterCompatible(c);
        }
    }

    /// Says what becomes of a character; null leaves it.
    @FunctionalInterface
    interface Mapping {
        String of(int codePoint);
    }

    /// The text with each character mapped; the text itself where nothing changes.
    private static String mapped(String text, Mapping mapping) {
        StringBuilder changed = null;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            int end = i + Character.charCount(c);
            String to = mapping.of(c);
            if (to != null && changed == null) {
                changed = new StringBuilder(text.length()).append(text, 0, i);
            }
            if (changed != null) {
                if (to == null) {
                    changed.appendCodePoint(c);
                } else {
                    changed.append(to);
                }
            }
            i = end;
        }
        return changed == null ? text : changed.toString();
    }
}
