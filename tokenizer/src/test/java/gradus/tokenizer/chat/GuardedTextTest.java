package gradus.tokenizer.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.TokenizerException;
import gradus.tokenizer.StreamingDecoder;
import gradus.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

/// Special tokens of the template are tokens, and the same characters in a message are text, for tokenizers of
/// every habit: one that begins a text with a space, one whose special tokens take the white space beside them
/// along.
class GuardedTextTest {
    private static final List<String> SPECIALS = List.of("<s>", "</s>", "<s>x", "@", "[end]");

    /// An id for each character, 1000 and its code, and 0, 1, ... for special tokens.
    private record Letters(boolean space, boolean strips) implements Tokenizer {
        @Override
        public int[] encode(String text, Set<String> allowed) {
            var ids = new ArrayList<Integer>();
            var letters = new StringBuilder();
            for (int at = 0; at < text.length(); ) {
                int from = at;
                String special = SPECIALS.stream()
                        .filter(each -> allowed.contains(each) && text.startsWith(each, from))
                        .max((a, b) -> Integer.compare(a.length(), b.length()))
                        .orElse(null);
                if (special == null) {
                    letters.append(text.charAt(at++));
                } else {
                    add(ids, strips ? letters.toString().stripTrailing() : letters.toString());
                    letters.setLength(0);
                    ids.add(SPECIALS.indexOf(special));
                    at += special.length();
                    while (strips && at < text.length() && text.charAt(at) == ' ') {
                        at++;
                    }
                }
            }
            add(ids, letters.toString());
            return ids.stream().mapToInt(Integer::intValue).toArray();
        }

        private void add(List<Integer> ids, String letters) {
            if (space && ids.isEmpty() && !letters.isEmpty()) {
                ids.add(1000 + ' ');
            }
            letters.chars().forEach(c -> ids.add(1000 + c));
        }

        @Override
        public String name() {
            return "letters";
        }

        @Override
        public int vocabularySize() {
            return 2000;
        }

        @Override
        public StreamingDecoder decoder() {
            throw new UnsupportedOperationException();
        }

        @Override
        public String idToToken(int id) {
            return SPECIALS.get(id);
        }

        @Override
        public int tokenToId(String token) {
            return SPECIALS.indexOf(token);
        }

        @Override
        public Set<String> specialTokens() {
            return new LinkedHashSet<>(SPECIALS);
        }
    }

    /// A piece of the rendered text: the template's special token, or a message's text.
    record Piece(boolean special, String text) {}

    @Provide
    Arbitrary<List<Piece>> pieces() {
        Arbitrary<Piece> specials = Arbitraries.of(SPECIALS).map(text -> new Piece(true, text));
        Arbitrary<Piece> everySpecial =
                Arbitraries.of("</s><s>x@[end]", " [end] @ <s>x </s> ").map(text -> new Piece(false, text));
        Arbitrary<Piece> texts = Arbitraries.of(
                        "a", "x", " ", "<", "s>", "<s>", "</s>", "<s>x", "@", "[end]", "e", "<s", ">", "@@")
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(parts -> new Piece(false, String.join("", parts)));
        return Arbitraries.frequencyOf(Tuple.of(5, specials), Tuple.of(5, texts), Tuple.of(1, everySpecial))
                .list()
                .ofMinSize(1)
                .ofMaxSize(7)
                .map(GuardedTextTest::apart);
    }

    /// Two texts side by side would be one, and a text that goes on where a special token ends might make a
    /// longer one: both are set apart.
    private static List<Piece> apart(List<Piece> pieces) {
        var apart = new ArrayList<Piece>();
        for (Piece piece : pieces) {
            boolean follows = !apart.isEmpty() && !apart.getLast().special() && !piece.special();
            if (follows) {
                apart.add(new Piece(true, "[end]"));
            }
            boolean longer = !apart.isEmpty()
                    && apart.getLast().special()
                    && piece.text().startsWith("x");
            apart.add(longer ? new Piece(false, "a" + piece.text()) : piece);
        }
        return apart;
    }

