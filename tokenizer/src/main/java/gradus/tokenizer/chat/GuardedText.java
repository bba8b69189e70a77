package gradus.tokenizer.chat;

import gradus.error.Printable;
import gradus.error.TokenizerException;
import gradus.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Keeps special tokens of the template apart from the same characters in a message.
///
/// Within messages a mark, a character that no text has (U+FDD0), goes behind the first character of everything
/// that looks like a special token, or before one of a single character; the template is rendered with it, so
/// what is found unmarked in the result comes from the template. Then the marks are taken out again.
final class GuardedText {
    private static final char MARK = '\uFDD0';

    private final Tokenizer tokenizer;
    private final Set<String> specials;

    GuardedText(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        this.specials = tokenizer.specialTokens();
    }

    /// The messages with their special tokens' text marked.
    List<ChatMessage> guarded(List<ChatMessage> messages, SpecialsInContent choice) {
        if (choice == SpecialsInContent.SPECIAL) {
            return messages;
        }
        var guarded = new ArrayList<ChatMessage>();
        for (int i = 0; i < messages.size(); i++) {
            guarded.add(new ChatMessage(map(messages.get(i).fields(), i, choice)));
        }
        return guarded;
    }

    private Map<String, Object> map(Map<?, ?> fields, int message, SpecialsInContent choice) {
        var guarded = new LinkedHashMap<String, Object>();
        fields.forEach(
                (name, value) -> guarded.put(text((String) name, message, choice), value(value, message, choice)));
        return guarded;
    }

    private Object value(Object value, int message, SpecialsInContent choice) {
        return switch (value) {
            case String text -> text(text, message, choice);
            case List<?> list -> {
                var guarded = new ArrayList<>();
                list.forEach(item -> guarded.add(value(item, message, choice)));
                yield guarded;
            }
            case Map<?, ?> map -> map(map, message, choice);
            case null -> null;
            default -> value;
        };
    }

    private String text(String text, int message, SpecialsInContent choice) {
        if (text.indexOf(MARK) >= 0) {
            throw new TokenizerException("message " + (message + 1) + ": U+FDD0 is no character of any text");
        }
        String guarded = text;
        for (String special : specials) {
            if (guarded.contains(special)) {
                if (choice == SpecialsInContent.REFUSED) {
                    throw new TokenizerException("message %s holds the text of the special token '%s'"
                            .formatted(message + 1, Printable.value(special)));
                }
                guarded = guarded.replace(special, marked(special));
            }
        }
        return guarded;
    }

    private static String marked(String special) {
        return special.length() == 1 ? MARK + special : special.charAt(0) + "" + MARK + special.substring(1);
    }

    /// The text without marks.
    static String unmarked(String text) {
        return text.replace(String.valueOf(MARK), "");
    }

    /// The ids of a rendered text: special tokens where the template has them, text where a message has.
    int[] encode(String marked) {
        if (marked.indexOf(MARK) < 0) {
            return tokenizer.encode(marked, specials);
        }
        var ids = new ArrayList<Integer>();
        int done = 0;
        String before = null;
        for (int at = 0; at <= marked.length(); at++) {
            String special = at == marked.length() ? null : specialAt(marked, at);
            if (special != null || at == marked.length()) {
                between(before, unmarked(marked.substring(done, at)), special, ids);
                if (special != null) {
                    ids.add(tokenizer.tokenToId(special));
                    at += special.length() - 1;
                    done = at + 1;
                    before = special;
                }
            }
        }
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    private String specialAt(String text, int at) {
        String longest = null;
        for (String special : specials) {
            boolean longer = longest == null || special.length() > longest.length();
            boolean marked = special.length() == 1 && at > 0 && text.charAt(at - 1) == MARK;
            longest = longer && !marked && text.startsWith(special, at) ? special : longest;
        }
        return longest;
    }

    /// The ids of the text between two special tokens. They are given along where the text does not hold
    /// theirs, for some special tokens take white space beside them along, and some tokenizers begin a text
    /// with a space. A text that holds those of every special token stands alone: it keeps the white space at
    /// its ends, and such a tokenizer's space comes before it.
    private void between(String before, String text, String behind, List<Integer> to) {
        if (text.isEmpty()) {
            return;
        }
        String left = carrier(before, text);
        String right = carrier(behind, text);
        String whole = (left == null ? "" : left) + text + (right == null ? "" : right);
        var allowed = new java.util.HashSet<String>();
        if (left != null) {
            allowed.add(left);
        }
        if (right != null) {
            allowed.add(right);
        }
        int[] ids = tokenizer.encode(whole, allowed);
        for (int i = left == null ? 0 : 1; i < ids.length - (right == null ? 0 : 1); i++) {
            to.add(ids[i]);
        }
    }

    /// The special token beside a text; where the text holds the same one, some other that it does not hold.
    private String carrier(String beside, String text) {
        if (beside == null || !text.contains(beside)) {
            return beside;
        }
        return specials.stream()
                .filter(special -> !text.contains(special))
                .findFirst()
                .orElse(null);
    }
}
