package gradus.train.cloze;

import static gradus.error.ConfigException.require;

import gradus.tokenizer.Tokenizer;
import gradus.train.corpus.ControlTokens;
import gradus.train.task.EncoderTokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;

/// Makes a cloze of texts: a sentence with a gap, which a masked-language model fills. `{text}: a kind of
/// [MASK].` asks for the kind of what the text describes; `{text} [MASK], {text2}` asks how two texts go
/// together. Schick & Schütze 2021, "Exploiting cloze questions for few shot text classification and natural
/// language inference", arXiv:2001.07676.
///
/// A cloze that is too long loses tokens of its texts, always the last one of the text that is the longest
/// then. The pattern's own words and the gap stay whatever the length.
public final class Pattern {
    private static final java.util.regex.Pattern SLOT = java.util.regex.Pattern.compile("\\{text(\\d*)}|\\[MASK]");

    private final String text;
    private final Tokenizer tokenizer;
    private final EncoderTokens tokens;
    private final List<Part> parts;
    private final int inputs;
    private final int own; // how many tokens are the pattern's, with [CLS] and [SEP]

    /// A stretch of a pattern.
    ///
    /// @param ids   its own tokens, or null where a text stands
    /// @param input the text's number, from 0
    private record Part(int[] ids, int input) {}

    /// A filled pattern.
    ///
    /// @param ids  from `[CLS]` to `[SEP]`
    /// @param mask the place of `[MASK]` among them
    public record Cloze(int[] ids, int mask) {}

    private Pattern(String text, Tokenizer tokenizer, List<Part> parts, int inputs) {
        this.text = text;
        this.tokenizer = tokenizer;
        this.tokens = ControlTokens.of(tokenizer);
        this.parts = parts;
        this.inputs = inputs;
        this.own = 2
                + parts.stream()
                        .filter(part -> part.ids != null)
                        .mapToInt(part -> part.ids.length)
                        .sum();
    }

    /// @param text `[MASK]` once, and `{text}`, `{text2}`, … where the texts stand, each once
    /// @throws gradus.error.ConfigException if it is no such pattern
    /// @throws gradus.error.DataException   if the tokenizer lacks a token that an encoder needs
    public static Pattern of(String text, Tokenizer tokenizer) {
        EncoderTokens tokens = ControlTokens.of(tokenizer);
        List<Part> parts = new ArrayList<>();
        List<Integer> seen = new ArrayList<>();
        int masks = 0;
        int from = 0;
        Matcher slots = SLOT.matcher(text);
        while (slots.find()) {
            words(text.substring(from, slots.start()), tokenizer, parts);
            from = slots.end();
            if (slots.group().equals("[MASK]")) {
                masks++;
                parts.add(new Part(new int[] {tokens.mask()}, -1));
            } else {
                String number = slots.group(1);
                require(number.length() < 4, "pattern: {text%s} has too large a number; got \"%s\"", number, text);
                int input = number.isEmpty() ? 0 : Integer.parseInt(number) - 1;
                seen.add(input);
                parts.add(new Part(null, input));
            }
        }
        words(text.substring(from), tokenizer, parts);
        require(masks == 1, "pattern: [MASK] must stand there once; it stands %d times in \"%s\"", masks, text);
        List<Integer> wanted = new ArrayList<>();
        for (int i = 0; i < seen.size(); i++) {
            wanted.add(i);
        }
        require(
                !seen.isEmpty() && seen.stream().sorted().toList().equals(wanted),
                "pattern: the texts must be {text}, {text2}, …, each once and none left out; got \"%s\"",
                text);
        return new Pattern(text, tokenizer, List.copyOf(parts), seen.size());
    }

    private static void words(String words, Tokenizer tokenizer, List<Part> parts) {
        if (!words.isEmpty()) {
            parts.add(new Part(tokenizer.encode(words), -1));
        }
    }

    /// How many texts it takes.
    public int inputs() {
        return inputs;
    }

    /// Puts texts into the pattern.
    ///
    /// @param length the most tokens, those of the pattern and `[CLS]` and `[SEP]` included
    /// @throws gradus.error.ConfigException if it takes another number of texts, or is itself longer than that
    public Cloze fill(List<String> texts, int length) {
        require(texts.size() == inputs, "pattern \"%s\" takes %d texts; got %d", text, inputs, texts.size());
        require(own <= length, "pattern \"%s\" has %d tokens by itself; the most are %d", text, own, length);
        List<int[]> filled = texts.stream().map(tokenizer::encode).toList();
        int[] kept = shortened(filled.stream().mapToInt(ids -> ids.length).toArray(), length - own);
        int[] ids = new int[own + Arrays.stream(kept).sum()];
        int at = 0;
        int mask = -1;
        ids[at++] = tokens.cls();
        for (Part part : parts) {
            int[] from = part.ids == null ? filled.get(part.input) : part.ids;
            int count = part.ids == null ? kept[part.input] : from.length;
            if (part.ids != null && count == 1 && from[0] == tokens.mask()) {
                mask = at;
            }
            System.arraycopy(from, 0, ids, at, count);
            at += count;
        }
        ids[at] = tokens.sep();
        return new Cloze(ids, mask);
    }

    /// How many tokens of each text stay, if all together may have so many: the longest is cut first, and of
    /// equally long ones the last.
    static int[] shortened(int[] lengths, int room) {
        int[] kept = lengths.clone();
        for (int over = Arrays.stream(lengths).sum() - room; over > 0; over--) {
            int longest = 0;
            for (int i = 1; i < kept.length; i++) {
                longest = kept[i] >= kept[longest] ? i : longest;
            }
            kept[longest]--;
        }
        return kept;
    }

    @Override
    public String toString() {
        return text;
    }
}