    /// By hand: a special token is its id; the text between is its letters, less the white space that goes with
    /// the token beside it, and with a space before it where it begins the whole. A text that holds every special
    /// token stands alone: none is left to say that one stood beside it.
    private static List<Integer> expected(List<Piece> pieces, Letters letters) {
        var ids = new ArrayList<Integer>();
        for (int i = 0; i < pieces.size(); i++) {
            String text = pieces.get(i).text();
            if (pieces.get(i).special()) {
                ids.add(SPECIALS.indexOf(text));
                continue;
            }
            boolean alone = SPECIALS.stream().allMatch(text::contains);
            boolean first = i == 0 || alone;
            boolean last = i == pieces.size() - 1 || alone;
            text = letters.strips() && !first ? text.stripLeading() : text;
            text = letters.strips() && !last ? text.stripTrailing() : text;
            if (letters.space() && first && !text.isEmpty()) {
                ids.add(1000 + ' ');
            }
            text.chars().forEach(c -> ids.add(1000 + c));
        }
        return ids;
    }

    @Property(tries = 1000)
    void whatTheTemplateSaysIsATokenAndWhatAMessageSaysIsText(
            @ForAll("pieces") List<Piece> pieces, @ForAll boolean space, @ForAll boolean strips) {
        var letters = new Letters(space, strips);
        var guard = new GuardedText(letters);
        var marked = new StringBuilder();
        for (Piece piece : pieces) {
            marked.append(piece.special() ? piece.text() : guarded(guard, piece.text()));
        }
        assertThat(Arrays.stream(guard.encode(marked.toString())).boxed().toList())
                .isEqualTo(expected(pieces, letters));
        assertThat(GuardedText.unmarked(marked.toString()))
                .isEqualTo(String.join("", pieces.stream().map(Piece::text).toList()));
    }

    private static String guarded(GuardedText guard, String text) {
        return (String) guard.guarded(List.of(ChatMessage.user(text)), SpecialsInContent.LITERAL)
                .getFirst()
                .content();
    }

    @Test
    void everyTextWithinAMessageIsGuarded() {
        var guard = new GuardedText(new Letters(false, false));
        var message = new ChatMessage(
                Map.of("role", "user", "content", List.of(Map.of("<s>", "a</s>b"), 5, true, List.of("@")), "n", 1.5));
        ChatMessage guarded =
                guard.guarded(List.of(message), SpecialsInContent.LITERAL).getFirst();
        assertThat(guarded.content())
                .isEqualTo(List.of(Map.of("<\uFDD0s>", "a<\uFDD0/s>b"), 5, true, List.of("\uFDD0@")));
        assertThat(guarded.fields()).containsEntry("n", 1.5).containsEntry("role", "user");
        assertThat(guard.guarded(List.of(message), SpecialsInContent.SPECIAL)).containsExactly(message);
        assertThat(guard.guarded(List.of(ChatMessage.user(null)), SpecialsInContent.REFUSED))
                .containsExactly(ChatMessage.user(null));
    }

    @Test
    void whatIsRefusedIsNamedWithItsMessage() {
        var guard = new GuardedText(new Letters(false, false));
        List<ChatMessage> two = List.of(ChatMessage.user("fine"), ChatMessage.assistant("not @ fine"));
        assertThatThrownBy(() -> guard.guarded(two, SpecialsInContent.REFUSED))
                .isInstanceOf(TokenizerException.class)
                .hasMessage("message 2 holds the text of the special token '@'");
        assertThat(guard.guarded(two.subList(0, 1), SpecialsInContent.REFUSED)).isEqualTo(two.subList(0, 1));
        for (SpecialsInContent choice : List.of(SpecialsInContent.REFUSED, SpecialsInContent.LITERAL)) {
            assertThatThrownBy(() -> guard.guarded(List.of(ChatMessage.user("\uFDD0")), choice))
                    .hasMessage("message 1: U+FDD0 is no character of any text");
        }
    }
}
